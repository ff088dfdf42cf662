namespace ProbML.GaussianProcesses;

/// <summary>Responses with their weights (which multiply ln p) and offsets (added to f); empty: all one, all zero.</summary>
internal sealed class LatentRows(double[] y, double[]? weights = null, double[]? offsets = null)
{
    public int Count => y.Length;

    public double Y(int row) => y[row];

    public double Weight(int row) => weights?[row] ?? 1;

    public double Offset(int row) => offsets?[row] ?? 0;
}

/// <summary>What every approximation starts from: K, the likelihood of each row, the prior mean.</summary>
internal sealed record LatentProblem(double[] Kernel, LatentRows Rows, LatentLikelihood Likelihood, double Mean, int Threads)
{
    public int Count => Rows.Count;

    public LatentPoint At(int row, double f) => Rows.Weight(row) * Likelihood.At(Rows.Y(row), f + Rows.Offset(row));

    public LatentPoint Expect(int row, double mean, double variance) =>
        Rows.Weight(row) * Likelihood.Expect(Rows.Y(row), mean + Rows.Offset(row), variance);

    public TiltedMoments Tilt(int row, double mean, double variance)
    {
        double offset = Rows.Offset(row);
        var moments = Likelihood.Tilt(Rows.Y(row), mean + offset, variance, Rows.Weight(row));
        return moments with { Mean = moments.Mean - offset };
    }

    /// <summary>K v, [n].</summary>
    public double[] Times(ReadOnlySpan<double> v)
    {
        var product = new double[Count];
        LinearAlgebra.Gemv.Multiply(Kernel, Count, Count, Count, v, product);
        return product;
    }
}

/// <summary>Normal sites that stand in for the likelihood: posterior precision K⁻¹ + W, mean m + K a.</summary>
/// <param name="Precisions">W, [n].</param>
/// <param name="Weights">a, [n].</param>
/// <param name="Factor">(K + W⁻¹)⁻¹.</param>
/// <param name="LogEvidence">What the approximation takes for ln p(y).</param>
/// <param name="Pull">u: the evidence moves with K by ½(aaᵀ − R + uaᵀ + auᵀ) and with m by Σ(a + u).</param>
/// <param name="LikelihoodGradient">By each free parameter of the likelihood.</param>
/// <param name="Iterations">How many it took.</param>
/// <param name="Converged">Whether it arrived.</param>
internal sealed record LatentSites(
    double[] Precisions,
    double[] Weights,
    SiteFactor Factor,
    double LogEvidence,
    double[]? Pull,
    double[] LikelihoodGradient,
    int Iterations,
    bool Converged)
{
    /// <summary>The sites' natural means ν = W (f − m) + a at the posterior mean: where expectation propagation goes on from.</summary>
    public double[] NaturalMeans(LatentProblem problem)
    {
        var natural = problem.Times(Weights);
        for (int i = 0; i < natural.Length; i++)
            natural[i] = Precisions[i] * natural[i] + Weights[i];
        return natural;
    }
}
