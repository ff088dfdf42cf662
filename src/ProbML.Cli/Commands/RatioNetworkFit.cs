using System.Text.Json.Nodes;
using Microsoft.ML;
using ProbML.DensityRatios;
using static ProbML.Cli.ModelChoice;

namespace ProbML.Cli;

/// <summary>A density ratio by a network.</summary>
internal sealed record RatioNetworkSpec(RatioRequest Request, int Seed, LabelKind Kind) : ModelSpec
{
    public override LabelKind Label => Kind;
}

/// <summary>Fits networks of density ratios, with libtorch.</summary>
internal sealed class RatioNetworkFit : FamilyFit<RatioNetworkModel>
{
    private readonly RatioNetworkOptions options;

    /// <exception cref="UsageException">A name is unknown, or an option out of its range.</exception>
    public RatioNetworkFit(RatioRequest request, int seed)
    {
        RatioNetworkOptions usual = new();
        var network = request.Network!;
        options = usual with
        {
            Loss = Normal(request.Loss ?? "logistic") switch
            {
                "logistic" => RatioLoss.Logistic,
                "least-squares" => RatioLoss.LeastSquares,
                "exponential" => RatioLoss.Exponential,
                "kullback-leibler" => RatioLoss.KullbackLeibler,
                _ => throw new UsageException(
                    $"--loss is logistic, least-squares, exponential or kullback-leibler, not '{request.Loss}'."),
            },
            Hidden = network.Hidden.Count == 0 ? usual.Hidden : [.. network.Hidden.Select(VaeChoice.Units)],
            MaximumRatio = request.MaximumRatio,
            Training = usual.Training with
            {
                Epochs = network.Epochs ?? usual.Training.Epochs,
                BatchSize = network.Batch ?? usual.Training.BatchSize,
                LearningRate = network.LearningRate ?? usual.Training.LearningRate,
                Device = VaeChoice.DeviceOf(network.Device),
                Seed = seed,
            },
        };
    }

    protected override ProbabilisticTrainer<RatioNetworkModel> Trainer(
        MLContext ml, ColumnRoles columns, TrainingMonitor monitor, bool extends) =>
        ml.BinaryClassification.Trainers.DensityRatioNetwork(columns.Label, columns.Features, options, columns.Weight, monitor);

    public override FitSize Size(RatioNetworkModel model) => new(Converged: true, model.FeatureCount, []);

    public override (double? Eta, JsonNode? Mean) At(RatioNetworkModel model, double[] features, double offset)
    {
        double log = model.LogRatio(features);
        return (log, Json.Number(Math.Exp(log)));
    }

    public override LikelihoodRatioTest Compare(RatioNetworkModel reduced, RatioNetworkModel full) =>
        throw new NotSupportedException("Density ratios have no likelihood-ratio test.");

    public override JsonObject Report(RatioNetworkModel model, FitFacts facts, DropTest<RatioNetworkModel>? test) =>
        RatioReport.Build(model, facts);

    public override void Print(Terminal terminal, RatioNetworkModel model, JsonObject report) => RatioTable.Print(terminal, report);
}
