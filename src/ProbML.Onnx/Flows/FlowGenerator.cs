using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Vae;

namespace ProbML.Flows;

/// <summary>What a fitted flow generates, as data views.</summary>
/// <remarks>Views are lazy, and made again alike when read again. The model must not be disposed of before.</remarks>
public static class FlowGenerator
{
    private const int BlockRows = 256;
    private const int LeastParticles = 16;

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
                    yield return new() { Values = Single(block.AsSpan(i * d, d)) };
            }
        }
    }

    /// <summary>
    /// For each row, so many rows like it: what is known of it as it is, what is missing drawn given that. A flow that knows
    /// its columns' conditional densities draws independently and exactly where the missing columns come last.
    /// </summary>
    /// <remarks>
    /// Else by a tempered sequential Monte Carlo sampler, whose draws are nearly independent and right in the limit of many
    /// particles: Del Moral, Doucet &amp; Jasra (2006). A row whose known values the flow cannot give, or one with an infinite
    /// value, keeps its NaN.
    /// </remarks>
    /// <param name="model">The flow.</param>
    /// <param name="context">The context.</param>
    /// <param name="data">Rows; NaN: to be drawn.</param>
    /// <param name="count">How many rows for each.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="featureColumnName">Their features, and the name of the result's column.</param>
    /// <param name="particles">Draws that those given are chosen from, at least.</param>
    /// <exception cref="ArgumentException">The column is missing, or no vector of so many Single or Double.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative, or there are fewer than 16 particles.</exception>
    public static IDataView SampleConditional(
        this FlowModel model,
        MLContext context,
        IDataView data,
        int count = 1,
        int seed = 1,
        string featureColumnName = "Features",
        int particles = FlowModel.ScoringParticles)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(particles, LeastParticles);
        var source = VectorColumn.Of(data, featureColumnName, model.FeatureCount);
        var schema = SchemaDefinition.Create(typeof(SampledRow));
        VectorColumn.Describe(schema[nameof(SampledRow.Values)], featureColumnName, model.FeatureNames);
        return context.Data.LoadFromEnumerable(Rows(), schema);

        IEnumerable<SampledRow> Rows()
        {
            var random = new Random(seed);
            foreach (double[] row in source.Rows())
            {
                double[] drawn = model.SampleGiven(row, count, particles, random);
                for (int i = 0; i < count; i++)
                    yield return new() { Values = Single(drawn.AsSpan(i * row.Length, row.Length)) };
            }
        }
    }

    /// <summary>
    /// Rows with what was missing filled in by its mean given what was known; with the suffix <c>StandardDeviation</c> the
    /// standard deviation of each value filled in, 0 where one was known; <c>MarginalLogDensity</c>, ln p of what was known, and
    /// <c>MarginalLogDensityStandardError</c>, that of its simulation.
    /// </summary>
    /// <remarks>
    /// By the flow's own conditional densities where it has them, exact but for the number of draws if the missing columns
    /// come last; else by a tempered sequential Monte Carlo sampler over p(z_m, z_o): Del Moral, Doucet &amp; Jasra (2006). A
    /// mean of K draws is off by about its standard deviation / √K. A row whose known values the flow cannot give has
    /// MarginalLogDensity −∞, and it, or one with an infinite value, keeps its NaN.
    /// </remarks>
    /// <param name="model">The flow.</param>
    /// <param name="context">The context.</param>
    /// <param name="data">Rows; NaN: missing.</param>
    /// <param name="featureColumnName">Their features, and the name of the result's first column.</param>
    /// <param name="particles">Draws a row.</param>
    /// <param name="seed">Of the draws; a row's depend on it and on what the row holds.</param>
    /// <exception cref="ArgumentException">The column is missing, or no vector of so many Single or Double.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 16 particles.</exception>
    public static IDataView Impute(
        this FlowModel model,
        MLContext context,
        IDataView data,
        string featureColumnName = "Features",
        int particles = FlowModel.ScoringParticles,
        int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfLessThan(particles, LeastParticles);
        var source = VectorColumn.Of(data, featureColumnName, model.FeatureCount);
        var schema = SchemaDefinition.Create(typeof(ImputedRow));
        VectorColumn.Describe(schema[nameof(ImputedRow.Values)], featureColumnName, model.FeatureNames);
        VectorColumn.Describe(
            schema[nameof(ImputedRow.Deviations)], featureColumnName + "StandardDeviation", model.FeatureNames);
        return context.Data.LoadFromEnumerable(Rows(), schema);

        IEnumerable<ImputedRow> Rows()
        {
            var deviations = new double[model.FeatureCount];
            foreach (double[] row in source.Rows())
            {
                var (logDensity, error) = model.Impute(row, deviations, particles, RowNoise.Of(seed, row));
                yield return new()
                {
                    Values = Single(row),
                    Deviations = Single(deviations),
                    MarginalLogDensity = (float)logDensity,
                    MarginalLogDensityStandardError = (float)error,
                };
            }
        }
    }

    private static float[] Single(ReadOnlySpan<double> values)
    {
        var narrow = new float[values.Length];
        for (int j = 0; j < narrow.Length; j++)
            narrow[j] = (float)values[j];
        return narrow;
    }

    private sealed class SampledRow
    {
        public float[] Values { get; set; } = [];
    }

    private sealed class ImputedRow
    {
        public float[] Values { get; set; } = [];

        public float[] Deviations { get; set; } = [];

        public float MarginalLogDensity { get; set; }

        public float MarginalLogDensityStandardError { get; set; }
    }
}
