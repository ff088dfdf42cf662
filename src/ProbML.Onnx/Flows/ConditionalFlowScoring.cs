using System.Buffers;
using MathNet.Numerics.Distributions;

namespace ProbML.Flows;

public sealed partial class ConditionalFlowModel
{
    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        int n = rows.Count, c = FeatureCount;
        float[] features = ArrayPool<float>.Shared.Rent(Math.Max(1, n * c));
        float[] points = ArrayPool<float>.Shared.Rent(Math.Max(1, n * pointCount));
        float[] responses = ArrayPool<float>.Shared.Rent(Math.Max(1, n)), densities = ArrayPool<float>.Shared.Rent(Math.Max(1, n));
        for (int i = 0; i < n; i++)
        {
            Prepare(rows.Row(i), features.AsSpan(i * c, c));
            responses[i] = (float)parts.Response.Forward(rows.ResponseOrNaN(i));
        }
        if (n > 0)
            session.Run(
                n,
                Inputs(features.AsMemory(0, n * c), responses.AsMemory(0, n), responses.AsMemory(0, n)),
                [
                    OnnxBinding.Of(QuantilesPort, points.AsMemory(0, n * pointCount)),
                    OnnxBinding.Of(DensityPort, densities.AsMemory(0, n)),
                ]);
        for (int i = 0; i < n; i++)
        {
            var row = outputs.Row(i);
            if (IsSpoilt(rows.Row(i)))
                row.Fill(float.NaN);
            else
                Write(row, points.AsSpan(i * pointCount, pointCount), rows.ResponseOrNaN(i), densities[i]);
        }
        ArrayPool<float>.Shared.Return(features);
        ArrayPool<float>.Shared.Return(points);
        ArrayPool<float>.Shared.Return(responses);
        ArrayPool<float>.Shared.Return(densities);
    }

    /// <summary>y = f⁻¹(u; x), u ~ N(0, 1), of a row, [count]; NaN where a feature is missing or infinite.</summary>
    /// <param name="row">x, [c].</param>
    /// <param name="count">How many.</param>
    /// <param name="random">The randomness.</param>
    /// <exception cref="NotSupportedException">The model was saved before flows could be drawn from.</exception>
    internal double[] Sample(ReadOnlySpan<double> row, int count, Random random)
    {
        if (!canDraw)
            throw new NotSupportedException("This flow was saved by an earlier version, without its draws. Fit it again to sample.");
        var drawn = new double[count];
        float[] features = new float[count * row.Length], noise = new float[count], values = new float[count];
        for (int i = 0; i < count; i++)
        {
            Prepare(row, features.AsSpan(i * row.Length, row.Length));
            noise[i] = (float)Normal.Sample(random, 0, 1);
        }
        if (count > 0)
            session.Run(count, Inputs(features, noise, noise), [OnnxBinding.Of(DrawPort, values)]);
        for (int i = 0; i < count; i++)
            drawn[i] = IsSpoilt(row) ? double.NaN : parts.Response.Inverse(values[i]);
        return drawn;
    }

    /// <summary>Whether <see cref="CumulativeProbabilities"/> can be found.</summary>
    internal bool CanInvert => canDraw;

    /// <summary>F(y | x) = Φ(u) at f⁻¹(u; x) = y, by bisection of all rows at once; NaN where x or y is none, [n].</summary>
    /// <param name="features">x, [n, c].</param>
    /// <param name="responses">y, [n].</param>
    internal double[] CumulativeProbabilities(ReadOnlySpan<double> features, ReadOnlySpan<double> responses)
    {
        int n = responses.Length, c = FeatureCount;
        float[] x = new float[n * c], noise = new float[n], drawn = new float[n];
        double[] low = new double[n], high = new double[n], result = new double[n];
        for (int i = 0; i < n; i++)
        {
            Prepare(features.Slice(i * c, c), x.AsSpan(i * c, c));
            (low[i], high[i]) = (-8, 8);
        }
        for (int step = 0; step < 26 && n > 0; step++)         // 16 / 2²⁶: all that a Single u tells
        {
            for (int i = 0; i < n; i++)
                noise[i] = (float)((low[i] + high[i]) / 2);
            session.Run(n, Inputs(x, noise, noise), [OnnxBinding.Of(DrawPort, drawn)]);
            for (int i = 0; i < n; i++)
            {
                double middle = (low[i] + high[i]) / 2;
                if (parts.Response.Inverse(drawn[i]) < responses[i])
                    low[i] = middle;
                else
                    high[i] = middle;
            }
        }
        for (int i = 0; i < n; i++)
            result[i] = IsSpoilt(features.Slice(i * c, c)) || !double.IsFinite(responses[i])
                ? double.NaN
                : NormalDistribution.Cdf((low[i] + high[i]) / 2);
        return result;
    }

    private OnnxBinding[] Inputs(Memory<float> features, Memory<float> responses, Memory<float> noise) => canDraw
        ?
        [
            OnnxBinding.Of(FeaturesPort, features), OnnxBinding.Of(ResponsePort, responses), OnnxBinding.Of(NoisePort, noise),
        ]
        : [OnnxBinding.Of(FeaturesPort, features), OnnxBinding.Of(ResponsePort, responses)];

    private void Prepare(ReadOnlySpan<double> x, Span<float> features)
    {
        for (int j = 0; j < features.Length; j++)
            features[j] = (float)parts.Maps[j].Forward(x[j]);
    }

    private void Write(Span<float> row, ReadOnlySpan<float> points, double response, float density)
    {
        double mean = 0, square = 0;
        for (int k = 0; k < NodeCount; k++)
            mean += Weights[k] * points[k];
        for (int k = 0; k < NodeCount; k++)
            square += Weights[k] * (points[k] - mean) * (points[k] - mean);
        double scale = parts.Response.Scale;
        row[0] = (float)parts.Response.Inverse(mean);
        row[1] = (float)(scale * Math.Sqrt(square));
        row[2] = (float)parts.Response.Inverse(points[NodeCount]);
        row[3] = (float)parts.Response.Inverse(points[NodeCount + 1]);
        row[4] = float.IsNaN(density) && double.IsFinite(response) ? float.NegativeInfinity : (float)(density - Math.Log(scale));
        for (int k = 0; k < parts.QuantileLevels.Count; k++)
            row[5 + k] = (float)parts.Response.Inverse(points[NodeCount + 2 + k]);
    }

    /// <inheritdoc/>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var (centres, scales) = (parts.Maps.Select(map => map.Centre).ToArray(), parts.Maps.Select(map => map.Scale).ToArray());
        var wide = Cast(rows.Features, OnnxElement.Double);
        var standard = Cast(
            graph.Node(
                "Div",
                [graph.Node("Sub", [wide, graph.Constant(centres, [1, centres.Length])]), graph.Constant(scales, [1, scales.Length])]),
            OnnxElement.Single);
        var none = Sum(graph.Node("Mul", [wide, Number(0)]));                       // NaN where a feature is missing or infinite
        var response = rows.Response.Exists
            ? graph.Node("Div", [graph.Node("Sub", [Cast(rows.Response, OnnxElement.Double), Number(parts.Response.Centre)]), Number(parts.Response.Scale)])
            : none;
        var inputs = new Dictionary<string, OnnxValue> { [FeaturesPort] = standard, [ResponsePort] = Cast(response, OnnxElement.Single) };
        if (canDraw)
            inputs[NoisePort] = inputs[ResponsePort];                               // what is drawn is not asked for
        var results = graph.Include(session.Model, inputs);
        var points = Cast(results[QuantilesPort], OnnxElement.Double);
        var nodes = Part(points, 0, NodeCount);
        var weights = graph.Constant(Weights, [1, NodeCount]);
        var mean = Sum(graph.Node("Mul", [nodes, weights]));
        var off = graph.Node("Sub", [nodes, mean]);
        var variance = Sum(graph.Node("Mul", [graph.Node("Mul", [off, off]), weights]));
        OnnxValue[] values =
        [
            Back(mean),
            Spoil(graph.Node("Mul", [graph.Node("Sqrt", [variance]), Number(parts.Response.Scale)])),
            Back(Part(points, NodeCount, NodeCount + 1)),
            Back(Part(points, NodeCount + 1, NodeCount + 2)),
            rows.Response.Exists
                ? Spoil(graph.Node(
                    "Sub", [Cast(results[DensityPort], OnnxElement.Double), Number(Math.Log(parts.Response.Scale))]))
                : default,
            .. parts.QuantileLevels.Count > 0 ? [Back(Part(points, NodeCount + 2, pointCount))] : Array.Empty<OnnxValue>(),
        ];
        for (int k = 0; k < values.Length && !wanted.IsEmpty; k++)
        {
            if (!wanted[k])
                values[k] = default;
        }
        return values;

        OnnxValue Number(double value) => graph.Constant([value], []);
        OnnxValue Cast(OnnxValue value, OnnxElement element) =>
            graph.Node("Cast", [value], OnnxArgument.Of("to", (long)element));
        OnnxValue Sum(OnnxValue terms) =>
            graph.Node("ReduceSum", [terms], OnnxArgument.Of("axes", [1L]), OnnxArgument.Of("keepdims", 1L));
        OnnxValue Part(OnnxValue value, long start, long end) => graph.Node(
            "Slice", [value, graph.Constant([start], [1]), graph.Constant([end], [1]), graph.Constant([1L], [1])]);
        OnnxValue Spoil(OnnxValue value) => Cast(graph.Node("Add", [value, none]), OnnxElement.Single);
        OnnxValue Back(OnnxValue value) => Spoil(graph.Node(
            "Add", [graph.Node("Mul", [value, Number(parts.Response.Scale)]), Number(parts.Response.Centre)]));
    }

    private static bool IsSpoilt(ReadOnlySpan<double> x)
    {
        foreach (double value in x)
        {
            if (!double.IsFinite(value))
                return true;
        }
        return false;
    }
}
