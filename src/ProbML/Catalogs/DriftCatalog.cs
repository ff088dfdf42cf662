using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ProbML;
using ProbML.TwoSample;

namespace Microsoft.ML;

/// <summary>Compares samples of rows.</summary>
public static class DriftCatalog
{
    private const string HostName = "ProbMLDrift";

    /// <summary>Says whether the current rows come from another distribution than the reference's, how much, which columns and which rows.</summary>
    /// <remarks>
    /// A classifier two-sample test looks at all columns together and a test of each column, Kolmogorov–Smirnov's or chi-square,
    /// adjusted by Holm's method, at each alone; the probability of a false alarm is at most the level. Columns are ranked by their
    /// Shapley values in the log density ratio. A missing value is a value like others. Needs four rows of each or more.
    /// </remarks>
    /// <param name="catalog">The catalog of data.</param>
    /// <param name="reference">Rows as they were, such as those that a model was trained on.</param>
    /// <param name="current">Rows as they are.</param>
    /// <param name="options">Level, columns, rows at most; null: 5 %, all, 20,000 of each.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentException">The samples have different columns; the message names each.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">A sample has fewer than four rows.</exception>
    /// <example><code>
    /// var report = mlContext.Data.DetectDrift(trainingRows, todaysRows);
    /// if (report.IsDrift)
    ///     Console.WriteLine(report.Features[0].Name);
    /// </code></example>
    public static DriftReport DetectDrift(
        this DataOperationsCatalog catalog,
        IDataView reference,
        IDataView current,
        DriftOptions? options = null,
        TrainingMonitor? monitor = null)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        var host = CatalogUtils.GetEnvironment(catalog).Register(HostName);
        host.CheckValue(reference, nameof(reference));
        host.CheckValue(current, nameof(current));
        options ??= new();
        options.Validate();
        var columns = DriftColumn.Find(host, reference, current, options);
        return DriftDetection.Run(
            columns,
            DriftSample.Read(reference, columns, options.MaximumRows, options.Seed),
            DriftSample.Read(current, columns, options.MaximumRows, options.Seed + 1),
            options,
            monitor ?? TrainingMonitor.None);
    }

    /// <summary>Keeps of rows what is needed to compare them later, in one pass and in memory that does not grow with them.</summary>
    /// <remarks>
    /// Sketches of rows in many files, processes or machines are merged, in any order, to that of all; <see cref="TableSketch.ToBytes"/> keeps one.
    /// A vector's numbers are columns of their own, named as in a report. Means, missing values and levels are of all rows, and
    /// <see cref="TableSketchOptions.SampleRows"/> rows are drawn.
    /// </remarks>
    /// <param name="catalog">The catalog of data.</param>
    /// <param name="data">The rows.</param>
    /// <param name="source">What they are called, such as their file: the same rows must not be merged twice.</param>
    /// <param name="options">Columns, rows drawn; null: all, 10,000.</param>
    /// <param name="monitor">Cancellation, or null.</param>
    /// <exception cref="ArgumentException">A column is absent or cannot be sketched.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static TableSketch CreateDriftSketch(
        this DataOperationsCatalog catalog,
        IDataView data,
        string source,
        DriftSketchOptions? options = null,
        TrainingMonitor? monitor = null)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        var host = CatalogUtils.GetEnvironment(catalog).Register(HostName);
        host.CheckValue(data, nameof(data));
        host.CheckNonWhiteSpace(source, nameof(source));
        options ??= new();
        options.Validate();
        return DriftSketches.Read(host, data, source, options, monitor ?? TrainingMonitor.None);
    }

    /// <summary>Says whether the rows of one sketch come from another distribution than another's, as of the rows themselves.</summary>
    /// <remarks>
    /// The classifier, the contributions and the test of numbers see the rows drawn; the tests of levels and of missing values and the means are
    /// of all rows. Sketches that drew all their rows give the report of the rows.
    /// </remarks>
    /// <param name="catalog">The catalog of data.</param>
    /// <param name="reference">The sketch of rows as they were.</param>
    /// <param name="current">The sketch of rows as they are.</param>
    /// <param name="options">Level, columns by their names in the sketches; null: 5 %, all.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentException">The sketches have different columns; the message names each.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">A sketch has fewer than four rows.</exception>
    public static DriftReport DetectDrift(
        this DataOperationsCatalog catalog,
        TableSketch reference,
        TableSketch current,
        DriftOptions? options = null,
        TrainingMonitor? monitor = null)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        var host = CatalogUtils.GetEnvironment(catalog).Register(HostName);
        host.CheckValue(reference, nameof(reference));
        host.CheckValue(current, nameof(current));
        options ??= new();
        options.Validate();
        return DriftSketches.Compare(host, reference, current, options, monitor ?? TrainingMonitor.None);
    }

    /// <summary>A monitor that is shown rows as they come, and says when they no longer come from the reference's distribution.</summary>
    /// <param name="catalog">The catalog of data.</param>
    /// <param name="reference">Rows as they were.</param>
    /// <param name="options">Level, columns, rows at most; null: 5 %, all, 20,000.</param>
    /// <param name="window">How many of the last rows it keeps for reports.</param>
    /// <exception cref="ArgumentException">No column can be compared.</exception>
    /// <exception cref="InvalidOperationException">The reference has fewer than four rows.</exception>
    public static DriftMonitor CreateDriftMonitor(
        this DataOperationsCatalog catalog, IDataView reference, DriftOptions? options = null, int window = 1000)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        var host = CatalogUtils.GetEnvironment(catalog).Register(HostName);
        host.CheckValue(reference, nameof(reference));
        options ??= new();
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 10);
        var columns = DriftColumn.Find(host, reference, reference, options);
        return new(host, columns, DriftSample.Read(reference, columns, options.MaximumRows, options.Seed), options, window);
    }

    /// <summary>A monitor that goes on from where <see cref="DriftMonitor.Save"/> left another, bit for bit: for a service that starts again.</summary>
    /// <param name="catalog">The catalog of data.</param>
    /// <param name="stream">What was saved; left open.</param>
    /// <exception cref="FormatException">It is no saved monitor, one of another version, or damaged; the message says which.</exception>
    public static DriftMonitor LoadDriftMonitor(this DataOperationsCatalog catalog, Stream stream)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        ArgumentNullException.ThrowIfNull(stream);
        return new(CatalogUtils.GetEnvironment(catalog).Register(HostName), DriftMonitorState.Read(stream));
    }
}
