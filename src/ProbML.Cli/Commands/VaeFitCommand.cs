using System.Globalization;
using Microsoft.ML;
using ProbML.Vae;

namespace ProbML.Cli;

/// <summary><c>probml fit --model vae</c>: from a file of rows to an autoencoder, or a detector of anomalies.</summary>
/// <remarks>It alone uses libtorch: other commands do not load it, nor TorchSharp.</remarks>
internal sealed class VaeFitCommand(Terminal terminal, CancellationToken stop)
{
    private const string Features = "Features", Latent = "Latent";

    public int Run(VaeRequest request)
    {
        var choice = new VaeChoice(request);
        LoadLibrary();
        var common = request.Common;
        using var output = ReplacedFile.Create(common.Out, common.Data);
        var plan = VaePlan.Make(common, choice.NamedColumns, rows => Show($"reading {Path.GetFileName(common.Data)}", rows));
        var ml = new MLContext(common.Seed);
        var options = choice.Options(plan.Terms);
        if (!request.Anomaly)
        {
            return Fit(request, choice, plan, ml, output, ml.Transforms.VariationalAutoencoder(
                Latent, Features, options, common.Weight, Monitor()));
        }
        VaeAnomalyOptions detector = new() { Autoencoder = options };
        return Fit(request, choice, plan, ml, output, ml.AnomalyDetection.Trainers.VariationalAutoencoder(
            Features,
            detector with { FalseAlarmRate = request.FalseAlarmRate ?? detector.FalseAlarmRate },
            common.Weight,
            Monitor()));
    }

    /// <summary>First of all, so that nobody waits for a large file to hear of it.</summary>
    /// <exception cref="UsageException">There is no libtorch, or none that can be used.</exception>
    private static void LoadLibrary()
    {
        try
        {
            TorchRuntime.EnsureLoaded();
        }
        catch (Exception e) when (e is DllNotFoundException or InvalidOperationException)
        {
            throw new UsageException($"--model vae trains with libtorch: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private int Fit<TModel>(
        VaeRequest request,
        VaeChoice choice,
        VaePlan plan,
        MLContext ml,
        ReplacedFile output,
        ProbabilisticTrainer<TModel> trainer)
        where TModel : class, IScoringModel<TModel>
    {
        var view = plan.View();
        var pipeline = ml.Transforms.DesignMatrix(Features, [.. plan.Terms])
            .Append(trainer)
            .Fit(FitCommand.Hold(ml, view, plan.Scan));
        using var model = (IDisposable)pipeline.LastTransformer.Model;
        var report = VaeReport.Build(model, new(request, choice, plan));
        ModelFile.Write(ml, pipeline, view.Schema, report, output.Stream);
        stop.ThrowIfCancellationRequested();
        output.Commit();
        terminal.ClearProgress();
        if (request.Common.Json)
            terminal.Print(report);
        else
            VaeTable.Print(terminal, report);
        return 0;
    }

    private TrainingMonitor Monitor() => new()
    {
        Cancellation = stop,
        Warning = terminal.Warn,
        Information = terminal.Note,
        Progress = new FitCommand.Reporter(progress => terminal.Progress(string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Stage} {progress.Iteration}: -ELBO {progress.Objective:G8}, {progress.RowsPerSecond:N0} rows/s"))),
    };

    private void Show(string what, long rows)
    {
        stop.ThrowIfCancellationRequested();
        terminal.Progress(string.Create(CultureInfo.InvariantCulture, $"{what}: {rows:N0} rows"));
    }
}
