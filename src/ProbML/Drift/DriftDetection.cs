using ProbML.DensityRatios;
using ProbML.TwoSample;

namespace ProbML;

/// <summary>Compares two samples in memory.</summary>
internal static class DriftDetection
{
    private const int Least = 4;

    public static DriftReport Run(
        IReadOnlyList<DriftColumn> columns, DriftSample reference, DriftSample current, DriftOptions options, TrainingMonitor monitor)
    {
        foreach (var (sample, name) in new[] { (reference, "reference"), (current, "current") })
            if (sample.Rows < Least)
                throw new InvalidOperationException(
                    $"The {name} sample has {sample.Rows} rows; {Least} or more are needed to compare it.");
        var features = new DriftFeatures(columns, reference, current, options.MaximumLevels);
        TwoSampleTestResult[] tests =
            [.. Enumerable.Range(0, features.Features.Count).Select(f => features.Test(f, reference, current))];
        double[] adjusted = MultipleTesting.Holm([.. tests.Select(test => test.PValue)]);
        var model = new DensityRatioOptions { Components = 1, Seed = options.Seed };
        double[] now = features.Encode(current), before = features.Encode(reference);
        var classifier = features.Count == 0
            ? new ClassifierTwoSampleResult(0, 0.5, 0.5, 1, 1)
            : ClassifierTwoSampleTest.Test(now, before, features.Count, model, monitor);
        double p = Math.Min(1, 2 * Math.Min(classifier.PValue, adjusted.Min()));
        var (divergences, contributions, rows) = Attribute(features, now, before, current, options, model, monitor);
        double sizes = Math.Max(contributions.Sum(Math.Abs), 1e-300);
        return new()
        {
            IsDrift = p <= options.Level,
            Level = options.Level,
            PValue = p,
            ReferenceRows = reference.Total,
            CurrentRows = current.Total,
            ComparedRows = (reference.Rows, current.Rows),
            Classifier = classifier,
            Divergences = divergences,
            Features =
            [
                .. features.Features.Select((feature, f) => new FeatureDrift(
                    feature.Name,
                    feature.Levels is null ? "Kolmogorov-Smirnov" : "chi-square",
                    tests[f].Statistic,
                    tests[f].PValue,
                    adjusted[f],
                    contributions[f],
                    Math.Abs(contributions[f]) / sizes,
                    Mean(features, feature, reference),
                    Mean(features, feature, current)))
                    .OrderByDescending(one => one.Contribution),
            ],
            Rows = rows,
        };
    }

    /// <summary>The divergences, each feature's mean contribution to the current rows' log ratio, and the rows of the largest.</summary>
    private static (FDivergences Divergences, double[] Contributions, DriftedRow[] Rows) Attribute(
        DriftFeatures features,
        double[] now,
        double[] before,
        DriftSample current,
        DriftOptions options,
        DensityRatioOptions model,
        TrainingMonitor monitor)
    {
        int d = features.Count, n = current.Rows, m = d == 0 ? 0 : before.Length / d;
        var sums = new double[features.Features.Count];
        if (d == 0)
            return (FDivergences.Of([], []), sums, []);
        var ratio = new DensityRatioFitter(model).Fit(
            new MatrixDesign([.. now, .. before], [.. Enumerable.Repeat(1.0, n), .. Enumerable.Repeat(0.0, m)]),
            monitor with { Warning = null, Information = null });
        var shares = new RatioContributions(ratio.Whole, before);
        double[] byColumn = new double[d], byFeature = new double[sums.Length];
        var rows = new PriorityQueue<DriftedRow, double>();
        for (int i = 0; i < n; i++)
        {
            var x = now.AsSpan(i * d, d);
            shares.Of(x, byColumn);
            Array.Clear(byFeature);
            for (int c = 0; c < d; c++)
                byFeature[features.FeatureOf(c)] += byColumn[c];
            for (int f = 0; f < sums.Length; f++)
                sums[f] += byFeature[f] / n;
            double log = ratio.LogRatio(x);
            int most = Array.IndexOf(byFeature, byFeature.Max());
            rows.Enqueue(new(current.RowNumbers[i], log, features.Features[most].Name) { Source = current.Sources?[i] }, log);
            if (rows.Count > options.ReportedRows)
                rows.Dequeue();
        }
        return (ratio.Statistics.Divergences, sums, [.. rows.UnorderedItems.Select(item => item.Element).OrderByDescending(row => row.LogRatio)]);
    }

    private static double? Mean(DriftFeatures features, DriftFeature feature, DriftSample sample)
    {
        if (feature.Levels is not null)
            return null;
        if (sample.Totals?[feature.Place] is { } totals)
            return totals.Mean;
        double[] present = [.. features.Values(sample, feature.Place).Where(double.IsFinite)];
        return present.Length == 0 ? null : present.Average();
    }
}
