using ProbML.DensityRatios;
using ProbML.TwoSample;

namespace ProbML;

/// <summary>Estimates a density ratio by telling two samples apart: response 1 for the numerator's rows, 0 for the denominator's.</summary>
/// <remarks>Sugiyama, Suzuki &amp; Kanamori (2012), ch. 4; Bickel, Brückner &amp; Scheffer (2009).</remarks>
public sealed class DensityRatioFitter : IFitter<DensityRatioModel>
{
    private const long LargestCopy = 1 << 24;             // numbers kept in memory: 128 MB
    private const double LowShare = 0.1;                  // of rows, or of the mean ratio, which is 1 where samples overlap

    private readonly DensityRatioOptions options;

    /// <summary>A fitter for the options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public DensityRatioFitter(DensityRatioOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => DensityRatioModel.Columns;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A sample has no rows, or a response is neither 0 nor 1.</exception>
    public DensityRatioModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        var (training, choice, rows) = Prepare(design, monitor);
        var (samples, dealer) = (training.Samples, training.Dealer);
        var whole = training.Fit(choice, leftOut: -1);
        var folds = new RatioFunction[dealer.Folds];
        for (int fold = 0; fold < folds.Length; fold++)
        {
            monitor.ThrowIfCancelled();
            folds[fold] = training.Fit(choice, fold);
        }
        var seen = new RowFilter(folds.Length == 0 ? 0 : samples.Rows);
        if (folds.Length > 0)
            rows.EachRow(monitor, (x, _, _) => seen.Add(dealer.Hash(x)));
        string[] names = [.. design.FeatureNames];
        var model = new DensityRatioModel(
            whole, folds, dealer, seen, names, (choice.L2, choice.HeldOutLoss), Empty(samples));
        model = new(
            whole, folds, dealer, seen, names, (choice.L2, choice.HeldOutLoss), Measure(model, rows, samples, monitor));
        Tell(model.Statistics, monitor.Warning);
        monitor.Information?.Invoke(
            $"Density ratio ({model.Shape}, {model.Components} component(s), L2 {model.L2:G3}): KL "
            + $"{model.Statistics.Divergences.KullbackLeibler.Value:G4}, weights worth {Worth(model.Statistics)}.");
        return model;
    }

    /// <summary>The function of all rows alone: no row is to be scored apart.</summary>
    internal RatioFunction FitOnce(Design design, TrainingMonitor monitor)
    {
        var (training, choice, _) = Prepare(design, monitor);
        return training.Fit(choice, leftOut: -1);
    }

    private (RatioTraining Training, RatioChoice Choice, Design Rows) Prepare(Design design, TrainingMonitor monitor)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        int seed = options.Seed ?? monitor.Seed ?? 1;
        var samples = design.Sum(
            () => new SampleSum(design.FeatureCount, new(seed, options.Folds)), monitor, options.NumberOfThreads);
        monitor.Report(new("Samples", 1, 0, samples.Rows, watch.Elapsed));
        Check(samples, design);
        var dealer = new RowDealer(seed, samples.UsableFolds());
        if (options.Folds > 0 && dealer.Folds == 0)
            monitor.Warning?.Invoke(
                $"{samples.RowsOf(1)} and {samples.RowsOf(0)} rows, equal ones together, are too few to leave any out: rows are "
                + "scored by a model that saw them.");
        var rows = samples.Rows * design.FeatureCount <= LargestCopy ? Copy(design, monitor) : design;
        var training = new RatioTraining(rows, samples, dealer, options.NumberOfThreads, monitor);
        return (training, new RatioSelection(training, options, monitor).Choose(), rows);
    }

    internal static void Check(SampleSum samples, Design design)
    {
        if (samples.BadRow > 0)
            throw new InvalidOperationException(
                $"'{design.ResponseName}' must be 1 for the numerator's rows and 0 for the denominator's, but in row "
                + $"{samples.BadRow} it is {samples.BadResponse}.");
        if (samples.Rows == 0)
            throw new InvalidOperationException(
                "No valid training instances found, all instances have missing features, label or weight, or weight zero.");
        if (samples.RowsOf(0) == 0 || samples.RowsOf(1) == 0)
            throw new InvalidOperationException(
                $"All {samples.Rows} rows of '{design.ResponseName}' belong to the "
                + $"{(samples.RowsOf(0) == 0 ? "numerator" : "denominator")}: a ratio needs rows of both samples.");
    }

    private static MatrixDesign Copy(Design design, TrainingMonitor monitor)
    {
        List<double> features = [], response = [], weights = [];
        design.EachRow(monitor, (x, y, w) =>
        {
            features.AddRange(x);
            response.Add(y);
            weights.Add(w);
        });
        return new([.. features], [.. response], design.FeatureNames, [.. weights], responseName: design.ResponseName);
    }

    internal static DensityRatioStatistics Empty(SampleSum samples) => new()
    {
        NumeratorRows = samples.RowsOf(1),
        DenominatorRows = samples.RowsOf(0),
        Divergences = FDivergences.Of([], []),
        EffectiveSampleSize = double.NaN,
        MaximumRatio = double.PositiveInfinity,
        MeanRatio = 1,
    };

    private DensityRatioStatistics Measure(
        DensityRatioModel model, Design rows, SampleSum samples, TrainingMonitor monitor)
    {
        var sum = new RatioMeasure(samples.RowsOf(1), samples.RowsOf(0), options.MaximumRatio);
        for (int pass = 0; pass < 2; pass++)
        {
            rows.EachRow(monitor, (x, y, w) => sum.Add(model.LogRatio(x), y > 0, w));
            sum.EndPass();
        }
        return sum.Finish();
    }

    /// <summary>Warns where the samples hardly overlap.</summary>
    internal static void Tell(DensityRatioStatistics statistics, Action<string>? warn)
    {
        if (!(statistics.EffectiveSampleSize >= LowShare * statistics.DenominatorRows && statistics.MeanRatio >= LowShare))
            warn?.Invoke(
                $"The weights are worth {Worth(statistics)}, and the ratio averages {statistics.MeanRatio:G3} over these where it "
                + "should 1: the two samples hardly overlap, and what is averaged with these weights rests on few rows. Leave out "
                + "features that tell the samples apart but do not matter, or lower MaximumRatio.");
    }

    private static string Worth(DensityRatioStatistics statistics) =>
        $"{statistics.EffectiveSampleSize:F1} of {statistics.DenominatorRows} rows of the denominator";
}
