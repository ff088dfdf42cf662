namespace ProbML.Vae;

/// <summary>The networks of a variational autoencoder as ONNX graphs, loaded: encoders q(z_l | z_{l−1}) and decoders.</summary>
/// <remarks>
/// Encoder 1 reads <see cref="FeaturesPort"/>, the others <see cref="LatentPort"/>; they give <see cref="PosteriorPort"/>.
/// Decoder 1 gives <see cref="ParametersPort"/>, the others the mean and ln variance of the layer below. A flow for each
/// layer, or none, maps the draws of the posteriors.
/// </remarks>
internal sealed class VaeGraphs : IDisposable
{
    public const string FeaturesPort = OnnxScoringModel.FeaturesInput;
    public const string LatentPort = "Latent";
    public const string PosteriorPort = "Posterior";
    public const string ParametersPort = "Parameters";

    private readonly OnnxSession[] encoders;
    private readonly OnnxSession[] decoders;
    private readonly PosteriorFlowGraph[] flows;

    public VaeGraphs(
        Func<OnnxSession>[] encoders, Func<OnnxSession>[] decoders, Func<PosteriorFlowGraph>[] flows)
    {
        this.encoders = new OnnxSession[encoders.Length];
        this.decoders = new OnnxSession[decoders.Length];
        this.flows = new PosteriorFlowGraph[flows.Length];
        try
        {
            for (int l = 0; l < encoders.Length; l++)
                (this.encoders[l], this.decoders[l]) = (encoders[l](), decoders[l]());
            for (int l = 0; l < flows.Length; l++)
                this.flows[l] = flows[l]();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int LayerCount => encoders.Length;

    /// <summary>The flows of q(z₁ | x), …: as many as there are layers, or none.</summary>
    public IReadOnlyList<PosteriorFlowGraph> Flows => flows;

    /// <summary>The numbers of the posterior's family, [n, width].</summary>
    public float[] Encode(int layer, Memory<float> input, int rows) =>
        Run(encoders[layer - 1], layer == 1 ? FeaturesPort : LatentPort, input, PosteriorPort, rows);

    /// <summary>The layout's parameters, or the mean and ln variance of the layer below, [n, width].</summary>
    public float[] Decode(int layer, Memory<float> latent, int rows) =>
        Run(decoders[layer - 1], LatentPort, latent, ParametersPort, rows);

    /// <summary>The numbers of a row that a graph reads, and that it gives.</summary>
    public (int Input, int Output) EncoderWidths(int layer) => Widths(encoders[layer - 1]);

    /// <inheritdoc cref="EncoderWidths"/>
    public (int Input, int Output) DecoderWidths(int layer) => Widths(decoders[layer - 1]);

    public ReadOnlyMemory<byte> Encoder(int layer) => encoders[layer - 1].Model;

    public ReadOnlyMemory<byte> Decoder(int layer) => decoders[layer - 1].Model;

    public void Write(BinaryWriter writer)
    {
        for (int l = 0; l < encoders.Length; l++)
        {
            encoders[l].Write(writer);
            decoders[l].Write(writer);
        }
        writer.Write(flows.Length > 0);
        foreach (var flow in flows)
            flow.Write(writer);
    }

    /// <param name="reader">What <see cref="Write"/> wrote.</param>
    /// <param name="covariance">Of the posteriors.</param>
    /// <param name="sizes">The dimensions of z₁, …, z_L.</param>
    /// <param name="mayFlow">Whether what was written says if there are flows.</param>
    public static VaeGraphs Read(BinaryReader reader, PosteriorCovariance covariance, int[] sizes, bool mayFlow)
    {
        int layers = sizes.Length;
        var (encoders, decoders) = (new OnnxSession[layers], new OnnxSession[layers]);
        PosteriorFlowGraph[] flows = [];
        try
        {
            for (int l = 0; l < layers; l++)
            {
                encoders[l] = OnnxSession.Read(reader);
                decoders[l] = OnnxSession.Read(reader);
            }
            if (mayFlow && reader.ReadBoolean())
            {
                flows = new PosteriorFlowGraph[layers];
                for (int l = 0; l < layers; l++)
                    flows[l] = PosteriorFlowGraph.Load(covariance, sizes[l], () => OnnxSession.Read(reader));
            }
        }
        catch
        {
            Dispose(encoders, decoders, flows);
            throw;
        }
        return new([.. encoders.Select(Known)], [.. decoders.Select(Known)], [.. flows.Select(Known)]);

        static Func<T> Known<T>(T session) => () => session;
    }

    public void Dispose() => Dispose(encoders, decoders, flows);

    private static void Dispose(params IEnumerable<IDisposable?>[] sessions)
    {
        foreach (var session in sessions.SelectMany(some => some))
            session?.Dispose();
    }

    private static (int Input, int Output) Widths(OnnxSession session) =>
        ((int)session.Inputs[0].Width, (int)session.Outputs[0].Width);

    private static float[] Run(OnnxSession session, string from, Memory<float> input, string to, int rows)
    {
        var output = new float[rows * (int)session.Outputs[0].Width];
        if (rows > 0)
            session.Run(rows, [OnnxBinding.Of(from, input)], [OnnxBinding.Of(to, output)]);
        return output;
    }
}
