namespace ProbML.Vae;

/// <summary>The networks of a variational autoencoder as ONNX graphs, loaded: encoders q(z_l | z_{l−1}) and decoders.</summary>
/// <remarks>
/// Encoder 1 reads <see cref="FeaturesPort"/>, the others <see cref="LatentPort"/>; they give <see cref="PosteriorPort"/>.
/// Decoder 1 gives <see cref="ParametersPort"/>, the others the mean and ln variance of the layer below.
/// </remarks>
internal sealed class VaeGraphs : IDisposable
{
    public const string FeaturesPort = OnnxScoringModel.FeaturesInput;
    public const string LatentPort = "Latent";
    public const string PosteriorPort = "Posterior";
    public const string ParametersPort = "Parameters";

    private readonly OnnxSession[] encoders;
    private readonly OnnxSession[] decoders;

    public VaeGraphs(Func<OnnxSession>[] encoders, Func<OnnxSession>[] decoders)
    {
        this.encoders = new OnnxSession[encoders.Length];
        this.decoders = new OnnxSession[decoders.Length];
        try
        {
            for (int l = 0; l < encoders.Length; l++)
                (this.encoders[l], this.decoders[l]) = (encoders[l](), decoders[l]());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int LayerCount => encoders.Length;

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
    }

    public static VaeGraphs Read(BinaryReader reader, int layers)
    {
        var (encoders, decoders) = (new OnnxSession[layers], new OnnxSession[layers]);
        try
        {
            for (int l = 0; l < layers; l++)
            {
                encoders[l] = OnnxSession.Read(reader);
                decoders[l] = OnnxSession.Read(reader);
            }
        }
        catch
        {
            foreach (var session in encoders.Concat(decoders))
                session?.Dispose();
            throw;
        }
        return new([.. encoders.Select(Known)], [.. decoders.Select(Known)]);

        static Func<OnnxSession> Known(OnnxSession session) => () => session;
    }

    public void Dispose()
    {
        foreach (var session in encoders.Concat(decoders))
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
