using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Vae;

namespace ProbML.Flows;

/// <summary>What a fitted conditional flow generates, as data views.</summary>
public static class ConditionalFlowGenerator
{
    /// <summary>y = f⁻¹(u; x), u ~ N(0, 1): for each row of features so many draws of the label, independent and exact.</summary>
    /// <remarks>
    /// The view is lazy, made again alike when read again, and has the features and the label. A row with a feature that is
    /// missing or infinite gets NaN. The model must not be disposed of before.
    /// </remarks>
    /// <param name="model">The flow.</param>
    /// <param name="context">The context.</param>
    /// <param name="data">Rows of features.</param>
    /// <param name="count">How many draws for each.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="featureColumnName">Their features, and the name of the result's first column.</param>
    /// <param name="labelColumnName">The name of the result's second column.</param>
    /// <exception cref="ArgumentException">The column is missing, or no vector of so many Single or Double.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    /// <exception cref="NotSupportedException">On reading: the model was saved before flows could be drawn from.</exception>
    public static IDataView Sample(
        this ConditionalFlowModel model,
        MLContext context,
        IDataView data,
        int count = 1,
        int seed = 1,
        string featureColumnName = "Features",
        string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrWhiteSpace(labelColumnName);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var source = VectorColumn.Of(data, featureColumnName, model.FeatureCount);
        var schema = SchemaDefinition.Create(typeof(DrawnRow));
        VectorColumn.Describe(schema[nameof(DrawnRow.Features)], featureColumnName, model.FeatureNames);
        schema[nameof(DrawnRow.Label)].ColumnName = labelColumnName;
        return context.Data.LoadFromEnumerable(Rows(), schema);

        IEnumerable<DrawnRow> Rows()
        {
            var random = new Random(seed);
            foreach (double[] row in source.Rows())
            {
                float[] features = Array.ConvertAll(row, value => (float)value);
                foreach (double label in model.Sample(row, count, random))
                    yield return new() { Features = features, Label = (float)label };
            }
        }
    }

    private sealed class DrawnRow
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
