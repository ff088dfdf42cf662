using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Reports.Facts;
using ProbML.Reports.Html;
using ProbML.Reports.Plotting;
using ProbML.Reports.Rows;

namespace ProbML.Reports.Chapters;

/// <summary>Predictions and their spread along the features that move them most.</summary>
internal sealed class BandChapter : IChapter
{
    private const int GridPoints = 81, FewValues = 6, MostClasses = 6;

    public IEnumerable<ReportSection> Write(ReportSubject subject)
    {
        var (pipeline, options) = (subject.Pipeline, subject.Options);
        if (subject.Rows is not (NumberRows or BinaryRows or ClassRows) || subject.Rows is not { Sample: [{ Features.Length: > 0 } first, ..] sample }
            || subject.Scored!.Schema[pipeline.FeatureColumn!] is not { Type: VectorDataViewType type } column)
            yield break;
        string[] names = Names(column, first.Features.Length, pipeline);
        double offset = ChainDiagnostics.Quantile([.. sample.Select(row => row.Offset).Order()], 0.5);
        var grid = new FeatureGrid(pipeline, type, offset);
        var influence = new FeatureInfluence(sample, grid, pipeline.Task);
        int[] drawn = Choose(options, names, influence);
        if (drawn.Length == 0)
            yield break;
        int[] ranked = [.. Enumerable.Range(0, names.Length).Where(j => influence.Ranges[j] > 0).OrderByDescending(j => influence.Ranges[j]).Take(options.MaximumDrawn)];
        string what = pipeline.Task == PredictionTask.Regression ? "the predicted mean" : "the predicted probability";
        var (some, all) = influence.Asked;
        string cut = some < all ? $" The first {some} of {all} features that vary were asked about." : "";
        yield return new(
            "Predictions along features",
            $"What is predicted as one feature varies and the others are held at their medians: the model's view, not a claim that changing the feature would "
            + $"change the response. Features are ranked by how far {what} moves between their 5 % and 95 % quantiles.{cut}",
            [
                new($"Features by how far they move {what}", ["feature", "moves it by", "5 % quantile", "median", "95 % quantile"], ranked.Select(j => (IReadOnlyList<string>)
                [
                    names[j], Text.Number(influence.Ranges[j]), Text.Number(ChainDiagnostics.Quantile(influence.Values[j], 0.05)),
                    Text.Number(influence.Medians[j]), Text.Number(ChainDiagnostics.Quantile(influence.Values[j], 0.95)),
                ])),
            ],
            [.. drawn.Select(j => Plot(j, names[j], influence, grid, subject))]);
    }

    private static ReportPlot Plot(int feature, string name, FeatureInfluence influence, FeatureGrid grid, ReportSubject subject)
    {
        double[] distinct = [.. influence.Values[feature].Distinct()];
        bool isContinuous = distinct.Length > FewValues;
        double low = ChainDiagnostics.Quantile(influence.Values[feature], 0.01), high = ChainDiagnostics.Quantile(influence.Values[feature], 0.99);
        if (!(high > low))
            (low, high) = (distinct[0], distinct[^1]);
        double[] x = isContinuous ? [.. Enumerable.Range(0, GridPoints).Select(k => low + k * (high - low) / (GridPoints - 1))] : distinct;
        var found = grid.Predict([.. x.Select(value => influence.At(feature, value))]);
        var lines = Lines(found, subject);
        var points = subject.Rows is NumberRows
            ? subject.Rows.Sample.Take(Math.Min(600, subject.Options.MaximumPoints)).Where(row => row.Features[feature] >= low && row.Features[feature] <= high)
                .Select(row => (row.Features[feature], row.Label)).ToArray()
            : [];
        string bands = lines is [{ Bands.Count: > 0 } line, ..] ? $" The band is {string.Join(", the darker one ", line.Bands.Select(band => band.Meaning))}." : "";
        string seen = points.Length > 0 ? " Grey points are observed rows, whose other features differ." : "";
        return BandPlot.Of(
            $"along-{name}", $"Predicted {(subject.Pipeline.Task == PredictionTask.Regression ? "mean" : "probability")} along {name}, other features at their medians.{bands}{seen}",
            name, Response(subject), x, isContinuous, lines, points);
    }

    private static BandLine[] Lines(IReadOnlyDictionary<string, double[][]> found, ReportSubject subject)
    {
        double[]? Column(string name) => found.GetValueOrDefault(name)?.Select(row => row[0]).ToArray();
        string interval = Text.Percent(subject.Pipeline.Level ?? 0.95);
        if (subject.Rows is ClassRows classes)
        {
            var often = Enumerable.Range(0, classes.Classes.Count).OrderByDescending(k => Enumerable.Range(0, classes.Classes.Count).Sum(j => classes.Confusion[k, j]));
            return [.. often.Take(MostClasses).Order().Select(k => new BandLine(classes.Classes[k], [.. found[ColumnNames.Score].Select(row => row[k])], []))];
        }
        bool isBinary = subject.Rows is BinaryRows;
        double[] mean = Column(isBinary ? ColumnNames.Probability : ColumnNames.Score)!;
        var bands = new List<(string, double[], double[])>();
        var (lower, upper) = isBinary
            ? (Column(ColumnNames.ProbabilityLowerBound), Column(ColumnNames.ProbabilityUpperBound))
            : (Column(ColumnNames.LowerBound), Column(ColumnNames.UpperBound));
        if (lower is not null && upper is not null)
            bands.Add((isBinary ? $"{interval} of the probability" : $"{interval} of new observations", lower, upper));
        if (!isBinary && (Column(ColumnNames.EpistemicStandardDeviation) ?? Column(ColumnNames.ScoreStandardError)) is { } spread)
        {
            double width = NormalDistribution.Quantile(0.5 + (subject.Pipeline.Level ?? 0.95) / 2);
            bands.Add(($"{interval} of the mean", [.. mean.Zip(spread, (m, s) => m - width * s)], [.. mean.Zip(spread, (m, s) => m + width * s)]));
        }
        return [new(null, mean, bands)];
    }

    private static string Response(ReportSubject subject) => subject.Pipeline.Task switch
    {
        PredictionTask.Regression => subject.Pipeline.Known?.Response is { Length: > 0 } name ? name : subject.Options.LabelColumnName ?? "prediction",
        PredictionTask.BinaryClassification => "probability",
        _ => "probabilities",
    };

    private static string[] Names(DataViewSchema.Column column, int count, PipelineFacts pipeline)
    {
        var names = SlotNames.Of(column);
        var known = pipeline.Known?.FeatureNames is { } own && own.Count == count ? own : null;
        return [.. Enumerable.Range(0, count).Select(j => known?[j] is { Length: > 0 } name ? name : names?[j] is { Length: > 0 } slot ? slot : $"{column.Name}.{j}")];
    }

    /// <exception cref="ArgumentException">A feature that was asked for is not there.</exception>
    private static int[] Choose(ReportOptions options, string[] names, FeatureInfluence influence)
    {
        if (options.Features is null)
            return [.. Enumerable.Range(0, names.Length).Where(j => influence.Ranges[j] > 0).OrderByDescending(j => influence.Ranges[j]).Take(options.FeatureCount)];
        return
        [
            .. options.Features.Select(name => Array.IndexOf(names, name) is var j && j >= 0 ? j : throw new ArgumentException(
                $"ReportOptions.Features names '{name}', but the features are {string.Join(", ", names.Take(40).Select(one => $"'{one}'"))}.")),
        ];
    }
}
