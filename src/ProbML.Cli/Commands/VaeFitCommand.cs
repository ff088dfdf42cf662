using Microsoft.ML;
using ProbML.Vae;

namespace ProbML.Cli;

/// <summary><c>probml fit --model vae</c>: from a file of rows to an autoencoder, or a detector of anomalies.</summary>
/// <remarks>It and its siblings alone use libtorch: other commands do not load it, nor TorchSharp.</remarks>
internal sealed class VaeFitCommand(Terminal terminal, CancellationToken stop)
{
    private const string Latent = "Latent";

    private readonly TorchFit fitting = new(terminal, stop);

    public int Run(VaeRequest request)
    {
        var choice = new VaeChoice(request);
        terminal.IsQuiet = request.Common.Json;
        TorchFit.LoadLibrary(VaeWords.Name);
        var common = request.Common;
        using var output = ReplacedFile.Create(common.Out, common.Data);
        var plan = VaePlan.Make(common, choice.NamedColumns, rows => fitting.Show($"reading {Path.GetFileName(common.Data)}", rows));
        var ml = new MLContext(common.Seed);
        var options = choice.Options(plan.Terms);
        if (!request.Anomaly)
            return Fit(ml.Transforms.VariationalAutoencoder(
                Latent, TorchFit.Features, options, common.Weight, fitting.Monitor("-ELBO")));
        VaeAnomalyOptions detector = new() { Autoencoder = options };
        return Fit(ml.AnomalyDetection.Trainers.VariationalAutoencoder(
            TorchFit.Features,
            detector with { FalseAlarmRate = request.FalseAlarmRate ?? detector.FalseAlarmRate },
            common.Weight,
            fitting.Monitor("-ELBO")));

        int Fit<TModel>(ProbabilisticTrainer<TModel> trainer)
            where TModel : class, IScoringModel<TModel>, IDisposable => fitting.Run(
                common, plan, ml, output, trainer, model => VaeReport.Build(model, new(request, choice, plan)), VaeTable.Print);
    }
}
