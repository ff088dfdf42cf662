using ProbML.Vae;

namespace ProbML.Flows;

/// <summary>Chooses what each column goes through, and checks that the rows have a density.</summary>
internal sealed class FlowColumnsChoice
{
    private const int MostKnots = 65;
    private const int MostValues = 20_000;
    private const double LeastShare = 1e-9;

    private readonly Design design;
    private readonly TrainingMonitor monitor;
    private readonly ColumnPreprocessing[] ways;
    private readonly ColumnScan scan;

    private FlowColumnsChoice(
        IReadOnlyDictionary<string, ColumnPreprocessing> named, bool findsCounts, Design design, TrainingMonitor monitor)
    {
        (this.design, this.monitor) = (design, monitor);
        ways = [.. design.FeatureNames.Select(name => named.GetValueOrDefault(name, ColumnPreprocessing.Standardize))];
        if (named.Keys.FirstOrDefault(name => !design.FeatureNames.Contains(name)) is { } unknown)
            throw new InvalidOperationException(
                $"A preprocessing is given for '{unknown}', but no feature is called so. The features are "
                + $"{string.Join(", ", design.FeatureNames.Take(20))}{(design.FeatureCount > 20 ? ", …" : "")}.");
        scan = design.Sum(() => new ColumnScan(design.FeatureCount, []), monitor);
        IsCount = [.. Enumerable.Range(0, design.FeatureCount).Select(j =>
            findsCounts && scan.IsCount[j] && !named.ContainsKey(design.FeatureNames[j]))];
        Maps = new ColumnMap[design.FeatureCount];
    }

    /// <summary>What each column goes through, [d].</summary>
    public ColumnMap[] Maps { get; private set; }

    /// <summary>Which columns are counts, [d].</summary>
    public bool[] IsCount { get; }

    /// <summary>The rows preprocessed.</summary>
    public MappedDesign Mapped(ColumnMap? response = null) => new(design, Maps, j => ways[j].Support, response);

    /// <summary>Chooses.</summary>
    /// <param name="named">What columns go through, by name.</param>
    /// <param name="findsCounts">Whether columns of whole numbers are counts.</param>
    /// <param name="hasDensity">Whether the rows' density is wanted: then they must have one.</param>
    /// <param name="design">The rows.</param>
    /// <param name="monitor">Warnings and cancellation.</param>
    /// <exception cref="InvalidOperationException">The data do not allow it; the message names the column.</exception>
    public static FlowColumnsChoice For(
        IReadOnlyDictionary<string, ColumnPreprocessing> named,
        bool findsCounts,
        bool hasDensity,
        Design design,
        TrainingMonitor monitor)
    {
        var choice = new FlowColumnsChoice(named, findsCounts, design, monitor);
        choice.Choose(hasDensity);
        if (hasDensity)
            choice.CheckDependence();
        return choice;
    }

    private void Choose(bool hasDensity)
    {
        if (scan.Rows == 0)
            throw new InvalidOperationException("There are no rows to train on: all have a missing value, or there are none.");
        for (int j = 0; j < Maps.Length; j++)
        {
            CheckSpread(j, hasDensity);
            CheckOutliers(j);
            double scale = Math.Sqrt(Math.Pow(scan.StandardDeviation(j), 2) + (IsCount[j] ? 1 / 12.0 : 0));
            Maps[j] = ways[j].IsStandard
                ? new StandardMap(scan.Means[j] + (IsCount[j] ? 0.5 : 0), scale > 0 ? scale : 1)
                : ways[j].NeedsQuantiles ? Quantiles(j) : ways[j].Start(Math.Max(scan.Means[j], double.Epsilon));
        }
        if (ways.All(way => way.IsStandard))
            return;
        var mapped = Mapped().Sum(() => new ColumnScan(Maps.Length, []), monitor);
        for (int j = 0; j < Maps.Length; j++)
        {
            if (!ways[j].IsStandard)
                Maps[j] = ColumnPreprocessing.Standardized(Maps[j], mapped.Means[j], mapped.StandardDeviation(j));
        }
    }

    private void CheckSpread(int j, bool hasDensity)
    {
        bool varies = scan.StandardDeviation(j) > 1e-12 * Math.Abs(scan.Means[j]);
        if (varies || IsCount[j] || !hasDensity)
            return;
        throw new InvalidOperationException(
            $"The feature '{design.FeatureNames[j]}' is {scan.Means[j]} in {(scan.Rows == 1 ? "the only row" : $"all {scan.Rows} rows")}: "
            + "its density is infinite. Leave it out.");
    }

    private void CheckOutliers(int j)
    {
        double reach = Math.Max(scan.Maxima[j] - scan.Means[j], scan.Means[j] - scan.Minima[j]);
        if (scan.Rows < 100 || !ways[j].IsStandard || reach < 0.5 * Math.Sqrt(scan.Rows) * scan.StandardDeviation(j))
            return;
        monitor.Warning?.Invoke(
            $"One value of '{design.FeatureNames[j]}' lies so far out (from {scan.Minima[j]:G4} to {scan.Maxima[j]:G4} about a "
            + $"mean of {scan.Means[j]:G4}) that the others hardly differ beside it. Correct it, or set Preprocessing to "
            + "Quantiles for that column.");
    }

    private void CheckDependence()
    {
        int[] real = [.. Enumerable.Range(0, Maps.Length).Where(j => !IsCount[j])];
        if (real.Length < 2)
            return;
        if (Mapped().Sum(() => new ProductScan(Maps.Length), monitor).Dependent(real, LeastShare) is not var (column, others))
            return;
        string names = string.Join(", ", others.Take(10).Select(j => $"'{design.FeatureNames[j]}'"));
        throw new InvalidOperationException(others.Length == 1
            ? $"The feature '{design.FeatureNames[column]}' is a copy of {names}, up to scale and shift: the density of both "
                + "together is infinite. Leave one out."
            : $"The feature '{design.FeatureNames[column]}' follows from others ({names}) in {scan.Rows} rows: their joint "
                + "density is infinite. Leave one out, or give more rows.");
    }

    /// <summary>Normal scores at up to so many quantiles of up to so many values, evenly spread over the rows.</summary>
    private QuantileMap Quantiles(int column)
    {
        long every = Math.Max(1, scan.Rows / MostValues), seen = 0;
        var values = new List<double>();
        using var reader = design.OpenReader();
        var buffer = new RowBuffer(design.BlockRows, design.FeatureCount);
        while (reader.Read(buffer))
        {
            monitor.ThrowIfCancelled();
            for (int i = 0; i < buffer.Count; i++)
            {
                if (seen++ % every == 0)
                    values.Add(buffer.Block.Row(i)[column]);
            }
            if (buffer.Count < buffer.Capacity)
                break;
        }
        values.Sort();
        var (knots, scores) = (new List<double>(), new List<double>());
        for (int k = 0; k < MostKnots; k++)
        {
            double share = (k + 0.5) / MostKnots;
            double knot = values[(int)(share * values.Count)];
            if (knots.Count > 0 && !(knot > knots[^1]))
                continue;
            knots.Add(knot);
            scores.Add(NormalDistribution.Quantile(share));
        }
        return knots.Count > 1
            ? new(knots, scores)
            : throw new InvalidOperationException(
                $"Nearly all values of '{design.FeatureNames[column]}' are {knots[0]}: it has no quantiles. Choose another "
                + "preprocessing.");
    }
}
