using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;

namespace ProbML.Cli;

/// <summary>What fits of models without a label share: libtorch, the pipeline, the file, the report.</summary>
internal sealed class TorchFit(Terminal terminal, CancellationToken stop)
{
    public const string Features = "Features";

    /// <summary>First of all, so that nobody waits for a large file to hear of it.</summary>
    /// <exception cref="UsageException">There is no libtorch, or none that can be used.</exception>
    /// <param name="model">What the model is called.</param>
    public static void LoadLibrary(string model)
    {
        try
        {
            TorchRuntime.EnsureLoaded();
        }
        catch (Exception e) when (e is DllNotFoundException or InvalidOperationException)
        {
            throw new UsageException($"--model {model} trains with libtorch: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Fits a trainer to the rows of a file, and writes what it gives.</summary>
    public int Run<TModel>(
        FitRequest common,
        VaePlan plan,
        MLContext ml,
        ReplacedFile output,
        ProbabilisticTrainer<TModel> trainer,
        Func<TModel, JsonObject> report,
        Action<Terminal, JsonObject> print)
        where TModel : class, IScoringModel<TModel>, IDisposable
    {
        var view = plan.View();
        var pipeline = ml.Transforms.DesignMatrix(Features, [.. plan.Terms])
            .Append(trainer)
            .Fit(FitCommand.Hold(ml, view, plan.Scan));
        using var model = pipeline.LastTransformer.Model;
        var json = report(model);
        ModelFile.Write(ml, pipeline, view.Schema, json, output.Stream);
        stop.ThrowIfCancellationRequested();
        output.Commit();
        terminal.ClearProgress();
        if (common.Json)
            terminal.Print(json);
        else
            print(terminal, json);
        return 0;
    }

    /// <summary>Progress of a training.</summary>
    /// <param name="objective">What is minimised.</param>
    public TrainingMonitor Monitor(string objective) => new()
    {
        Cancellation = stop,
        Warning = terminal.Warn,
        Information = terminal.Note,
        Progress = terminal.Training(objective),
    };

    /// <summary>Tells how many rows have been read.</summary>
    public void Show(string what, long rows)
    {
        stop.ThrowIfCancellationRequested();
        terminal.Progress(string.Create(CultureInfo.InvariantCulture, $"{what}: {rows:N0} rows"));
    }
}
