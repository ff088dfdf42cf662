namespace ProbML.Flows;

/// <summary>A fitted normalizing flow: the density of rows, their noise u = f(x), and new rows.</summary>
/// <remarks>
/// ln p(x) = ln b(f(x)) + ln |det ∂f/∂x|, in nats, of the columns as they are. Its bijection is an ONNX graph for each way,
/// scored in blocks by ONNX Runtime: neither TorchSharp nor libtorch is needed. A row with a feature that is missing or
/// infinite gets NaN in every column but <c>MarginalLogDensity</c> and its standard error; one outside of the columns' support, or so far out that Single overflows, has
/// ln p(x) = −∞. A column of counts stands for the cell [x, x + 1), and ln p(x) holds its probability: the density's mean
/// over the points of a lattice in the cell. Immutable and thread-safe; holds native memory, so dispose of it, or of its
/// transformer. Papamakarios et al. (2021).
/// </remarks>
[ModelKey("Flow")]
public sealed partial class FlowModel : IScoringModel<FlowModel>, IOnnxModel, IDisposable
{
    private readonly FlowGraphs graphs;
    private readonly FlowModelParts parts;
    private readonly Lazy<FlowMoments> moments;

    /// <summary>Loads the graphs.</summary>
    /// <param name="parts">What it is made of besides.</param>
    /// <param name="density">The graph from rows to noise and log density.</param>
    /// <param name="sampling">The graph from noise to rows.</param>
    /// <exception cref="ArgumentException">Graphs and parts do not fit together.</exception>
    /// <exception cref="FormatException">The bytes are no ONNX graphs.</exception>
    public FlowModel(FlowModelParts parts, ReadOnlyMemory<byte> density, ReadOnlyMemory<byte> sampling)
        : this(parts, new FlowGraphs(() => new(density), () => new(sampling)))
    {
    }

    internal FlowModel(FlowModelParts parts, FlowGraphs graphs)
    {
        ArgumentNullException.ThrowIfNull(parts);
        (this.parts, this.graphs) = (parts, graphs);
        moments = new(() => FlowMoments.Of(graphs, parts.Noise));
        int d = FeatureCount;
        Outputs = FlowModelParts.Outputs(parts.OutputColumnName, parts.Columns, d);
        bool fits = parts.Maps.Count == d && parts.IsCount.Count == d && parts.Noise.Dimension == d
            && graphs.Fit(d, TermCount)
            && (parts.HasConditionals || !parts.Columns.HasFlag(FlowColumns.ConditionalLogDensity));
        if (fits)
            return;
        graphs.Dispose();
        throw new ArgumentException($"The graphs, maps and noise are not those of a flow of {d} columns.", nameof(parts));
    }

    /// <inheritdoc/>
    public int FeatureCount => parts.FeatureNames.Count;

    /// <inheritdoc/>
    public int BlockSize => 256;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>The names of the features, [d].</summary>
    public IReadOnlyList<string> FeatureNames => parts.FeatureNames;

    /// <summary>What the architecture is called.</summary>
    public string Architecture => parts.Architecture;

    /// <summary>What each column goes through first, [d].</summary>
    public IReadOnlyList<ColumnMap> Maps => parts.Maps;

    /// <summary>Which columns are counts, [d].</summary>
    public IReadOnlyList<bool> IsCount => parts.IsCount;

    /// <summary>How it was trained.</summary>
    public TrainingReceipt Receipt => parts.Receipt;

    /// <summary>Whether the optimizer ended as planned; false: by a loss that was no number.</summary>
    public bool Converged => parts.Receipt.Converged;

    /// <summary>The ONNX file from preprocessed rows to noise and log density.</summary>
    public ReadOnlyMemory<byte> DensityGraph => graphs.Density;

    /// <summary>The ONNX file from noise to preprocessed rows.</summary>
    public ReadOnlyMemory<byte> SamplingGraph => graphs.Sampling;

    internal FlowModelParts Parts => parts;

    private int TermCount => parts.HasConditionals ? FeatureCount : 1;

    /// <summary>How many columns, the last ones, are of what is known of a row.</summary>
    private int MarginalColumns => (parts.Columns.HasFlag(FlowColumns.MarginalLogDensity) ? 1 : 0)
        + (parts.Columns.HasFlag(FlowColumns.MarginalLogDensityStandardError) ? 1 : 0);

    private bool HasCounts => parts.IsCount.Contains(true);

    /// <summary>The same model with other columns.</summary>
    /// <remarks>Both share the graphs: dispose of one of them only, when neither is in use.</remarks>
    public FlowModel With(Func<FlowModelParts, FlowModelParts> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new(change(parts), graphs);
    }

    /// <summary>New rows x = f⁻¹(u), u ~ b, [n, d], row-major.</summary>
    /// <param name="rows">n.</param>
    /// <param name="random">The randomness.</param>
    public double[] Sample(int rows, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentNullException.ThrowIfNull(random);
        float[] values = FlowDraws.Of(graphs, parts.Noise, rows, random);
        var x = new double[values.Length];
        for (int i = 0; i < x.Length; i++)
            x[i] = Back(i % FeatureCount, values[i]);
        return x;
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        FlowModelFormat.Write(writer, parts, graphs);
    }

    /// <inheritdoc/>
    public static FlowModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var (parts, graphs) = FlowModelFormat.Read(reader);
        try
        {
            return new(parts, graphs);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"The saved flow is damaged: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => graphs.Dispose();
}
