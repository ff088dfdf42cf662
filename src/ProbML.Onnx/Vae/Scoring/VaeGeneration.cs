namespace ProbML.Vae;

/// <summary>New rows and completed rows from a fitted autoencoder, in plain arrays.</summary>
internal static class VaeGeneration
{
    /// <summary>z₁ for draws z_L ~ N(0, I), z_{l−1} ~ p(z_{l−1} | z_l): ancestral sampling, [n, k].</summary>
    public static float[] SampleLatent(this VaeModel model, int count, Random random)
    {
        var sizes = model.LatentSizes;
        var noise = new double[count * sizes[^1]];
        RowNoise.Fill(random, noise);
        float[] z = [.. noise.Select(value => (float)value)];
        for (int l = sizes.Count; l > 1; l--)
        {
            float[] numbers = model.Graphs.Decode(l, z, count);
            var below = new PosteriorNumbers(PosteriorCovariance.Diagonal, sizes[l - 2]);
            noise = new double[count * below.Dimension];
            RowNoise.Fill(random, noise);
            z = new float[noise.Length];
            for (int i = 0, k = below.Dimension; i < count; i++)
                below.Draw(numbers.AsSpan(i * 2 * k, 2 * k), noise.AsSpan(i * k, k), z.AsSpan(i * k, k));
        }
        return z;
    }

    /// <summary>p(x | z₁) of each row, made into features: [n, d].</summary>
    /// <param name="model">The autoencoder.</param>
    /// <param name="latent">[n, k].</param>
    /// <param name="count">n.</param>
    /// <param name="random">Where draws from p(x | z₁) come from; null: its means are given.</param>
    public static double[] Generate(this VaeModel model, float[] latent, int count, Random? random)
    {
        var layout = model.Layout;
        int d = model.FeatureCount;
        float[] parameters = model.Graphs.Decode(1, latent, count);
        var rows = new double[count * d];
        for (int i = 0; i < count; i++)
        {
            var numbers = parameters.AsSpan(i * layout.ParameterCount, layout.ParameterCount);
            if (random is null)
                layout.Mean(numbers, rows.AsSpan(i * d, d));
            else
                layout.Draw(numbers, random, rows.AsSpan(i * d, d));
        }
        return rows;
    }

    /// <summary>The mean of q(z₁ | x), [n, k].</summary>
    public static float[] LatentMean(this VaeModel model, ReadOnlySpan<double> features, int count)
    {
        var means = new float[count * model.Posteriors[0].Dimension];
        model.Moments(1, model.Encode(features, count), count, means, []);
        return means;
    }

    /// <summary>
    /// Fills what is missing of rows: E[x_m | x_o] = Σ wₖ E[x_m | zₖ], zₖ ~ q(z | x_o), with self-normalised importance
    /// weights wₖ ∝ p(x_o | zₖ) p(zₖ) / q(zₖ | x_o), and the standard deviation of that mixture.
    /// </summary>
    /// <remarks>Mattei &amp; Frellsen (2019), eq. 12.</remarks>
    /// <param name="model">The autoencoder.</param>
    /// <param name="features">[n, d]; NaN: missing. Filled in place.</param>
    /// <param name="deviations">[n, d]: the standard deviation of what was filled, 0 where a value was known.</param>
    /// <param name="count">n.</param>
    public static void Impute(this VaeModel model, Span<double> features, Span<double> deviations, int count)
    {
        var (layout, inference) = (model.Layout, model.Inference);
        int d = model.FeatureCount, width = model.Posteriors[0].Width, samples = inference.Samples;
        double[] weights = new double[samples], mean = new double[d], variance = new double[d], first = new double[d],
            second = new double[d];
        deviations.Clear();
        for (int start = 0; start < count; start += inference.ChunkRows)
        {
            int rows = Math.Min(inference.ChunkRows, count - start);
            var chunk = features.Slice(start * d, rows * d);
            var draws = inference.Draw(chunk, model.Encode(chunk, rows), rows);
            for (int i = 0; i < rows; i++)
            {
                var row = chunk.Slice(i * d, d);
                Array.Clear(first);
                Array.Clear(second);
                draws.Weights(i, weights);
                for (int k = 0; k < samples; k++)
                {
                    var numbers = draws.Parameters.AsSpan((i * samples + k) * layout.ParameterCount, layout.ParameterCount);
                    layout.Mean(numbers, mean);
                    layout.Variance(numbers, variance);
                    for (int j = 0; j < d; j++)
                    {
                        first[j] += weights[k] * mean[j];
                        second[j] += weights[k] * (variance[j] + mean[j] * mean[j]);
                    }
                }
                for (int j = 0; j < d; j++)
                {
                    if (!double.IsNaN(row[j]))
                        continue;
                    row[j] = first[j];
                    deviations[(start + i) * d + j] = Math.Sqrt(Math.Max(0, second[j] - first[j] * first[j]));
                }
            }
        }
    }
}
