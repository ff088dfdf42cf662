using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Reports.Facts;

namespace ProbML.Reports.Rows;

/// <summary>Rows of features that are made up, and what the model and the steps after it say of them.</summary>
internal sealed class FeatureGrid(PipelineFacts pipeline, VectorDataViewType type, double offset)
{
    private readonly MLContext context = new(1);

    /// <summary>The predictions of rows: columns by name.</summary>
    /// <param name="rows">[n][d].</param>
    public IReadOnlyDictionary<string, double[][]> Predict(IReadOnlyList<double[]> rows)
    {
        var scored = Score(View(rows));
        string[] wanted = [.. scored.Schema.Where(one => !one.IsHidden && IsPrediction(one)).Select(one => one.Name).Distinct()];
        var found = wanted.ToDictionary(name => name, _ => new double[rows.Count][]);
        using var cursor = new RowCursor(scored, wanted, new());
        var readers = wanted.Select(name => cursor.Vector(name) ?? (cursor.Number(name) is var number ? () => [number()] : null!)).ToArray();
        for (int i = 0; cursor.MoveNext(); i++)
        {
            for (int k = 0; k < wanted.Length; k++)
                found[wanted[k]][i] = readers[k]();
        }
        return found;
    }

    private static bool IsPrediction(DataViewSchema.Column column) =>
        column.Name is ColumnNames.Score or ColumnNames.Probability or ColumnNames.ProbabilityLowerBound or ColumnNames.ProbabilityUpperBound
            or ColumnNames.LowerBound or ColumnNames.UpperBound or ColumnNames.EpistemicStandardDeviation or ColumnNames.ScoreStandardError
        && (RowCursor.IsNumber(column.Type) || ScoredColumns.IsVector(column.Type));

    /// <summary>The model's own step, then those after it that need nothing but what is there, as a calibration of intervals.</summary>
    private IDataView Score(IDataView view)
    {
        var scored = pipeline.Steps[pipeline.Place].Transform(view);
        foreach (var step in pipeline.Steps.Skip(pipeline.Place + 1))
        {
            try
            {
                step.GetOutputSchema(scored.Schema);
            }
            catch (ArgumentException)
            {
                continue;                                  // it needs a column of the data, as groups or weights
            }
            scored = step.Transform(scored);
        }
        return scored;
    }

    private IDataView View(IReadOnlyList<double[]> rows)
    {
        var roles = pipeline.Own?.Roles;
        bool isDouble = type.ItemType == NumberDataViewType.Double;
        var schema = SchemaDefinition.Create(typeof(GridRow));
        Keep(isDouble ? nameof(GridRow.Doubles) : nameof(GridRow.Singles), pipeline.FeatureColumn, type);
        Keep(isDouble ? nameof(GridRow.Singles) : nameof(GridRow.Doubles), null, null);
        Keep(nameof(GridRow.Offset), roles?.Offset, null);
        Keep(nameof(GridRow.Exposure), roles?.Exposure, null);
        Keep(nameof(GridRow.Group), roles is { Groups.Count: > 0 } ? nameof(GridRow.Group) : null, null);
        float atOffset = (float)(roles?.Exposure is null ? offset : 0), atExposure = (float)Math.Exp(roles?.Exposure is null ? 0 : offset);
        IDataView view = context.Data.LoadFromEnumerable(
            rows.Select(row => new GridRow
            {
                Doubles = isDouble ? row : [], Singles = isDouble ? [] : Array.ConvertAll(row, value => (float)value), Offset = atOffset, Exposure = atExposure,
            }),
            schema);
        foreach (string group in roles?.Groups ?? [])
            view = context.Transforms.CopyColumns(group, nameof(GridRow.Group)).Fit(view).Transform(view);
        return view;

        void Keep(string property, string? name, DataViewType? columnType)
        {
            var column = schema[property];
            if (name is null)
            {
                schema.Remove(column);
                return;
            }
            column.ColumnName = name;
            if (columnType is not null)
                column.ColumnType = columnType;
        }
    }

    private sealed class GridRow
    {
        public float[] Singles { get; set; } = [];

        public double[] Doubles { get; set; } = [];

        public float Offset { get; set; }

        public float Exposure { get; set; }

        public string Group { get; set; } = "";
    }
}
