using System.Buffers;

namespace ProbML.Vae;

/// <summary>A fitted variational autoencoder: encodes rows, says how likely they are, and generates new ones.</summary>
/// <remarks>
/// Its networks are ONNX graphs that ONNX Runtime scores in blocks: neither TorchSharp nor libtorch is needed. NaN is a
/// feature that was not observed; a row with an infinite one gets NaN in every column, and one with a value outside of its
/// distribution's support has ln p(x) = −∞. Draws of z come from the seed and what the row holds, so a row's columns do
/// not depend on where it stands. With several stochastic layers the latent columns hold z₁, …, z_L side by side, each
/// inferred from the mean of the one below. Immutable and thread-safe; holds native memory, so dispose of it, or of its
/// transformer. Kingma &amp; Welling (2014); Rezende, Mohamed &amp; Wierstra (2014).
/// </remarks>
[ModelKey("Vae")]
public sealed partial class VaeModel : IScoringModel<VaeModel>, IOnnxModel, IDisposable
{
    private readonly VaeGraphs graphs;
    private readonly PosteriorNumbers[] posteriors;
    private readonly VaeModelParts parts;
    private readonly int latentWidth;

    /// <summary>Loads the networks.</summary>
    /// <param name="parts">What it is made of besides.</param>
    /// <param name="encoders">The graphs of q(z₁ | x), q(z₂ | z₁), …</param>
    /// <param name="decoders">The graphs of p(x | z₁), p(z₁ | z₂), …</param>
    /// <param name="flows">The graphs of the posteriors' flows; null, or none: they are Gaussian.</param>
    /// <exception cref="ArgumentException">Networks and parts do not fit together.</exception>
    /// <exception cref="FormatException">The bytes are no ONNX graphs.</exception>
    public VaeModel(
        VaeModelParts parts,
        IReadOnlyList<ReadOnlyMemory<byte>> encoders,
        IReadOnlyList<ReadOnlyMemory<byte>> decoders,
        IReadOnlyList<ReadOnlyMemory<byte>>? flows = null)
        : this(parts, new VaeGraphs(
            [.. encoders.Select(bytes => (Func<OnnxSession>)(() => new(bytes)))],
            [.. decoders.Select(bytes => (Func<OnnxSession>)(() => new(bytes)))],
            [.. (flows ?? []).Zip(parts.LatentSizes, (bytes, size) => (Func<PosteriorFlowGraph>)(() =>
                PosteriorFlowGraph.Load(parts.Covariance, size, () => new(bytes))))]))
    {
    }

    internal VaeModel(VaeModelParts parts, VaeGraphs graphs)
    {
        (this.parts, this.graphs) = (parts, graphs);
        Outputs = parts.Outputs;
        latentWidth = parts.LatentSizes.Sum();
        posteriors = [.. parts.LatentSizes.Select((size, l) => new PosteriorNumbers(
            parts.Covariance, size, l < graphs.Flows.Count ? graphs.Flows[l].ContextSize : 0))];
        Inference = new(graphs, parts.Layout, posteriors, parts.Samples, parts.Seed);
        try
        {
            CheckWidths();
        }
        catch
        {
            graphs.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int FeatureCount => parts.Layout.FeatureNames.Count;

    /// <inheritdoc/>
    public int BlockSize => 256;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>Which column has which distribution.</summary>
    public LikelihoodLayout Layout => parts.Layout;

    /// <summary>The dimensions of z₁, …, z_L, from the data up.</summary>
    public IReadOnlyList<int> LatentSizes => parts.LatentSizes;

    /// <summary>How the networks were trained.</summary>
    public TrainingReceipt Receipt => parts.Receipt;

    /// <summary>Whether the optimizer ended as planned; false: by a loss that was no number.</summary>
    public bool Converged => parts.Receipt.Converged;

    internal VaeGraphs Graphs => graphs;

    internal VaeInference Inference { get; }

    internal VaeModelParts Parts => parts;

    internal IReadOnlyList<PosteriorNumbers> Posteriors => posteriors;

    /// <summary>The ONNX file of an encoder: 1 gives q(z₁ | x), l > 1 gives q(z_l | z_{l−1}).</summary>
    /// <param name="layer">From 1.</param>
    public ReadOnlyMemory<byte> EncoderGraph(int layer = 1) => graphs.Encoder(layer);

    /// <summary>The ONNX file of a decoder: 1 gives p(x | z₁), l > 1 gives p(z_{l−1} | z_l).</summary>
    /// <param name="layer">From 1.</param>
    public ReadOnlyMemory<byte> DecoderGraph(int layer = 1) => graphs.Decoder(layer);

    /// <summary>
    /// The ONNX file of the flow of a posterior: from a draw of the Gaussian, Start, and the last of the encoder's numbers,
    /// Context, to Latent and LogDet. Empty: the posterior is Gaussian.
    /// </summary>
    /// <param name="layer">From 1.</param>
    public ReadOnlyMemory<byte> PosteriorFlow(int layer = 1) => graphs.Flows.Count == 0 ? default : graphs.Flows[layer - 1].Model;

    /// <summary>The same model with other columns.</summary>
    /// <remarks>Both share the networks: dispose of one of them only, when neither is in use.</remarks>
    public VaeModel With(Func<VaeModelParts, VaeModelParts> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new(change(parts), graphs);
    }

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        int chunk = NeedsDraws(outputs) ? Inference.ChunkRows : Math.Max(1, rows.Count);
        for (int start = 0; start < rows.Count; start += chunk)
            ScoreChunk(rows, start, Math.Min(chunk, rows.Count - start), outputs);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">A column is wanted that needs draws of z.</exception>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var values = new OnnxValue[Outputs.Count];
        int drawn = parts.Columns.HasFlag(VaeColumns.LatentStandardDeviation) ? 2 : 1;
        for (int k = drawn; k < values.Length; k++)
        {
            if (wanted.IsEmpty || wanted[k])
                throw new NotSupportedException(
                    $"The column '{Outputs[k].Name}' needs random draws, which an ONNX file cannot make again alike. Leave it "
                    + "out of the columns to export, or score with ProbML.");
        }
        var (means, deviations) = (new List<OnnxValue>(), new List<OnnxValue>());
        var input = rows.Features;
        for (int l = 1; l <= posteriors.Length; l++)
        {
            string port = l == 1 ? VaeGraphs.FeaturesPort : VaeGraphs.LatentPort;
            var numbers = graph.Include(graphs.Encoder(l), new Dictionary<string, OnnxValue> { [port] = input })
                [VaeGraphs.PosteriorPort];
            var (mean, deviation) = graphs.Flows.Count > 0
                ? graphs.Flows[l - 1].EmitMoments(graph, numbers)
                : (posteriors[l - 1].EmitMean(graph, numbers), posteriors[l - 1].EmitStandardDeviation(graph, numbers));
            means.Add(input = mean);
            deviations.Add(deviation);
        }
        if (wanted.IsEmpty || wanted[0])
            values[0] = Join(means);
        if (drawn == 2 && (wanted.IsEmpty || wanted[1]))
            values[1] = Join(deviations);
        return values;

        OnnxValue Join(List<OnnxValue> layers) =>
            layers.Count == 1 ? layers[0] : graph.Node("Concat", layers.ToArray(), OnnxArgument.Of("axis", 1));
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        VaeModelFormat.Write(writer, parts, graphs);
    }

    /// <inheritdoc/>
    public static VaeModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        try
        {
            var (parts, graphs) = VaeModelFormat.Read(reader);
            return new(parts, graphs);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"The saved autoencoder is damaged: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => graphs.Dispose();

    /// <summary>The numbers of encoder 1 for rows of features, [n, width].</summary>
    internal float[] Encode(ReadOnlySpan<double> features, int rows)
    {
        float[] input = ArrayPool<float>.Shared.Rent(Math.Max(1, features.Length));
        System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(features, input.AsSpan(0, features.Length));
        float[] numbers = graphs.Encode(1, input.AsMemory(0, features.Length), rows);
        ArrayPool<float>.Shared.Return(input);
        return numbers;
    }

    private void CheckWidths()
    {
        if (graphs.LayerCount != posteriors.Length || posteriors.Length == 0)
            throw new ArgumentException(
                $"There are {graphs.LayerCount} encoders for {posteriors.Length} stochastic layers.", nameof(parts));
        if (graphs.Flows.Count != 0 && graphs.Flows.Count != posteriors.Length)
            throw new ArgumentException(
                $"There are {graphs.Flows.Count} flows for {posteriors.Length} stochastic layers.", nameof(parts));
        for (int l = 1; l <= posteriors.Length; l++)
        {
            int below = l == 1 ? FeatureCount : posteriors[l - 2].Dimension, size = posteriors[l - 1].Dimension;
            Check($"Encoder {l}", graphs.EncoderWidths(l), (below, posteriors[l - 1].Width));
            Check($"Decoder {l}", graphs.DecoderWidths(l), (size, l == 1 ? Layout.ParameterCount : 2 * below));
        }

        static void Check(string network, (int Input, int Output) found, (int Input, int Output) expected)
        {
            if (found != expected)
                throw new ArgumentException(
                    $"{network} maps {found.Input} numbers to {found.Output}; {expected.Input} to {expected.Output} fit.");
        }
    }
}
