using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Cli;

/// <summary><c>probml fit</c>: from a file of rows to a model file.</summary>
internal sealed class FitCommand(Terminal terminal, CancellationToken stop)
{
    private const int FirstRows = 20;
    private const string Features = "Features", Nothing = "(nothing)";

    public int Run(FitRequest request)
    {
        var options = ModelChoice.Options(request);
        using var output = ReplacedFile.Create(request.Out, request.Data);
        var plan = FitPlan.Make(request, options.Family!, rows => Reading(request.Data, rows));
        if (plan.Scan.MissingNote("are left out") is string missing)
            terminal.Warn(missing);
        if (plan.LabelNote is string note)
            terminal.Note(note);

        var ml = new MLContext(request.Seed);
        var view = plan.View();
        var rows = Hold(ml, view, plan);
        var pipeline = Pipeline(ml, request, options, plan.Terms, terminal.Warn).Fit(rows);
        var model = pipeline.LastTransformer.Model;
        var test = request.DropTest is string column ? Test(ml, request, options, plan, rows, model, column) : null;
        var facts = new FitFacts(request, plan, Head(ml, request, pipeline, rows), test);
        var report = FitReport.Build(model, facts);
        ModelFile.Write(ml, pipeline, view.Schema, report, output.Stream);
        stop.ThrowIfCancellationRequested();
        output.Commit();
        terminal.ClearProgress();
        if (request.Json)
            terminal.Print(report);
        else
            FitTable.Print(terminal, model, report);
        return 0;
    }

    private EstimatorChain<ProbabilisticTransformer<GlmModel>> Pipeline(
        MLContext ml, FitRequest request, GlmOptions options, IEnumerable<DesignTerm> terms, Action<string>? warn)
    {
        var monitor = new TrainingMonitor
        {
            Cancellation = stop,
            Warning = warn,
            Progress = new Reporter(progress => terminal.Progress(string.Create(
                CultureInfo.InvariantCulture, $"{progress.Stage} {progress.Iteration}: objective {progress.Objective:G8}"))),
        };
        var matrix = ml.Transforms.DesignMatrix(Features, [.. terms]);
        try
        {
            return matrix.Append(options.Family is BernoulliFamily
                ? ml.BinaryClassification.Trainers.Glm(
                    options, request.Label, Features, request.Weight, request.Offset, request.Exposure, monitor)
                : ml.Regression.Trainers.Glm(
                    options, request.Label, Features, request.Weight, request.Offset, request.Exposure, monitor));
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.ReplaceLineEndings(" "));
        }
    }

    private DropTest Test(
        MLContext ml,
        FitRequest request,
        GlmOptions options,
        FitPlan plan,
        IDataView rows,
        GlmModel full,
        string column)
    {
        var kept = plan.Terms.Where(term => term.Column != column).ToList();
        var data = rows;
        if (kept.Count == 0)
        {
            // a model needs a feature, and one that is always zero has no coefficient
            data = Hold(ml, plan.View(Nothing), plan);
            kept.Add(DesignTerm.Numeric(Nothing));
        }
        var reduced = Pipeline(ml, request, options, kept, warn: null).Fit(data).LastTransformer.Model;
        if (!reduced.Converged)
            terminal.Warn($"the model without '{column}' did not converge: beware of the test.");
        string[] dropped =
            [.. full.Coefficients.Where(c => !c.IsAliased && IsOf(column, c.Name, reduced)).Select(c => c.Name)];
        if (full.Statistics.Rank == reduced.Statistics.Rank)
        {
            throw new BadDataException(
                $"--drop-test {column}: the model without it is the same, the other columns make up for it.");
        }
        return new(column, dropped, reduced, LikelihoodRatioTest.Compare(reduced, full));
    }

    /// <summary>Rows that fit into a quarter of the memory are read once; others anew for each pass.</summary>
    private static IDataView Hold(MLContext ml, CsvDataView view, FitPlan plan)
    {
        double bytes = 16.0 * plan.Scan.CompleteRows * view.Schema.Count;
        return bytes < GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4.0 ? ml.Data.Cache(view) : view;
    }

    /// <summary>Whether a coefficient is one of a column's: by its name, and the reduced model has none such.</summary>
    private static bool IsOf(string column, string coefficient, GlmModel reduced) =>
        (coefficient == column || coefficient.StartsWith(column + "=", StringComparison.Ordinal))
        && !reduced.FeatureNames.Contains(coefficient);

    /// <summary>η and the mean of the first rows, in double precision.</summary>
    private static List<(double Eta, double Mean)> Head(
        MLContext ml, FitRequest request, TransformerChain<ProbabilisticTransformer<GlmModel>> pipeline, IDataView rows)
    {
        var model = pipeline.LastTransformer.Model;
        var first = ml.Data.TakeRows(rows, FirstRows);
        double[][] features =
            [.. pipeline.First().Transform(first).GetColumn<VBuffer<double>>(Features).Select(Dense)];
        double[] offsets = request.Offset is string offset ? [.. first.GetColumn<double>(offset)]
            : request.Exposure is string exposure ? [.. first.GetColumn<double>(exposure).Select(e => Math.Log(e))]
            : new double[features.Length];
        return
        [
            .. features.Zip(offsets, (x, o) =>
            {
                double eta = model.LinearPredictor(x, o).Eta;
                return (eta, model.Link.Inverse(eta).Mean);
            }),
        ];
    }

    private static double[] Dense(VBuffer<double> row) => [.. row.DenseValues()];

    private void Reading(string path, long rows)
    {
        stop.ThrowIfCancellationRequested();
        terminal.Progress(string.Create(CultureInfo.InvariantCulture, $"reading {Path.GetFileName(path)}: {rows:N0} rows"));
    }

    private sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
