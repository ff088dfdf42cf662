using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Vae;

namespace ProbML.Flows;

/// <summary>What a fitted flow generates, as data views.</summary>
/// <remarks>Views are lazy, and made again alike when read again. The model must not be disposed of before.</remarks>
public static class FlowGenerator
{
    private const int BlockRows = 256;

    /// <summary>New rows x = f⁻¹(u), u ~ b: a column of features like those of training, with their slot names.</summary>
    /// <param name="model">The flow.</param>
    /// <param name="context">The context.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="columnName">The column's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static IDataView Sample(
        this FlowModel model, MLContext context, int count, int seed = 1, string columnName = "Features")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var schema = SchemaDefinition.Create(typeof(SampledRow));
        VectorColumn.Describe(schema[nameof(SampledRow.Values)], columnName, model.FeatureNames);
        return context.Data.LoadFromEnumerable(Rows(), schema);

        IEnumerable<SampledRow> Rows()
        {
            var random = new Random(seed);
            int d = model.FeatureCount;
            for (int start = 0; start < count; start += BlockRows)
            {
                int rows = Math.Min(BlockRows, count - start);
                double[] block = model.Sample(rows, random);
                for (int i = 0; i < rows; i++)
                    yield return new() { Values = Array.ConvertAll(block[(i * d)..((i + 1) * d)], value => (float)value) };
            }
        }
    }

    private sealed class SampledRow
    {
        public float[] Values { get; set; } = [];
    }
}
