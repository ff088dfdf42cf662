using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>Checks that a schema has the columns a trainer reads, of types it can read.</summary>
internal sealed class RoleChecker(IHost host, ColumnRoles roles, PredictionTask task)
{
    /// <exception cref="ArgumentOutOfRangeException">It has not; the message is ML.NET's own.</exception>
    public void Check(SchemaShape inputSchema)
    {
        Check(inputSchema, "feature", roles.Features, ColumnTypes.AreFeatures, ColumnTypes.Features);
        Check(inputSchema, "weight", roles.Weight, ColumnTypes.IsNumber, ColumnTypes.Number);
        Check(inputSchema, "offset", roles.Offset, ColumnTypes.IsNumber, ColumnTypes.Number);
        Check(inputSchema, "exposure", roles.Exposure, ColumnTypes.IsNumber, ColumnTypes.Number);
        foreach (string group in roles.Groups)
            Check(inputSchema, "group", group, ColumnTypes.HasGroups, ColumnTypes.Groups);
        if (!task.HasLabel())
            return;
        Check(inputSchema, "label", roles.Label, column => ColumnTypes.IsLabel(column, task), ColumnTypes.Label(task));
    }

    private void Check(
        SchemaShape inputSchema, string role, string? name, Predicate<SchemaShape.Column> isReadable, string expected)
    {
        if (name is null)
            return;
        if (!inputSchema.TryFindColumn(name, out var column))
            throw host.ExceptSchemaMismatch(nameof(inputSchema), role, name);
        if (!isReadable(column))
            throw host.ExceptSchemaMismatch(nameof(inputSchema), role, name, expected, column.GetTypeString());
    }
}
