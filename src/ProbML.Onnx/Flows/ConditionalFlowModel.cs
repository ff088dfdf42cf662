using System.Buffers;

namespace ProbML.Flows;

/// <summary>A fitted conditional flow: the distribution of y given x, of any shape.</summary>
/// <remarks>
/// u = f(y; x) is standard normal and rises with y, so the quantile of y at p is f⁻¹(Φ⁻¹(p); x), without sampling. Mean and
/// standard deviation are integrals over u by the trapezoidal rule on 65 points in [−6, 6]. Scored by ONNX Runtime: neither
/// TorchSharp nor libtorch is needed. A row with a feature that is missing or infinite gets NaN. Immutable and
/// thread-safe; holds native memory, so dispose of it, or of its transformer.
/// </remarks>
[ModelKey("ConditionalFlow")]
public sealed partial class ConditionalFlowModel : IScoringModel<ConditionalFlowModel>, IOnnxModel, IDisposable
{
    /// <summary>The name of the column of quantiles.</summary>
    public const string Quantiles = "Quantiles";

    internal const string FeaturesPort = OnnxScoringModel.FeaturesInput;
    internal const string ResponsePort = OnnxScoringModel.ResponseInput;
    internal const string DensityPort = ColumnNames.LogDensity;
    internal const string QuantilesPort = Quantiles;
    internal const string NoisePort = "Noise";
    internal const string DrawPort = "Draw";

    private const int FormatVersion = 1;
    private const int NodeCount = 65;
    private const double Reach = 6;

    private static readonly double[] Weights = NodeWeights();

    private readonly ConditionalFlowParts parts;
    private readonly OnnxSession session;
    private readonly int pointCount;
    private readonly bool canDraw;

    /// <summary>Loads the graph.</summary>
    /// <param name="parts">What it is made of besides.</param>
    /// <param name="graph">The ONNX file.</param>
    /// <exception cref="ArgumentException">Graph and parts do not fit together.</exception>
    /// <exception cref="FormatException">The bytes are no ONNX graph.</exception>
    public ConditionalFlowModel(ConditionalFlowParts parts, ReadOnlyMemory<byte> graph)
        : this(parts, new OnnxSession(graph))
    {
    }

    private ConditionalFlowModel(ConditionalFlowParts parts, OnnxSession session)
    {
        ArgumentNullException.ThrowIfNull(parts);
        (this.parts, this.session) = (parts, session);
        Outputs = Columns(parts.QuantileLevels.Count);
        canDraw = session.Inputs.Any(port => port.Name == NoisePort && port.Width == 1)
            && session.Outputs.Any(port => port.Name == DrawPort && port.Width == 1);
        pointCount = NodeCount + 2 + parts.QuantileLevels.Count;
        if (parts.Maps.Count == FeatureCount
            && session.Inputs.Any(port => port.Name == FeaturesPort && port.Width == FeatureCount)
            && session.Inputs.Any(port => port.Name == ResponsePort && port.Width == 1)
            && session.Outputs.Any(port => port.Name == DensityPort && port.Width == 1)
            && session.Outputs.Any(port => port.Name == QuantilesPort && port.Width == pointCount))
            return;
        session.Dispose();
        throw new ArgumentException($"The graph is not that of a conditional flow of {FeatureCount} features.", nameof(parts));
    }

    /// <inheritdoc/>
    public int FeatureCount => parts.FeatureNames.Count;

    /// <inheritdoc/>
    public int BlockSize => 256;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>The names of the features, [c].</summary>
    public IReadOnlyList<string> FeatureNames => parts.FeatureNames;

    /// <summary>What the architecture is called.</summary>
    public string Architecture => parts.Architecture;

    /// <summary>The probability of the interval.</summary>
    public double Level => parts.Level;

    /// <summary>The levels of the column Quantiles.</summary>
    public IReadOnlyList<double> QuantileLevels => parts.QuantileLevels;

    /// <summary>How it was trained.</summary>
    public TrainingReceipt Receipt => parts.Receipt;

    /// <summary>Whether the optimizer ended as planned; false: by a loss that was no number.</summary>
    public bool Converged => parts.Receipt.Converged;

    /// <summary>The ONNX file, from standardized features and response to log density and quantiles.</summary>
    public ReadOnlyMemory<byte> Graph => session.Model;

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        writer.Write(parts.Architecture);
        writer.Write(parts.Level);
        writer.WriteArray(parts.QuantileLevels.ToArray());
        writer.WriteArray(parts.FeatureNames);
        writer.WriteArray(parts.Maps.Append(parts.Response).SelectMany(map => new[] { map.Centre, map.Scale }).ToArray());
        writer.Write(parts.Receipt.WithoutTimes().ToJson());
        session.Write(writer);
    }

    /// <inheritdoc/>
    public static ConditionalFlowModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ReadVersion(FormatVersion, "flow");
        string architecture = reader.ReadString();
        double level = reader.ReadDouble();
        double[] levels = reader.ReadDoubleArray("quantiles");
        string[] names = reader.ReadStringArray("features");
        double[] scales = reader.ReadDoubleArray("scales");
        if (!(level is > 0 and < 1) || scales.Length != 2 * (names.Length + 1) || names.Length == 0
            || !scales.All(double.IsFinite) || scales.Where((_, i) => i % 2 == 1).Any(scale => scale <= 0))
            throw new FormatException("The saved flow is damaged: its level, or the scale of a column, is none.");
        StandardMap[] maps = [.. Enumerable.Range(0, names.Length + 1).Select(j => new StandardMap(scales[2 * j], scales[2 * j + 1]))];
        var parts = new ConditionalFlowParts
        {
            FeatureNames = names,
            Maps = maps[..^1],
            Response = maps[^1],
            Architecture = architecture,
            Level = level,
            QuantileLevels = levels,
            Receipt = TrainingReceipt.FromJson(reader.ReadString()),
        };
        try
        {
            return new(parts, OnnxSession.Read(reader));
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"The saved flow is damaged: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    /// <summary>The columns, with so many quantiles.</summary>
    internal static IReadOnlyList<OutputColumn> Columns(int quantiles)
    {
        List<OutputColumn> columns =
        [
            new(ColumnNames.Score), new(ColumnNames.ScoreStandardDeviation), new(ColumnNames.LowerBound),
            new(ColumnNames.UpperBound), new(ColumnNames.LogDensity),
        ];
        if (quantiles > 0)
            columns.Add(new(Quantiles, quantiles));
        return columns;
    }

    /// <summary>The u at which y is wanted: nodes of the integrals, the interval's ends, the quantiles.</summary>
    internal static double[] Points(double level, IReadOnlyList<double> quantileLevels) =>
    [
        .. Enumerable.Range(0, NodeCount).Select(Node),
        NormalDistribution.Quantile((1 - level) / 2),
        NormalDistribution.Quantile((1 + level) / 2),
        .. quantileLevels.Select(NormalDistribution.Quantile),
    ];

    private static double Node(int index) => Reach * (2.0 * index / (NodeCount - 1) - 1);

    private static double[] NodeWeights()
    {
        double[] weights = [.. Enumerable.Range(0, NodeCount).Select(index => NormalDistribution.Density(Node(index)))];
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
