using ProbML.Flows;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.Flows;

/// <summary>Runs a formula by ONNX Runtime.</summary>
internal static class GraphRun
{
    /// <summary>The first two results for rows, [n, d].</summary>
    public static (Tensor First, Tensor Second) Of(Tensor rows, Func<FlowValue, IReadOnlyList<FlowValue>> formula)
    {
        var graph = new OnnxGraph();
        var input = graph.Input("x", OnnxElement.Single, (int)rows.shape[1]);
        var results = formula(new GraphValue(new GraphScope(graph), input));
        graph.Output("first", GraphValue.Of(results[0]), OnnxElement.Single, [-1, -1]);
        graph.Output("second", GraphValue.Of(results[1]), OnnxElement.Single, [-1, -1]);
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(graph.ToBytes());
        using var options = new Microsoft.ML.OnnxRuntime.RunOptions();
        using var given = Microsoft.ML.OnnxRuntime.OrtValue.CreateTensorValueFromMemory(
            MemoryMarshal.Cast<byte, float>(rows.contiguous().bytes).ToArray(), rows.shape);
        using var outputs = session.Run(options, ["x"], [given], ["first", "second"]);
        return (Take(0), Take(1));

        Tensor Take(int index) => tensor(outputs[index].GetTensorDataAsSpan<float>().ToArray())
            .reshape(outputs[index].GetTensorTypeAndShape().Shape);
    }
}
