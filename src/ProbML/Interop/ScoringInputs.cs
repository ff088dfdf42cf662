using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>The columns of a schema that a model reads when it scores; all but the features may be absent.</summary>
/// <remarks>The label is read only for its density; one of a type that says nothing counts as absent.</remarks>
internal sealed partial class ScoringInputs
{
    private readonly DataViewSchema.Column features;
    private readonly DataViewSchema.Column? offset;
    private readonly DataViewSchema.Column? exposure;
    private readonly DataViewSchema.Column? label;
    private readonly double[]? classOfKey;
    private readonly List<(DataViewSchema.Column? Column, IReadOnlyList<string> Levels)> groups = [];

    public ScoringInputs(
        IHost host,
        DataViewSchema schema,
        ModelEnvelope envelope,
        VectorDataViewType featureType,
        IReadOnlyList<GroupingFactor> factors)
    {
        var roles = envelope.Roles;
        features = schema.GetColumnOrNull(roles.Features)
            ?? throw host.ExceptSchemaMismatch("inputSchema", "feature", roles.Features);
        if (!ColumnTypes.AreFeatures(features.Type, featureType.Size))
            throw host.ExceptSchemaMismatch(
                "inputSchema", "feature", features.Name, featureType.ToString(), features.Type.ToString());
        offset = FindNumber(host, schema, "offset", roles.Offset);
        exposure = FindNumber(host, schema, "exposure", roles.Exposure);
        foreach (var factor in factors)
        {
            var column = schema.GetColumnOrNull(factor.Name);
            if (column is { } named && !ColumnTypes.HasGroups(named.Type))
                throw host.ExceptSchemaMismatch("inputSchema", "group", named.Name, ColumnTypes.Groups, named.Type.ToString());
            groups.Add((column, factor.Levels));
        }
        label = envelope.Task.HasLabel() ? schema.GetColumnOrNull(roles.Label) : null;
        if (label is { } found && envelope.Classes is { } classes)
            classOfKey = ClassLabels.Of(found) is { } keys ? classes.Match(keys) : null;
        if (label is { } candidate && !IsReadable(candidate.Type, envelope))
            label = null;
    }

    public bool HasOffsets => offset.HasValue || exposure.HasValue;

    public bool HasLabel => label.HasValue;

    /// <summary>The columns to be read, those of the label only if wanted.</summary>
    public IEnumerable<DataViewSchema.Column> Columns(bool withLabel)
    {
        DataViewSchema.Column?[] columns = [features, offset, exposure, withLabel ? label : null, .. groups.Select(group => group.Column)];
        return columns.OfType<DataViewSchema.Column>();
    }

    public FeatureReader Features(DataViewRow row) => FeatureReader.Create(row, row.Schema[features.Index]);

    public Func<double>? Label(DataViewRow row) => label is { } found && classOfKey is not null
        ? NumberGetter.Create(row, row.Schema[found.Index], classOfKey)
        : Number(row, label);

    /// <summary>Offset and ln(exposure), added up; NaN for an exposure that is not positive.</summary>
    public Func<double>? Offset(DataViewRow row)
    {
        var added = Number(row, offset);
        var amount = Number(row, exposure);
        return amount is null ? added : () =>
        {
            double units = amount(), log = units > 0 ? Math.Log(units) : double.NaN;
            return log + (added?.Invoke() ?? 0);
        };
    }

    /// <summary>Each factor's place of the row's group; one whose column is absent has none.</summary>
    public Func<int>[] Groups(DataViewRow row) =>
    [
        .. groups.Select(group => group.Column is { } column
            ? LevelColumn.Of(row.Schema[column.Index])!.Indexer(row, group.Levels)
            : () => GroupingFactor.Unknown),
    ];

    private bool IsReadable(DataViewType type, ModelEnvelope envelope) =>
        envelope.Classes is null ? ColumnTypes.IsLabel(type, envelope.Task) : classOfKey is not null;

    private static Func<double>? Number(DataViewRow row, DataViewSchema.Column? column) =>
        column is { } found ? NumberGetter.Create(row, row.Schema[found.Index]) : null;

    private static DataViewSchema.Column? FindNumber(IHost host, DataViewSchema schema, string role, string? name)
    {
        var column = name is null ? null : schema.GetColumnOrNull(name);
        if (column is { } found && !ColumnTypes.IsNumber(found.Type))
            throw host.ExceptSchemaMismatch(
                "inputSchema", role, found.Name, ColumnTypes.Number, found.Type.ToString());
        return column;
    }
}
