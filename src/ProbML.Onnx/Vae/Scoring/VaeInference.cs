using System.Numerics.Tensors;
using ProbML.Evaluation;

namespace ProbML.Vae;

/// <summary>Draws z from q(z | x) for rows x, several times each, and weighs the draws under the model.</summary>
/// <remarks>ln w = ln p(x | z₁) + Σ ln p(z_l | z_{l+1}) − ln q(z_l | z_{l−1}). Burda et al. (2016), §3.</remarks>
internal sealed class VaeInference(
    VaeGraphs graphs, LikelihoodLayout layout, PosteriorNumbers[] posteriors, int samples, int seed)
{
    /// <summary>The most rows that decoders get at once.</summary>
    private const int DecodedRows = 4096;

    public int Samples => samples;

    /// <summary>How many rows are inferred at once.</summary>
    public int ChunkRows => Math.Max(1, DecodedRows / samples);

    /// <summary>Weighs draws for a chunk of rows.</summary>
    /// <param name="features">[n, d]; NaN: unobserved.</param>
    /// <param name="numbers">[n, width] of encoder 1.</param>
    /// <param name="rows">n.</param>
    public VaeDraws Draw(ReadOnlySpan<double> features, ReadOnlySpan<float> numbers, int rows)
    {
        int d = layout.FeatureNames.Count, draws = rows * samples, layers = posteriors.Length;
        var noise = new double[layers][];
        var values = new float[layers][];
        for (int l = 0; l < layers; l++)
            (noise[l], values[l]) = (new double[draws * posteriors[l].Dimension], new float[draws * posteriors[l].Dimension]);
        for (int i = 0; i < rows; i++)
        {
            var random = RowNoise.Of(seed, features.Slice(i * d, d));
            for (int l = 0; l < layers; l++)
            {
                var one = new double[samples * posteriors[l].Dimension];
                RowNoise.Fill(random, one);
                one.CopyTo(noise[l], i * one.Length);
            }
        }
        var ratios = new double[draws];
        for (int l = 0; l < layers; l++)
        {
            var family = posteriors[l];
            int k = family.Dimension;
            var inferred = l == 0 ? numbers : graphs.Encode(l + 1, values[l - 1], draws);
            for (int s = 0; s < draws; s++)
                ratios[s] -= family.Draw(
                    inferred.Slice((l == 0 ? s / samples : s) * family.Width, family.Width),
                    noise[l].AsSpan(s * k, k),
                    values[l].AsSpan(s * k, k));
            if (graphs.Flows.Count > 0)
                Flow(graphs.Flows[l], family, inferred, values[l], ratios, l == 0 ? samples : 1);
        }
        AddPriors(values, ratios, draws);
        float[] parameters = graphs.Decode(1, values[0], draws);
        var reconstruction = new double[draws];
        for (int s = 0; s < draws; s++)
            reconstruction[s] = layout.LogDensity(
                features.Slice(s / samples * d, d), parameters.AsSpan(s * layout.ParameterCount, layout.ParameterCount));
        return new(samples, reconstruction, ratios, parameters, layers == 1 && graphs.Flows.Count == 0 ? posteriors[0] : null);
    }

    /// <summary>Maps draws z₀ to z, and takes ln |det ∂z/∂z₀| off ln q.</summary>
    private static void Flow(
        PosteriorFlowGraph flow, PosteriorNumbers family, ReadOnlySpan<float> numbers, float[] values, double[] ratios, int each)
    {
        int c = family.ContextSize;
        float[] context = new float[ratios.Length * c], logDet = new float[ratios.Length];
        for (int s = 0; s < ratios.Length; s++)
            numbers.Slice(s / each * family.Width + family.GaussianWidth, c).CopyTo(context.AsSpan(s * c, c));
        flow.Map(values, context, logDet);
        for (int s = 0; s < ratios.Length; s++)
            ratios[s] += logDet[s];
    }

    private void AddPriors(float[][] values, double[] ratios, int draws)
    {
        for (int l = 0; l < values.Length; l++)
        {
            int k = posteriors[l].Dimension;
            float[]? prior = l + 1 < values.Length ? graphs.Decode(l + 2, values[l + 1], draws) : null;
            for (int s = 0; s < draws; s++)
            {
                var z = values[l].AsSpan(s * k, k);
                ratios[s] += prior is null
                    ? PosteriorNumbers.LogStandardNormal(z)
                    : PosteriorNumbers.LogDensity(prior.AsSpan(2 * s * k, 2 * k), z);
            }
        }
    }
}

/// <summary>Draws for rows, and what they weigh: [n · samples], those of a row together.</summary>
/// <param name="Samples">Draws for a row.</param>
/// <param name="Reconstruction">ln p(x | z₁).</param>
/// <param name="Ratios">ln p(z) − ln q(z | x).</param>
/// <param name="Parameters">The layout's parameters for each draw.</param>
/// <param name="Posterior">The family whose divergence has a closed form; null: there are several layers, or a flow.</param>
internal sealed record VaeDraws(
    int Samples, double[] Reconstruction, double[] Ratios, float[] Parameters, PosteriorNumbers? Posterior)
{
    /// <summary>E_q[ln p(x | z)] of a row.</summary>
    public double MeanReconstruction(int row) => TensorPrimitives.Sum(Part(Reconstruction, row)) / Samples;

    /// <summary>KL(q ‖ p) of a row: in closed form, or from the draws.</summary>
    /// <param name="row">Which.</param>
    /// <param name="numbers">The row's, of encoder 1.</param>
    public double Divergence(int row, ReadOnlySpan<float> numbers) => Posterior is { } family
        ? family.KlToStandardNormal(numbers)
        : -TensorPrimitives.Sum(Part(Ratios, row)) / Samples;

    /// <summary>ln 1/K Σ wₖ of a row, an estimate of ln p(x).</summary>
    public double LogLikelihood(int row)
    {
        Span<double> weights = stackalloc double[Samples];
        return LogWeights(row, weights) - Math.Log(Samples);
    }

    /// <summary>The weights of a row's draws, adding up to one, [samples].</summary>
    public void Weights(int row, Span<double> weights)
    {
        double total = LogWeights(row, weights);
        for (int k = 0; k < weights.Length; k++)
            weights[k] = Math.Exp(weights[k] - total);
    }

    /// <summary>ln wₖ; returns ln Σ wₖ.</summary>
    private double LogWeights(int row, Span<double> weights)
    {
        TensorPrimitives.Add(Part(Reconstruction, row), Part(Ratios, row), weights);
        return LogSum.Of(weights);
    }

    private ReadOnlySpan<double> Part(double[] values, int row) => values.AsSpan(row * Samples, Samples);
}
