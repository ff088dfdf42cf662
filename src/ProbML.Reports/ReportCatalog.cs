using Microsoft.ML;
using ProbML.Reports;
using ProbML.Reports.Chapters;
using ProbML.Reports.Facts;
using ProbML.Reports.Files;
using ProbML.Reports.Rows;

namespace ProbML;

/// <summary>Reports of fitted pipelines and of drift.</summary>
public static class ReportCatalog
{
    private static readonly IChapter[] Chapters =
    [
        new OverviewChapter(), new CoefficientChapter(), new PosteriorChapter(), new GroupChapter(), new ProcessChapter(), new TrainingChapter(),
        new ConformalChapter(), new ScoreChapter(), new RegressionChapter(), new BinaryChapter(), new ClassChapter(), new BandChapter(),
        new LatentChapter(), new DensityChapter(),
    ];

    /// <summary>Writes a report of a fitted pipeline: one HTML file that needs nothing else.</summary>
    /// <remarks>See <see cref="CreateReport(ITransformer, IDataView, ReportOptions)"/>. The file is whole or not there: one that was there remains if the report fails.</remarks>
    /// <param name="model">The fitted pipeline: of ProbML's trainers, or of any others that give a Score.</param>
    /// <param name="path">The file.</param>
    /// <param name="data">Rows to judge it by, best those it has not seen; null: what the model itself knows.</param>
    /// <param name="options">What to show; null: the defaults.</param>
    /// <exception cref="ArgumentException">The path is a folder, the pipeline predicts nothing, or the data lack the label or rows.</exception>
    /// <exception cref="DirectoryNotFoundException">The file's folder does not exist.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <example><code>model.Report("report.html", split.TestSet);</code></example>
    public static void Report(this ITransformer model, string path, IDataView? data = null, ReportOptions? options = null)
    {
        ReportFile.Check(path);
        CreateReport(model, data, options).SaveHtml(path);
    }

    /// <summary>A report of a fitted pipeline: what the model knows of itself, and how it does on data.</summary>
    /// <remarks>
    /// The data are read once, in constant memory; a sample of <see cref="ReportOptions.MaximumRows"/> rows is held. Which sections there are
    /// follows from what the model is and which columns there are.
    /// </remarks>
    /// <param name="model">The fitted pipeline: of ProbML's trainers, or of any others that give a Score.</param>
    /// <param name="data">Rows to judge it by, best those it has not seen; null: what the model itself knows.</param>
    /// <param name="options">What to show; null: the defaults.</param>
    /// <exception cref="ArgumentException">The pipeline predicts nothing, or the data lack the label or rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or a column that the pipeline reads is missing.</exception>
    public static ModelReport CreateReport(this ITransformer model, IDataView? data = null, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new();
        options.Validate();
        var scored = data is null ? null : model.Transform(data);
        var pipeline = PipelineFacts.Of(model, scored?.Schema, options.Level);
        var rows = scored is null ? null : new ScoringPass(pipeline, scored, options).Run();
        var subject = new ReportSubject(pipeline, options, rows, scored);
        string title = options.Title ?? (pipeline.Known?.Response is { Length: > 0 } response
            ? $"{OverviewChapter.KindOf(subject)}: {response}"
            : OverviewChapter.KindOf(subject));
        return new(title, [.. Chapters.SelectMany(chapter => chapter.Write(subject))]);
    }

    /// <summary>Writes what a drift detector found as one HTML file that needs nothing else.</summary>
    /// <param name="drift">What <c>DetectDrift</c> or a monitor's <c>Report</c> gave.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">The title and how many columns are drawn; null: the defaults.</param>
    /// <exception cref="ArgumentException">The path is a folder.</exception>
    /// <exception cref="DirectoryNotFoundException">The file's folder does not exist.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Report(this DriftReport drift, string path, ReportOptions? options = null)
    {
        ReportFile.Check(path);
        CreateReport(drift, options).SaveHtml(path);
    }

    /// <summary>What a drift detector found: the verdict, the columns, the rows.</summary>
    /// <param name="drift">What <c>DetectDrift</c> or a monitor's <c>Report</c> gave.</param>
    /// <param name="options">The title and how many columns are drawn; null: the defaults.</param>
    public static ModelReport CreateReport(this DriftReport drift, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(drift);
        options ??= new();
        options.Validate();
        return DriftPages.Of(drift, options);
    }
}
