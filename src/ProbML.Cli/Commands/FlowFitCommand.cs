using Microsoft.ML;
using ProbML.Flows;
using static ProbML.Cli.ModelChoice;

namespace ProbML.Cli;

/// <summary><c>probml fit --model flow</c>: from a file of rows to a normalizing flow, or a detector of anomalies.</summary>
internal sealed class FlowFitCommand(Terminal terminal, CancellationToken stop)
{
    private readonly TorchFit fitting = new(terminal, stop);

    public int Run(FlowRequest request)
    {
        var options = Options(request);
        terminal.IsQuiet = request.Common.Json;
        TorchFit.LoadLibrary(FlowWords.Name);
        var common = request.Common;
        using var output = ReplacedFile.Create(common.Out, common.Data);
        var plan = VaePlan.Make(common, [], rows => fitting.Show($"reading {Path.GetFileName(common.Data)}", rows));
        var ml = new MLContext(common.Seed);
        if (!request.Anomaly)
            return Fit(ml.Transforms.NormalizingFlow(
                "Noise", TorchFit.Features, options, common.Weight, fitting.Monitor("-ln p")));
        FlowAnomalyOptions detector = new() { Flow = options };
        return Fit(ml.AnomalyDetection.Trainers.NormalizingFlow(
            TorchFit.Features,
            detector with { FalseAlarmRate = request.FalseAlarmRate ?? detector.FalseAlarmRate },
            common.Weight,
            fitting.Monitor("-ln p")));

        int Fit<TModel>(ProbabilisticTrainer<TModel> trainer)
            where TModel : class, IScoringModel<TModel>, IDisposable => fitting.Run(
                common, plan, ml, output, trainer, model => FlowReport.Build(model, new(request, plan)), FlowTable.Print);
    }

    /// <exception cref="UsageException">A name is unknown, or options contradict each other.</exception>
    private static FlowOptions Options(FlowRequest request)
    {
        CheckColumns(request.Common);
        Check(request.FalseAlarmRate is not null && !request.Anomaly, "--false-alarm-rate needs --anomaly.");
        FlowOptions usual = new();
        var options = usual with
        {
            Preprocessing = Circles(request.Circular),
            Kind = Normal(request.Kind) switch
            {
                "nsf" => FlowKind.NeuralSpline,
                "realnvp" => FlowKind.RealNvp,
                "maf" => FlowKind.MaskedAutoregressive,
                "nsf-ar" => FlowKind.NeuralSplineAutoregressive,
                "iaf" => FlowKind.InverseAutoregressive,
                "continuous" => FlowKind.Continuous,
                _ => throw new UsageException($"--kind is nsf, realnvp, maf, nsf-ar, iaf or continuous, not '{request.Kind}'."),
            },
            Noise = Normal(request.Noise) switch
            {
                "normal" => FlowNoise.StandardNormal,
                "learned-normal" => FlowNoise.Normal,
                "student-t" => FlowNoise.StudentT,
                "mixture" => FlowNoise.GaussianMixture,
                _ => throw new UsageException($"--base is normal, learned-normal, student-t or mixture, not '{request.Noise}'."),
            },
            Layers = request.Layers,
            Hidden = request.Hidden.Count == 0 ? usual.Hidden : [.. request.Hidden.Select(VaeChoice.Units)],
            Training = usual.Training with
            {
                Epochs = request.Epochs ?? usual.Training.Epochs,
                BatchSize = request.Batch ?? usual.Training.BatchSize,
                LearningRate = request.LearningRate ?? usual.Training.LearningRate,
                Device = VaeChoice.DeviceOf(request.Device),
                Seed = request.Common.Seed ?? 1,
            },
        };
        try
        {
            options.Validate();
            return options;
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new UsageException(e.Message.ReplaceLineEndings(" "));
        }
    }

    private static Dictionary<string, ColumnPreprocessing> Circles(IReadOnlyList<string> texts)
    {
        var circles = new Dictionary<string, ColumnPreprocessing>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            int equals = text.LastIndexOf('=');
            string[] ends = equals < 0 ? [] : text[(equals + 1)..].Split(':');
            double[] numbers = [.. ends.Select(end => Cell.TryNumber(end.Trim(), out double number) ? number : double.NaN)];
            double low = numbers.Length == 2 ? numbers[0] : 0, period = numbers.Length == 2 ? numbers[1] - low : numbers.FirstOrDefault();
            Check(
                equals < 1 || numbers.Length > 2 || !(period > 0) || !double.IsFinite(period),
                $"--circular '{text}': write column=period, as hour=24, or column=low:high, as longitude=-180:180.");
            Check(
                !circles.TryAdd(text[..equals], ColumnPreprocessing.Circular(period, low)), $"--circular names '{text[..equals]}' twice.");
        }
        return circles;
    }
}
