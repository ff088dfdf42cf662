using ProbML.Laws;

namespace ProbML.Onnx.Tests;

/// <summary>Linear regression whose fitted model is a graph written by hand, as that of a Torch module would be.</summary>
internal sealed record OnnxLinear(int? Threads = null) : IFitter<OnnxScoringModel>
{
    public static Component Component { get; } = new(
        "OnnxLinear",
        PredictionTask.Regression,
        (context, setup) => ProbabilisticTrainer.Create(
            context, new OnnxLinear(setup.Threads), PredictionTask.Regression, setup.Roles, setup.Monitor));

    public IReadOnlyList<OutputColumn> Outputs { get; } =
    [
        new(ColumnNames.Score),
        new(ColumnNames.ScoreStandardDeviation),
        new(ColumnNames.LogDensity),
        new("Interval", Size: 2),
    ];

    public OnnxScoringModel Fit(Design design, TrainingMonitor monitor)
    {
        var glm = new GlmFitter(new() { Family = Families.Gaussian, NumberOfThreads = Threads }).Fit(design, monitor);
        double[] beta = [.. glm.Coefficients.Select(coefficient => coefficient.Estimate)];
        return new(Graph(beta, glm.Statistics.Dispersion), Outputs);
    }

    /// <summary>p(y | x) = N(y; β₀ + xᵀβ + offset, φ).</summary>
    public static byte[] Graph(double[] beta, double variance)
    {
        int d = beta.Length - 1;
        float deviation = (float)Math.Sqrt(variance);
        var graph = new OnnxGraph();
        var x = graph.Input(OnnxScoringModel.FeaturesInput, OnnxElement.Double, d);
        var offset = graph.Input(OnnxScoringModel.OffsetInput, OnnxElement.Single, 1);
        var y = graph.Input(OnnxScoringModel.ResponseInput, OnnxElement.Single, 1);
        var eta = graph.Node("Add", [
            graph.Node("MatMul", [x, graph.Constant(beta.AsSpan(1), [d, 1])]), graph.Constant([beta[0]], [])]);
        var mean = graph.Node("Add", [graph.Node("Cast", [eta], OnnxArgument.Of("to", (long)OnnxElement.Single)), offset]);
        var spread = graph.Node("Add", [graph.Node("Mul", [mean, graph.Constant([0f], [])]), graph.Constant([deviation], [])]);
        var z = graph.Node("Div", [graph.Node("Sub", [y, mean]), spread]);
        var density = graph.Node("Sub", [
            graph.Node("Mul", [graph.Node("Mul", [z, z]), graph.Constant([-0.5f], [])]),
            graph.Constant([(float)(0.5 * Math.Log(2 * Math.PI * variance))], [])]);
        graph.Output(ColumnNames.Score, mean, 1);
        graph.Output(ColumnNames.ScoreStandardDeviation, spread, 1);
        graph.Output(ColumnNames.LogDensity, density, 1);
        var bounds = graph.Constant([-1.96f * deviation, 1.96f * deviation], [2]);
        graph.Output("Interval", graph.Node("Add", [mean, bounds]), 2);
        return graph.ToBytes();
    }
}
