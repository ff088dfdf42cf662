using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Vae;

/// <summary>What a fitted autoencoder generates, as data views.</summary>
/// <remarks>
/// Views are lazy: rows are made as they are read, and made again alike when read again. The model must not be disposed of
/// before.
/// </remarks>
public static class VaeGenerator
{
    private const int BlockRows = 256;

    /// <summary>New rows x ~ p(x | z), z ~ p(z): a column of features like those of training, with their slot names.</summary>
    /// <param name="model">The autoencoder.</param>
    /// <param name="context">The context.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="columnName">The column's name.</param>
    /// <param name="means">Whether rows are E[x | z], such as grey images, and not draws from p(x | z).</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static IDataView Sample(
        this VaeModel model, MLContext context, int count, int seed = 1, string columnName = "Features", bool means = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Features(model, context, Rows(), columnName);

        IEnumerable<float[]> Rows()
        {
            var random = new Random(seed);
            for (int start = 0; start < count; start += BlockRows)
            {
                int rows = Math.Min(BlockRows, count - start);
                double[] block = model.Generate(model.SampleLatent(rows, random), rows, means ? null : random);
                for (int i = 0; i < rows; i++)
                    yield return Row(block, i, model.FeatureCount);
            }
        }
    }

    /// <summary>E[x | z] at the mean z of q(z | x), for each row: what the autoencoder makes of it.</summary>
    /// <param name="model">The autoencoder.</param>
    /// <param name="context">The context.</param>
    /// <param name="data">Rows; NaN: unobserved.</param>
    /// <param name="featureColumnName">Their features, and the name of the result's column.</param>
    /// <exception cref="ArgumentException">The column is missing, or no vector of so many Single or Double.</exception>
    public static IDataView Reconstruct(
        this VaeModel model, MLContext context, IDataView data, string featureColumnName = "Features")
    {
        ArgumentNullException.ThrowIfNull(model);
        var source = VectorColumn.Of(data, featureColumnName, model.FeatureCount);
        return Features(model, context, Rows(), featureColumnName);

        IEnumerable<float[]> Rows()
        {
            foreach (double[][] block in source.Rows().Chunk(BlockRows))
            {
                double[] features = [.. block.SelectMany(row => row)];
                double[] means = model.Generate(model.LatentMean(features, block.Length), block.Length, random: null);
                for (int i = 0; i < block.Length; i++)
                    yield return Row(means, i, model.FeatureCount);
            }
        }
    }

    /// <summary>
    /// Rows with what was missing filled in by its mean given what was observed, and a second column, named with the
    /// suffix <c>StandardDeviation</c>, with the standard deviation of each value filled in: 0 where one was known.
    /// </summary>
    /// <remarks>Self-normalised importance sampling with the model's draws a row. Mattei &amp; Frellsen (2019), eq. 12.</remarks>
    /// <param name="model">The autoencoder.</param>
    /// <param name="context">The context.</param>
    /// <param name="data">Rows; NaN: missing.</param>
    /// <param name="featureColumnName">Their features, and the name of the result's first column.</param>
    /// <exception cref="ArgumentException">The column is missing, or no vector of so many Single or Double.</exception>
    public static IDataView Impute(
        this VaeModel model, MLContext context, IDataView data, string featureColumnName = "Features")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(context);
        var source = VectorColumn.Of(data, featureColumnName, model.FeatureCount);
        var schema = SchemaDefinition.Create(typeof(ImputedRow));
        VectorColumn.Describe(schema[nameof(ImputedRow.Values)], featureColumnName, model.Layout.FeatureNames);
        VectorColumn.Describe(
            schema[nameof(ImputedRow.Deviations)], featureColumnName + "StandardDeviation", model.Layout.FeatureNames);
        return context.Data.LoadFromEnumerable(Rows(), schema);

        IEnumerable<ImputedRow> Rows()
        {
            foreach (double[][] block in source.Rows().Chunk(BlockRows))
            {
                double[] features = [.. block.SelectMany(row => row)], deviations = new double[features.Length];
                model.Impute(features, deviations, block.Length);
                for (int i = 0; i < block.Length; i++)
                    yield return new()
                    {
                        Values = Row(features, i, model.FeatureCount),
                        Deviations = Row(deviations, i, model.FeatureCount),
                    };
            }
        }
    }

    /// <summary>E[x | z] along the line from the latent mean of one row to that of another.</summary>
    /// <param name="model">The autoencoder.</param>
    /// <param name="context">The context.</param>
    /// <param name="from">The features of the first row, [d].</param>
    /// <param name="to">The features of the last row, [d].</param>
    /// <param name="steps">How many rows, both ends included; at least 2.</param>
    /// <param name="columnName">The column's name.</param>
    /// <exception cref="ArgumentException">A row has another number of features.</exception>
    public static IDataView Interpolate(
        this VaeModel model,
        MLContext context,
        ReadOnlySpan<float> from,
        ReadOnlySpan<float> to,
        int steps,
        string columnName = "Features")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        int d = model.FeatureCount, k = model.LatentSizes[0];
        if (from.Length != d || to.Length != d)
            throw new ArgumentException($"A row has {d} features, but {from.Length} and {to.Length} were given.", nameof(from));
        var ends = new double[2 * d];
        for (int j = 0; j < d; j++)
            (ends[j], ends[d + j]) = (from[j], to[j]);
        float[] latent = model.LatentMean(ends, 2);
        var line = new float[steps * k];
        for (int s = 0; s < steps; s++)
        {
            float t = s / (float)(steps - 1);
            for (int j = 0; j < k; j++)
                line[s * k + j] = (1 - t) * latent[j] + t * latent[k + j];
        }
        double[] rows = model.Generate(line, steps, random: null);
        return Features(model, context, Enumerable.Range(0, steps).Select(s => Row(rows, s, d)), columnName);
    }

    private static IDataView Features(VaeModel model, MLContext context, IEnumerable<float[]> rows, string columnName)
    {
        ArgumentNullException.ThrowIfNull(context);
        var schema = SchemaDefinition.Create(typeof(GeneratedRow));
        VectorColumn.Describe(schema[nameof(GeneratedRow.Values)], columnName, model.Layout.FeatureNames);
        return context.Data.LoadFromEnumerable(rows.Select(row => new GeneratedRow { Values = row }), schema);
    }

    private static float[] Row(double[] block, int row, int width)
    {
        var values = new float[width];
        for (int j = 0; j < width; j++)
            values[j] = (float)block[row * width + j];
        return values;
    }

    private sealed class GeneratedRow
    {
        public float[] Values { get; set; } = [];
    }

    private sealed class ImputedRow
    {
        public float[] Values { get; set; } = [];

        public float[] Deviations { get; set; } = [];
    }
}
