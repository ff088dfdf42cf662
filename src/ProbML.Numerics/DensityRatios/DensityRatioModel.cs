using ProbML.DensityRatios;

namespace ProbML;

/// <summary>A fitted density ratio: ln r(x) = ln p(x)/q(x) by a classifier's log odds less ln(n_p/n_q).</summary>
/// <remarks>
/// Gives Score (the log odds), Probability (of the numerator), LogRatio, DensityRatio and Weight. A row that was fitted to is
/// scored by the model of its fold, which did not see it nor any row equal to it; any other row by the model of all rows. Which
/// rows were fitted to is known by hashes of what they hold, thirty bits a row, so it holds after saving too. Sugiyama, Suzuki
/// &amp; Kanamori (2012), ch. 4.
/// </remarks>
[ModelKey("DensityRatio")]
public sealed class DensityRatioModel : IScoringModel<DensityRatioModel>, IOnnxModel, IDensityRatio
{
    private const int FormatVersion = 1;
    private const int Score0 = 0, Probability = 1, LogRatio0 = 2, Ratio = 3, Weight0 = 4;

    internal static readonly OutputColumn[] Columns =
    [
        new(ColumnNames.Score),
        new(ColumnNames.Probability, IsNormalized: true),
        new(ColumnNames.LogRatio),
        new(ColumnNames.DensityRatio),
        new(ColumnNames.Weight),
    ];

    private readonly RatioFunction whole;
    private readonly RatioFunction[] folds;
    private readonly RowDealer dealer;
    private readonly RowFilter seen;

    internal DensityRatioModel(
        RatioFunction whole,
        RatioFunction[] folds,
        RowDealer dealer,
        RowFilter seen,
        string[] featureNames,
        (double L2, double HeldOutLoss) choice,
        DensityRatioStatistics statistics)
    {
        (this.whole, this.folds, this.dealer, this.seen) = (whole, folds, dealer, seen);
        FeatureNames = featureNames;
        (L2, HeldOutLogLoss) = choice;
        Statistics = statistics;
    }

    /// <inheritdoc cref="IDensityRatio.FeatureCount"/>
    public int FeatureCount => FeatureNames.Count;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => Columns;

    /// <summary>The names of the features, [d].</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>The functions that the log ratio is linear in.</summary>
    public RatioShape Shape => whole.Terms.Shape;

    /// <summary>How many exponentials are added up; 1: plain logistic regression.</summary>
    public int Components => whole.Components;

    /// <summary>The weight of ½ Σw² that it was fitted with.</summary>
    public double L2 { get; }

    /// <summary>The mean log loss by which shape, penalty and components were chosen; NaN where there was no choice.</summary>
    public double HeldOutLogLoss { get; }

    /// <summary>How many models share the rows that were fitted to; 0: these are scored as any.</summary>
    public int Folds => folds.Length;

    /// <summary>Divergences, effective sample size, and what makes weights of ratios.</summary>
    public DensityRatioStatistics Statistics { get; }

    internal RatioFunction Whole => whole;

    /// <inheritdoc/>
    public double LogRatio(ReadOnlySpan<double> x)
    {
        if (x.Length != FeatureCount)
            throw new ArgumentException($"{x.Length} features were given; the model has {FeatureCount}.", nameof(x));
        return FunctionFor(x).LogRatio(x);
    }

    /// <summary>min(r, τ) over its mean.</summary>
    public double Weight(double logRatio) => Statistics.Weight(logRatio);

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            var x = rows.Row(i);
            var function = FunctionFor(x);
            double odds = function.LogOdds(x), log = odds - function.LogPriorOdds;
            var row = outputs.Row(i);
            row[Score0] = (float)odds;
            row[Probability] = (float)(1 / (1 + Math.Exp(-odds)));
            row[LogRatio0] = (float)log;
            row[Ratio] = (float)Math.Exp(log);
            row[Weight0] = (float)Weight(log);
        }
    }

    /// <summary>Adds the model of all rows: a graph knows none of those that were fitted to.</summary>
    /// <inheritdoc/>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var scope = new OnnxScope(graph);
        var odds = whole.Emit(scope, rows.Features);
        var log = odds - whole.LogPriorOdds;
        var columns = new OnnxReal?[Columns.Length];
        if (wanted.Wants(Score0))
            columns[Score0] = odds;
        if (wanted.Wants(Probability))
            columns[Probability] = 1 / (1 + (-odds).Exp());
        if (wanted.Wants(LogRatio0))
            columns[LogRatio0] = log;
        if (wanted.Wants(Ratio))
            columns[Ratio] = log.Exp();
        if (wanted.Wants(Weight0))
            columns[Weight0] = log.Exp().Min(Statistics.MaximumRatio) / Statistics.MeanRatio;
        return columns.Finish(odds.IsFinite());
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        writer.WriteArray(FeatureNames);
        writer.Write(L2);
        writer.Write(HeldOutLogLoss);
        Statistics.Write(writer);
        writer.Write(dealer.Seed);
        seen.Write(writer);
        writer.Write(folds.Length);
        whole.Write(writer);
        foreach (var fold in folds)
            fold.Write(writer);
    }

    /// <inheritdoc/>
    public static DensityRatioModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ReadVersion(FormatVersion, "density ratio");
        string[] names = reader.ReadStringArray("feature names");
        var choice = (reader.ReadDouble(), reader.ReadDouble());
        var statistics = DensityRatioStatistics.Read(reader);
        int seed = reader.ReadInt32();
        var seen = RowFilter.Read(reader);
        int count = reader.ReadCount("folds");
        var whole = RatioFunction.Read(reader);
        var folds = new List<RatioFunction>();            // grows: a damaged count must not allocate
        for (int fold = 0; fold < count; fold++)
            folds.Add(RatioFunction.Read(reader));
        if (folds.Append(whole).Any(function => function.Terms.Dimension != names.Length))
            throw new FormatException("The density ratio's parts do not fit each other: the model is damaged.");
        return new(whole, [.. folds], new(seed, count), seen, names, choice, statistics);
    }

    private RatioFunction FunctionFor(ReadOnlySpan<double> x)
    {
        if (folds.Length == 0)
            return whole;
        ulong hash = dealer.Hash(x);
        return seen.Contains(hash) ? folds[dealer.Fold(hash)] : whole;
    }
}
