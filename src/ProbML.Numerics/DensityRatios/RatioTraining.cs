namespace ProbML.DensityRatios;

/// <summary>What a classifier of two samples is made of, and how well it told held-out rows apart.</summary>
internal sealed record RatioChoice(RatioShape Shape, double L2, int Components, double HeldOutLoss);

/// <summary>Fits classifiers of a numerator's and a denominator's rows, all or all but one fold.</summary>
internal sealed class RatioTraining(
    Design rows, SampleSum samples, RowDealer dealer, int? threads, TrainingMonitor monitor)
{
    private const int MostIterations = 300;
    private const double Spread = 0.5;                    // of the components' starts, in standard deviations
    private const long LargestTerms = 1 << 24;            // numbers kept in memory: 128 MB

    private readonly FeatureRanges ranges = samples.Ranges;
    private readonly Dictionary<RatioShape, KnownTerms> known = [];
    private readonly TrainingMonitor quiet = monitor with { Progress = null, Warning = null, Information = null };

    public SampleSum Samples => samples;

    public RowDealer Dealer => dealer;

    public int FeatureCount => rows.FeatureCount;

    /// <summary>Fits to all rows but those of a fold; −1: to all.</summary>
    public RatioFunction Fit(RatioChoice choice, int leftOut, bool isFinal = true)
    {
        var terms = new RatioTerms(choice.Shape, rows.FeatureCount);
        var design = DesignOf(terms, leftOut);
        double prior = Math.Log(samples.WeightOf(1, dealer.Folds, leftOut) / samples.WeightOf(0, dealer.Folds, leftOut));
        double[] coefficients = Logistic(design, choice.L2, isFinal, leftOut < 0 && isFinal);
        if (choice.Components > 1)
            coefficients = Mixture(design, coefficients, choice, isFinal);
        return new(ranges, terms, coefficients, prior);
    }

    /// <summary>The mean log loss of the rows of so many folds, each under a fit that did not see it.</summary>
    public double HeldOutLoss(RatioChoice choice, int folds)
    {
        double loss = 0, weight = 0;
        for (int fold = 0; fold < folds; fold++)
        {
            var function = Fit(choice, fold, isFinal: false);
            int held = fold;
            var sum = rows.Sum(() => new LogLossSum(function, dealer, held), quiet, threads);
            (loss, weight) = (loss + sum.Loss, weight + sum.Weight);
        }
        return loss / weight;
    }

    /// <summary>The rows' terms: kept in memory where they are few, and else made anew on each pass.</summary>
    private Design DesignOf(RatioTerms terms, int leftOut)
    {
        if (samples.Rows * terms.Count > LargestTerms)
            return new TermDesign(rows, ranges, terms, dealer, leftOut);
        if (!known.TryGetValue(terms.Shape, out var kept))
        {
            known.Clear();                                // shapes are asked for one after the other
            known[terms.Shape] = kept = KnownTerms.Read(new TermDesign(rows, ranges, terms, dealer), dealer, monitor);
        }
        return kept.Without(leftOut);
    }

    private double[] Logistic(Design design, double l2, bool isFinal, bool mayWarn)
    {
        var options = new GlmOptions
        {
            Link = Links.Logit,
            L2 = l2,
            Tolerance = isFinal ? 1e-8 : 1e-4,
            NumberOfThreads = threads,
            LargestMatrix = 46_340,
        };
        var model = new GlmFitter(options, PredictionTask.BinaryClassification)
            .Fit(design, mayWarn && l2 == 0 ? quiet with { Warning = monitor.Warning } : quiet);
        return [.. model.Coefficients.Select(one => one.IsAliased ? 0 : one.Estimate)];
    }

    /// <summary>Components that start from the one, moved apart along random directions.</summary>
    private double[] Mixture(Design design, double[] start, RatioChoice choice, bool isFinal)
    {
        int width = start.Length, count = choice.Components, d = rows.FeatureCount;
        var random = new Random(dealer.Seed);
        double[] coefficients = new double[count * width], direction = new double[d];
        for (int k = 0; k < count; k++)
        {
            if (k % 2 == 0)
                RandomNormal.Fill(random, direction);
            double scale = (k % 2 == 0 ? Spread : -Spread) / Math.Sqrt(direction.Sum(value => value * value));
            start.CopyTo(coefficients, k * width);
            coefficients[k * width] -= Math.Log(count);
            for (int j = 0; j < d; j++)
                coefficients[k * width + 1 + j] += scale * direction[j];
        }
        LimitedMemoryBfgs.Minimise(coefficients, Evaluate, isFinal ? 1e-10 : 1e-7, MostIterations);
        return coefficients;

        double Evaluate(double[] at, double[] gradient)
        {
            var sum = design.Sum(() => new ComponentSum(at, count), quiet, threads);
            sum.Gradient.CopyTo(gradient);
            double penalty = 0;
            for (int j = 0; j < at.Length; j++)
            {
                if (j % width == 0)
                    continue;
                penalty += at[j] * at[j];
                gradient[j] += choice.L2 * at[j];
            }
            return sum.Loss + choice.L2 / 2 * penalty;
        }
    }
}
