using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Spectre.Console;

namespace ProbML.Cli;

/// <summary><c>probml evaluate</c>: predictions against known labels.</summary>
internal sealed class EvaluateCommand(Terminal terminal, CancellationToken stop)
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["rows"] = "Rows",
        ["sum_of_weights"] = "Sum of weights",
        ["rmse"] = "Root mean squared error",
        ["mae"] = "Mean absolute error",
        ["r_squared"] = "R squared",
        ["deviance"] = "Deviance",
        ["mean_log_density"] = "Mean log density",
        ["interval_level"] = "Interval level",
        ["interval_coverage"] = "Interval coverage",
        ["interval_mean_width"] = "Interval mean width",
        ["positives"] = "Positives",
        ["negatives"] = "Negatives",
        ["auc"] = "Area under the ROC curve",
        ["accuracy"] = "Accuracy",
        ["macro_accuracy"] = "Macro accuracy",
        ["log_loss"] = "Log loss",
        ["brier_score"] = "Brier score",
        ["calibration_error"] = "Calibration error",
        ["calibration_bins"] = "Calibration bins",
    };

    public int Run(EvaluateRequest request)
    {
        var model = ModelFile.Read(new MLContext(), request.Model);
        if (!model.Final.HasLabel)
            throw new UsageException("evaluate compares predictions with labels, and this model has none: use predict.");
        if (model.Final.Roles.Label == RatioWords.FileLabel)
            throw new UsageException("evaluate compares predictions with labels, and this density ratio tells two files apart: use predict.");
        var plan = new ScoringPlan(model, CsvFile.Open(request.Data), request.UnseenIsMissing).WithLabel();
        plan.Check(rows => Progress("checking", rows));
        if (plan.IncompleteRows == plan.Rows)
            throw new BadDataException($"no row of {plan.File.Name} has all that is needed: every one lacks a value.");
        if (plan.Note("are left out") is string note)
            terminal.Warn(note);

        var scorer = new Scorer(plan, request.Level);
        JsonObject report;
        if (scorer.Model.Task == PredictionTask.BinaryClassification)
        {
            var metrics = new BinaryMetrics(scorer);
            scorer.Run(withLabel: true, metrics.Add, stop);
            report = metrics.Report();
        }
        else if (scorer.Model.Task == PredictionTask.MulticlassClassification)
        {
            var metrics = new ClassMetrics(scorer);
            scorer.Run(withLabel: true, metrics.Add, stop);
            report = metrics.Report();
        }
        else
        {
            var metrics = new RegressionMetrics(scorer);
            scorer.Run(withLabel: true, metrics.Add, stop);
            report = metrics.Report();
        }
        if (report.ContainsKey("auc") && report["auc"] is null)
            terminal.Warn("every label is of one class: there is no area under the curve.");
        terminal.ClearProgress();
        Print(request, plan, report);
        return 0;
    }

    private void Print(EvaluateRequest request, ScoringPlan plan, JsonObject report)
    {
        if (request.Json)
        {
            report.Insert(0, "data", plan.File.Name);
            terminal.Print(report);
            return;
        }
        var table = new Table { Border = terminal.IsTerminal ? TableBorder.Rounded : TableBorder.Simple };
        table.AddColumn("Measure");
        table.AddColumn(new TableColumn("Value").RightAligned());
        bool weighted = plan.Weight is not null;
        foreach (var (key, value) in report)
        {
            if (key == "sum_of_weights" && !weighted)
                continue;
            table.AddRow(Names[key], Show(value));
        }
        terminal.Pretty.Write(table);
        if (weighted)
            terminal.Pretty.WriteLine($"weighted by '{plan.Weight}'");
    }

    private static string Show(JsonNode? value)
    {
        if (value is null)
            return "-";
        double number = double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
        return number == Math.Floor(number) && Math.Abs(number) < 1e15
            ? number.ToString("0", CultureInfo.InvariantCulture)
            : FitTable.Short(number);
    }

    private void Progress(string what, long rows)
    {
        stop.ThrowIfCancellationRequested();
        terminal.Progress(string.Create(CultureInfo.InvariantCulture, $"{what}: {rows:N0} rows"));
    }
}
