using ProbML.Flows;

namespace ProbML.DensityRatios;

/// <summary>A fitted network of ln r(x) = ln p(x)/q(x).</summary>
/// <remarks>
/// Every row is scored by the one network, those that it was fitted to as well: <c>Transforms.DensityRatio</c> over its trainer
/// leaves them out. Scored by ONNX Runtime: neither TorchSharp nor libtorch is needed. A row with a feature that is missing or
/// infinite gets NaN. Immutable and thread-safe; holds native memory, so dispose of it, or of its transformer.
/// </remarks>
[ModelKey("RatioNetwork")]
public sealed partial class RatioNetworkModel : IScoringModel<RatioNetworkModel>, IDensityRatio, IOnnxModel, IDisposable
{
    internal const string FeaturesPort = OnnxScoringModel.FeaturesInput;
    internal const string LogRatioPort = ColumnNames.LogRatio;

    internal static readonly OutputColumn[] Columns =
    [
        new(ColumnNames.Score),
        new(ColumnNames.Probability, IsNormalized: true),
        new(ColumnNames.LogRatio),
        new(ColumnNames.DensityRatio),
        new(ColumnNames.Weight),
    ];

    private const int FormatVersion = 1;

    private readonly RatioNetworkParts parts;
    private readonly OnnxSession session;

    /// <summary>Loads the graph.</summary>
    /// <param name="parts">What it is made of besides.</param>
    /// <param name="graph">The ONNX file, from standardized features, [n, d], to the log ratio, [n, 1].</param>
    /// <exception cref="ArgumentException">Graph and parts do not fit together.</exception>
    /// <exception cref="FormatException">The bytes are no ONNX graph.</exception>
    public RatioNetworkModel(RatioNetworkParts parts, ReadOnlyMemory<byte> graph)
        : this(parts, new OnnxSession(graph))
    {
    }

    private RatioNetworkModel(RatioNetworkParts parts, OnnxSession session)
    {
        ArgumentNullException.ThrowIfNull(parts);
        (this.parts, this.session) = (parts, session);
        if (parts.Maps.Count == FeatureCount
            && session.Inputs.Any(port => port.Name == FeaturesPort && port.Width == FeatureCount)
            && session.Outputs.Any(port => port.Name == LogRatioPort && port.Width == 1))
            return;
        session.Dispose();
        throw new ArgumentException($"The graph is not that of a log ratio of {FeatureCount} features.", nameof(parts));
    }

    /// <inheritdoc cref="IDensityRatio.FeatureCount"/>
    public int FeatureCount => parts.FeatureNames.Count;

    /// <inheritdoc/>
    public int BlockSize => 256;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => Columns;

    /// <summary>The names of the features, [d].</summary>
    public IReadOnlyList<string> FeatureNames => parts.FeatureNames;

    /// <summary>What the network and its loss are called.</summary>
    public string Architecture => parts.Architecture;

    /// <summary>Divergences, effective sample size, and what makes weights of ratios, by the rows that it was fitted to.</summary>
    public DensityRatioStatistics Statistics => parts.Statistics;

    /// <summary>How it was trained.</summary>
    public TrainingReceipt Receipt => parts.Receipt;

    /// <summary>Whether the optimizer ended as planned; false: by a loss that was no number.</summary>
    public bool Converged => parts.Receipt.Converged;

    /// <summary>The ONNX file, from standardized features to the log ratio.</summary>
    public ReadOnlyMemory<byte> Graph => session.Model;

    /// <summary>The same network with other statistics; the graph is shared, so dispose of one alone.</summary>
    internal RatioNetworkModel With(DensityRatioStatistics statistics) => new(parts with { Statistics = statistics }, session);

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        writer.Write(parts.Architecture);
        writer.Write(parts.LogPriorOdds);
        writer.WriteArray(parts.FeatureNames);
        writer.WriteArray(parts.Maps.SelectMany(map => new[] { map.Centre, map.Scale }).ToArray());
        parts.Statistics.Write(writer);
        writer.Write(parts.Receipt.WithoutTimes().ToJson());
        session.Write(writer);
    }

    /// <inheritdoc/>
    public static RatioNetworkModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ReadVersion(FormatVersion, "ratio network");
        string architecture = reader.ReadString();
        double prior = reader.ReadDouble();
        string[] names = reader.ReadStringArray("features");
        double[] scales = reader.ReadDoubleArray("scales");
        if (!double.IsFinite(prior) || scales.Length != 2 * names.Length || names.Length == 0
            || !scales.All(double.IsFinite) || scales.Where((_, i) => i % 2 == 1).Any(scale => scale <= 0))
            throw new FormatException("The saved ratio network is damaged: its prior odds, or the scale of a column, is none.");
        var parts = new RatioNetworkParts
        {
            FeatureNames = names,
            Maps = [.. Enumerable.Range(0, names.Length).Select(j => new StandardMap(scales[2 * j], scales[2 * j + 1]))],
            LogPriorOdds = prior,
            Architecture = architecture,
            Statistics = DensityRatioStatistics.Read(reader),
            Receipt = TrainingReceipt.FromJson(reader.ReadString()),
        };
        try
        {
            return new(parts, OnnxSession.Read(reader));
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"The saved ratio network is damaged: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();
}
