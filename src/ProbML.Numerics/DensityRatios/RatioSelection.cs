using System.Diagnostics;

namespace ProbML.DensityRatios;

/// <summary>Chooses shape, penalty and number of components by the log loss of held-out rows.</summary>
internal sealed class RatioSelection(RatioTraining training, DensityRatioOptions options, TrainingMonitor monitor)
{
    private const double MostWork = 4e6;                  // rows × terms, for components to be tried
    private const int ManyRows = 20_000, RowsPerTerm = 50, MostComponents = 3;

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Dictionary<(RatioChoice, int), double> known = [];

    public RatioChoice Choose()
    {
        long rows = training.Samples.Rows;
        int folds = rows > ManyRows ? Math.Min(1, training.Dealer.Folds) : training.Dealer.Folds;
        RatioChoice[] candidates = [.. Shapes().SelectMany(shape =>
            Penalties(shape).Select(l2 => new RatioChoice(shape, l2, options.Components ?? 1, double.NaN)))];
        var best = candidates[0];
        if (folds == 0)                                   // nothing can be held out: the simplest
            return best with { Shape = options.Shape ?? RatioShape.Linear };
        if (candidates.Length == 1 && options.Components is not null)
            return best;
        best = Best(candidates, folds);
        if (options.Components is not null)
            return best;
        var shape = options.Shape ?? candidates[^1].Shape;
        if (rows * (double)RatioTerms.CountOf(shape, training.FeatureCount) > MostWork)
            return best;
        for (int count = 2; count <= MostComponents; count++)
        {
            var more = Penalties(shape).Take(2).Select(l2 => new RatioChoice(shape, l2, count, double.NaN)).ToArray();
            // One fold is asked first: where it sees no gain the others are spared.
            double first = Loss(best, Math.Min(1, folds));
            more = [.. more.Where(choice => Loss(choice, Math.Min(1, folds)) < first)];
            if (more.Length == 0 || Best(more, folds) is var better && better.HeldOutLoss >= best.HeldOutLoss)
                break;
            best = better;
        }
        return best;
    }

    private IEnumerable<RatioShape> Shapes() => options.Shape is { } given
        ? [given]
        : Enum.GetValues<RatioShape>().Where(shape => shape == RatioShape.Linear
            || RatioTerms.CountOf(shape, training.FeatureCount) <= options.MaximumTerms);

    private double[] Penalties(RatioShape shape) => options.L2 is { } given ? [given]
        : training.Samples.Rows > RowsPerTerm * RatioTerms.CountOf(shape, training.FeatureCount) ? [1, 10] : [1, 10, 100];

    private RatioChoice Best(IReadOnlyList<RatioChoice> candidates, int folds) => candidates
        .Select(choice => choice with { HeldOutLoss = Loss(choice, folds) })
        .MinBy(choice => choice.HeldOutLoss)!;

    private double Loss(RatioChoice choice, int folds)
    {
        var key = (choice with { HeldOutLoss = 0 }, folds);
        if (!known.TryGetValue(key, out double loss))
        {
            known[key] = loss = training.HeldOutLoss(choice, folds);
            monitor.Report(new("Held-out loss", known.Count, loss, known.Count * training.Samples.Rows, watch.Elapsed));
        }
        return loss;
    }
}
