using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace ProbML.Vae;

/// <summary>The flow z = f(z₀; h) of a posterior as an ONNX graph, loaded, and the moments of z that follow from it.</summary>
/// <remarks>
/// E z and the standard deviations have no closed form: they are averages over fixed draws ε of z₀ = μ + L ε, the same for
/// every row, in pairs ±ε and whitened. So both are exact where f is affine, and a row's do not depend on other rows.
/// </remarks>
internal sealed class PosteriorFlowGraph : IDisposable
{
    public const string StartPort = "Start";
    public const string ContextPort = "Context";
    public const string LatentPort = "Latent";
    public const string LogDetPort = "LogDet";

    private const string MeanPort = "Mean", DeviationPort = "StandardDeviation";
    private const int FewestPairs = 64;

    private readonly OnnxSession flow;
    private readonly OnnxSession moments;
    private readonly PosteriorNumbers family;

    /// <summary>Loads the graph of moments beside that of f.</summary>
    /// <param name="covariance">Of q₀.</param>
    /// <param name="dimension">k.</param>
    /// <param name="flow">From <see cref="StartPort"/>, [n, k], and <see cref="ContextPort"/>, [n, c].</param>
    /// <exception cref="ArgumentException">It is no flow of so many dimensions.</exception>
    public PosteriorFlowGraph(PosteriorCovariance covariance, int dimension, OnnxSession flow)
    {
        this.flow = flow;
        long Width(IEnumerable<OnnxPort> ports, string name) =>
            ports.FirstOrDefault(port => port.Name == name) is { Shape.Count: 2 } port ? port.Width : -1;
        int context = (int)Width(flow.Inputs, ContextPort);
        if (context < 1 || Width(flow.Inputs, StartPort) != dimension || Width(flow.Outputs, LatentPort) != dimension
            || Width(flow.Outputs, LogDetPort) != 1)
            throw new ArgumentException($"The graph of a posterior's flow does not map {dimension} numbers.", nameof(flow));
        family = new(covariance, dimension, context);
        var graph = new OnnxGraph();
        var (mean, deviation) = EmitMoments(graph, graph.Input(VaeGraphs.PosteriorPort, OnnxElement.Single, family.Width));
        graph.Output(MeanPort, mean, dimension);
        graph.Output(DeviationPort, deviation, dimension);
        moments = new(graph.ToBytes());
    }

    /// <summary>Loads f, and disposes of it if it does not fit.</summary>
    /// <inheritdoc cref="PosteriorFlowGraph(PosteriorCovariance, int, OnnxSession)"/>
    public static PosteriorFlowGraph Load(PosteriorCovariance covariance, int dimension, Func<OnnxSession> load)
    {
        var flow = load();
        try
        {
            return new(covariance, dimension, flow);
        }
        catch
        {
            flow.Dispose();
            throw;
        }
    }

    /// <summary>How many numbers of the encoder f takes, c.</summary>
    public int ContextSize => family.ContextSize;

    public ReadOnlyMemory<byte> Model => flow.Model;

    /// <summary>z in the place of z₀, and ln |det ∂z/∂z₀|.</summary>
    /// <param name="latent">z₀, [n, k].</param>
    /// <param name="context">[n, c].</param>
    /// <param name="logDet">[n].</param>
    public void Map(Memory<float> latent, Memory<float> context, Memory<float> logDet)
    {
        if (logDet.IsEmpty)
            return;
        var mapped = new float[latent.Length];
        flow.Run(
            logDet.Length,
            [OnnxBinding.Of(StartPort, latent), OnnxBinding.Of(ContextPort, context)],
            [OnnxBinding.Of(LatentPort, mapped.AsMemory()), OnnxBinding.Of(LogDetPort, logDet)]);
        mapped.CopyTo(latent);
    }

    /// <summary>E z and the standard deviations of z, [n, k] each, for the encoder's numbers, [n, width].</summary>
    public void Moments(Memory<float> numbers, int rows, Memory<float> mean, Memory<float> deviation)
    {
        if (rows > 0)
            moments.Run(
                rows,
                [OnnxBinding.Of(VaeGraphs.PosteriorPort, numbers)],
                [OnnxBinding.Of(MeanPort, mean), OnnxBinding.Of(DeviationPort, deviation)]);
    }

    /// <summary>The same as operators: one draw after the other, so that memory does not grow with their number.</summary>
    public (OnnxValue Mean, OnnxValue Deviation) EmitMoments(IOnnxGraph graph, OnnxValue numbers)
    {
        int k = family.Dimension;
        var context = family.EmitContext(graph, numbers);
        var (draws, count) = Draws(k);
        var noise = graph.Constant(draws, [count, k]);
        var centre = Apply(graph, family.EmitMean(graph, numbers), context);   // differences from it lose no digits
        var zero = graph.Node("Sub", [centre, centre]);
        var sums = graph.Repeat(count, [zero, zero], (body, iteration, state) =>
        {
            var start = family.EmitDraw(body, numbers, body.Node("Gather", [noise, iteration]));
            var difference = body.Node("Sub", [Apply(body, start, context), centre]);
            var square = body.Node("Mul", [difference, difference]);
            return ([body.Node("Add", [state[0], difference]), body.Node("Add", [state[1], square])], default);
        });
        OnnxValue OverDraws(OnnxValue sum) => graph.Node("Mul", [sum, graph.Constant([1f / count], [1])]);
        var shift = OverDraws(sums[0]);
        var variance = graph.Node("Sub", [OverDraws(sums[1]), graph.Node("Mul", [shift, shift])]);
        var positive = graph.Node("Max", [variance, graph.Constant([0f], [1])]);
        return (graph.Node("Add", [centre, shift]), graph.Node("Sqrt", [positive]));
    }

    public void Write(BinaryWriter writer) => flow.Write(writer);

    public void Dispose()
    {
        flow.Dispose();
        moments.Dispose();
    }

    private OnnxValue Apply(IOnnxGraph graph, OnnxValue start, OnnxValue context) => graph.Include(
        flow.Model, new Dictionary<string, OnnxValue> { [StartPort] = start, [ContextPort] = context })[LatentPort];

    /// <summary>Standard normal draws whose mean is 0 and whose covariance is I, [count, k].</summary>
    private static (float[] Draws, int Count) Draws(int k)
    {
        int pairs = Math.Max(FewestPairs, 2 * k);
        var values = new double[pairs * k];
        Normal.Samples(new Random(1), values, 0, 1);
        var half = Matrix<double>.Build.Dense(pairs, k, values);
        var factor = (half.TransposeThisAndMultiply(half) / pairs).Cholesky().Factor;
        var white = half * factor.Transpose().Inverse();                  // (L⁻¹ h)ᵀ, covariance L⁻¹ (L Lᵀ) L⁻ᵀ = I
        var draws = new float[2 * pairs * k];
        for (int i = 0; i < pairs; i++)
        {
            for (int j = 0; j < k; j++)
            {
                draws[2 * i * k + j] = (float)white[i, j];
                draws[(2 * i + 1) * k + j] = -(float)white[i, j];
            }
        }
        return (draws, 2 * pairs);
    }
}
