namespace ProbML.Flows;

/// <summary>A flow as two ONNX graphs, loaded: from rows to noise and log density, and from noise to rows.</summary>
/// <remarks>
/// Density: <see cref="RowsPort"/>, [n, d], to <see cref="NoisePort"/>, [n, d], and <see cref="TermsPort"/>, [n, d] or
/// [n, 1], whose sum is ln p. Sampling: the other way. Of Single, and of columns already preprocessed.
/// </remarks>
internal sealed class FlowGraphs : IDisposable
{
    public const string RowsPort = "Rows";
    public const string NoisePort = "Noise";
    public const string TermsPort = "Terms";

    private readonly OnnxSession density;
    private readonly OnnxSession sampling;

    public FlowGraphs(Func<OnnxSession> density, Func<OnnxSession> sampling)
    {
        this.density = density();
        try
        {
            this.sampling = sampling();
        }
        catch
        {
            this.density.Dispose();
            throw;
        }
    }

    public ReadOnlyMemory<byte> Density => density.Model;

    public ReadOnlyMemory<byte> Sampling => sampling.Model;

    /// <summary>The columns, and the terms of a row.</summary>
    public (int Columns, int Terms) Widths => (
        (int)density.Inputs[0].Width,
        (int)(density.Outputs.FirstOrDefault(port => port.Name == TermsPort)?.Width ?? 0));

    public bool Fit(int d, int terms) => Widths == (d, terms) && density.Outputs.Any(port => port.Name == NoisePort && port.Width == d)
        && sampling.Inputs[0].Width == d && sampling.Outputs[0].Width == d;

    public void Evaluate(int rows, Memory<float> values, Memory<float> noise, Memory<float> terms)
    {
        if (rows == 0)
            return;
        if (noise.IsEmpty)
            density.Run(rows, [OnnxBinding.Of(RowsPort, values)], [OnnxBinding.Of(TermsPort, terms)]);
        else
            density.Run(
                rows,
                [OnnxBinding.Of(RowsPort, values)],
                [OnnxBinding.Of(NoisePort, noise), OnnxBinding.Of(TermsPort, terms)]);
    }

    public void Sample(int rows, Memory<float> noise, Memory<float> values)
    {
        if (rows > 0)
            sampling.Run(rows, [OnnxBinding.Of(NoisePort, noise)], [OnnxBinding.Of(RowsPort, values)]);
    }

    public void Write(BinaryWriter writer)
    {
        density.Write(writer);
        sampling.Write(writer);
    }

    public static FlowGraphs Read(BinaryReader reader) => new(() => OnnxSession.Read(reader), () => OnnxSession.Read(reader));

    public void Dispose()
    {
        density.Dispose();
        sampling.Dispose();
    }
}
