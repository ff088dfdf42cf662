using System.Buffers;

namespace ProbML.Flows;

/// <summary>A flow as an anomaly detector: Score is −ln p(x), in nats, larger the rarer a row is.</summary>
/// <remarks>
/// PValue is (1 + the number of rows held out whose Score is at least as large) / (m + 1): for a row like those of training
/// it is below α with probability α at most. Bates et al. (2023), eq. 3. Scores that differ by rounding count as equal. A row
/// that the flow cannot give has Score ∞.
/// </remarks>
[ModelKey("FlowAnomaly")]
public sealed class FlowAnomalyModel : IScoringModel<FlowAnomalyModel>, IAnomalyModel, IOnnxModel, IDisposable
{
    /// <summary>The name of the column of p-values.</summary>
    public const string PValue = "PValue";

    private const int FormatVersion = 1;
    private const float Rounding = 1e-5f;

    private readonly double[] calibration;

    /// <summary>Wraps a flow, which it will dispose of.</summary>
    /// <param name="flow">The flow; its own columns do not matter.</param>
    /// <param name="threshold">A row is an anomaly if its Score is larger.</param>
    /// <param name="calibration">The scores of rows held out.</param>
    public FlowAnomalyModel(FlowModel flow, double threshold, IReadOnlyList<double> calibration)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(calibration);
        Flow = flow.With(parts => parts with { Columns = FlowColumns.LogDensity });
        Threshold = threshold;
        this.calibration = [.. calibration.Order()];
    }

    /// <summary>The columns: Score, PValue.</summary>
    public static IReadOnlyList<OutputColumn> Columns { get; } = [new(ColumnNames.Score), new(PValue, IsNormalized: true)];

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => Columns;

    /// <inheritdoc/>
    public int FeatureCount => Flow.FeatureCount;

    /// <inheritdoc/>
    public int BlockSize => Flow.BlockSize;

    /// <summary>The flow, which also samples.</summary>
    public FlowModel Flow { get; }

    /// <inheritdoc/>
    public double Threshold { get; }

    /// <summary>The scores of the rows held out, rising.</summary>
    public IReadOnlyList<double> Calibration => calibration;

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        int width = FeatureCount + 1;
        float[] values = ArrayPool<float>.Shared.Rent(Math.Max(1, rows.Count * width));
        Flow.Score(rows, new(values.AsSpan(0, rows.Count * width), width));
        for (int i = 0; i < rows.Count; i++)
        {
            float score = -values[i * width + width - 1];
            var row = outputs.Row(i);
            (row[0], row[1]) = (score, float.IsNaN(score) ? score : (float)Share(score));
        }
        ArrayPool<float>.Shared.Return(values);
    }

    /// <inheritdoc/>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var score = graph.Node("Neg", [Flow.Emit(graph, rows)[1]]);
        float[] known = [.. calibration.Select(value => (float)value)];
        var size = graph.Node("Max", [graph.Node("Abs", [score]), graph.Constant([1f], [1, 1])]);
        var finite = graph.Node("Min", [size, graph.Constant([float.MaxValue], [1, 1])]);
        var edge = graph.Node("Sub", [score, graph.Node("Mul", [finite, graph.Constant([Rounding], [])])]);
        var isLess = graph.Node("Less", [graph.Constant(known, [1, known.Length], "calibration"), edge]);
        var less = graph.Node(
            "ReduceSum",
            [graph.Node("Cast", [isLess], OnnxArgument.Of("to", (long)OnnxElement.Single))],
            OnnxArgument.Of("axes", [1L]),
            OnnxArgument.Of("keepdims", 1L));
        var atLeast = graph.Node("Sub", [graph.Constant([1f + known.Length], []), less]);
        var share = graph.Node("Div", [atLeast, graph.Constant([1f + known.Length], [])]);
        var spoilt = graph.Node("Where", [graph.Node("IsNaN", [score]), score, share]);
        return [wanted.IsEmpty || wanted[0] ? score : default, wanted.IsEmpty || wanted[1] ? spoilt : default];
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        writer.Write(Threshold);
        writer.WriteArray(calibration);
        Flow.Write(writer);
    }

    /// <inheritdoc/>
    public static FlowAnomalyModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ReadVersion(FormatVersion, "detector");
        double threshold = reader.ReadDouble();
        double[] calibration = reader.ReadDoubleArray("scores");
        if (double.IsNaN(threshold) || calibration.Length == 0 || calibration.Any(double.IsNaN))
            throw new FormatException("The saved detector is damaged: its threshold or a score is no number.");
        return new(FlowModel.Read(reader), threshold, calibration);
    }

    /// <inheritdoc/>
    public void Dispose() => Flow.Dispose();

    private double Share(float score)
    {
        float edge = float.IsFinite(score) ? score - Math.Max(1, Math.Abs(score)) * Rounding : score;
        int low = 0, high = calibration.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if ((float)calibration[middle] < edge)
                low = middle + 1;
            else
                high = middle;
        }
        return (1.0 + calibration.Length - low) / (1.0 + calibration.Length);
    }
}
