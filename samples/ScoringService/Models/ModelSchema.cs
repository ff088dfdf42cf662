using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Examples.Scoring;

/// <summary>What rows a pipeline takes and what it says of them, found from the pipeline itself.</summary>
/// <remarks>
/// Predictions are the columns that the first step which scores, and every step after it, adds. An input is optional if nothing
/// but LogDensity needs it: that is the label.
/// </remarks>
internal sealed class ModelSchema
{
    private ModelSchema(DataViewSchema columns, IReadOnlyList<ModelInput> inputs, IReadOnlyList<ModelOutput> outputs) =>
        (Columns, Inputs, Outputs) = (columns, inputs, outputs);

    /// <summary>The columns of the input, as they were in training.</summary>
    public DataViewSchema Columns { get; }

    public IReadOnlyList<ModelInput> Inputs { get; }

    public IReadOnlyList<ModelOutput> Outputs { get; }

    /// <exception cref="NotSupportedException">The pipeline cannot be served; the message says why.</exception>
    public static ModelSchema Of(ITransformer transformer, DataViewSchema? input)
    {
        if (input is null)
            throw new NotSupportedException("It was saved without its input's schema: save it by mlContext.Model.Save(model, data.Schema, path).");
        if (!transformer.IsRowToRowMapper)
            throw new NotSupportedException("It does not give one prediction for one row, as where a step drops rows or looks at several.");
        var scored = transformer.GetOutputSchema(input);
        var mapper = transformer.GetRowToRowMapper(input);
        DataViewSchema.Column[] outputs =
        [
            .. PredictedNames(transformer, input).Select(name => scored[name]).Where(column => PredictionCell.JsonType(column.Type) is not null),
        ];
        if (outputs.Length == 0)
            throw new NotSupportedException("No step of it adds a column that JSON can say.");
        var needs = outputs.Select(column => mapper.GetDependencies([column]).Select(one => one.Index).ToHashSet()).ToArray();
        HashSet<int> all = [.. needs.SelectMany(one => one)];
        HashSet<int> required = [.. needs.Where((_, k) => outputs[k].Name != ColumnNames.LogDensity).SelectMany(one => one)];
        if (required.Count == 0)
            required = all;
        ModelInput[] inputs =
        [
            .. input.Select(column => new ModelInput(
                column.Name,
                column.Type,
                column.IsHidden || !all.Contains(column.Index) ? InputRole.Unused
                    : required.Contains(column.Index) ? InputRole.Required
                    : InputRole.Optional)),
        ];
        if (Array.Find(inputs, one => one.Role != InputRole.Unused && ColumnBuffer.Create(one.Type, 1) is null) is { } unsayable)
            throw new NotSupportedException($"It takes column '{unsayable.Name}' of {unsayable.Type}, which JSON cannot say.");
        return new(input, inputs, [.. outputs.Select((column, k) => new ModelOutput(
            column.Name, column.Type, SlotNames(column), [.. needs[k].Where(place => !required.Contains(place))]))]);
    }

    /// <summary>The names of the columns that predictions consist of.</summary>
    private static List<string> PredictedNames(ITransformer transformer, DataViewSchema schema)
    {
        var names = new List<string>();
        var steps = Steps(transformer).ToList();
        bool scores = false;
        for (int k = 0; k < steps.Count; k++)
        {
            var before = schema;
            schema = steps[k].GetOutputSchema(before);
            DataViewSchema.Column[] added =
                [.. schema.Where(column => !column.IsHidden && !before.Any(one => !one.IsHidden && one.Name == column.Name && one.Type.Equals(column.Type)))];
            scores |= k == steps.Count - 1 || added.Any(IsScore);
            if (scores)
                names.AddRange(added.Select(column => column.Name));
        }
        return [.. names.Distinct().Where(name => schema.GetColumnOrNull(name) is not null)];
    }

    /// <summary>A pipeline's steps, those of pipelines within it too.</summary>
    public static IEnumerable<ITransformer> Steps(ITransformer transformer) => transformer is IEnumerable<ITransformer> chain
        ? chain.SelectMany(Steps)
        : [transformer];

    private static bool IsScore(DataViewSchema.Column column) =>
        column.Annotations.Schema.GetColumnOrNull("ScoreColumnKind") is not null;

    private static IReadOnlyList<string> SlotNames(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType { Size: > 0 } vector || !column.HasSlotNames())
            return [];
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        column.GetSlotNames(ref names);
        return names.Length == vector.Size ? [.. names.DenseValues().Select(name => name.ToString())] : [];
    }
}
