using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>f exactly and g = ln of its noise by the closest normal: q(g) = N(ln σ² + K_g a, (K_g⁻¹ + Λ)⁻¹).</summary>
/// <remarks>
/// Lázaro-Gredilla &amp; Titsias (2011), eq. 8, with f integrated out: F = ln N(y | m, K_f + R) − ¼ tr Σ − KL(q ‖ p),
/// Rᵢᵢ = exp(μᵢ − Σᵢᵢ/2)/ωᵢ. At the optimum aᵢ = sᵢ and Λᵢ = sᵢ + ½, sᵢ = ∂ ln N/∂ ln Rᵢᵢ; reached by natural-gradient steps (Khan &amp;
/// Lin 2017), halved until F does not fall.
/// </remarks>
internal sealed class HeteroscedasticPosterior
{
    private const int MostIterations = 300;
    private const double Tolerance = 1e-8, LeastStep = 1e-4;

    private readonly HeteroscedasticProblem problem;
    private readonly State state;

    private HeteroscedasticPosterior(HeteroscedasticProblem problem, State state, bool converged) =>
        (this.problem, this.state, Converged) = (problem, state, converged);

    /// <summary>F ≤ ln p(y | X).</summary>
    public double Bound => state.Bound;

    /// <summary>Whether q(g) is at its optimum.</summary>
    public bool Converged { get; }

    /// <summary>Λ and the natural mean of q(g)'s sites, from which another search may start.</summary>
    public (double[] Precisions, double[] Natural) Sites => (state.Precisions, state.Natural);

    /// <summary>The posterior of f.</summary>
    public LatentPosterior Latent => state.Exact.ToLatent();

    /// <summary>q(g).</summary>
    public LatentPosterior LogNoise => new(
        problem.NoiseKernel, problem.X, state.Weights, problem.NoiseMean, state.Factor.ToTerms());

    /// <summary>The optimum of q(g); null: a covariance cannot be factorised.</summary>
    /// <param name="problem">Rows and hyperparameters.</param>
    /// <param name="start">Sites to start from; null: noise that does not change.</param>
    public static HeteroscedasticPosterior? TryCondition(
        HeteroscedasticProblem problem, (double[] Precisions, double[] Natural)? start = null)
    {
        int n = problem.X.Rows;
        var covariance = GramMatrix.Full(problem.NoiseKernel, problem.X, problem.Threads);
        var now = start is { } given ? Evaluate(problem, covariance, given.Precisions, given.Natural) : null;
        now ??= Evaluate(problem, covariance, [.. Enumerable.Repeat(0.5, n)], new double[n]);
        double step = 1;
        for (int iteration = 0; now is not null; iteration++)
        {
            double change = 0;
            for (int i = 0; i < n; i++)
                change = Math.Max(change, Math.Max(
                    Math.Abs(now.Slopes[i] - now.Weights[i]) / (1 + Math.Abs(now.Weights[i])),
                    Math.Abs(now.Slopes[i] + 0.5 - now.Precisions[i]) / (1 + now.Precisions[i])));
            if (change <= Tolerance || iteration == MostIterations)
                return new(problem, now, change <= Tolerance);
            State? next = null;
            for (; next is null && step > LeastStep; step *= next is null ? 0.5 : 1)
            {
                double[] precisions = new double[n], natural = new double[n];
                for (int i = 0; i < n; i++)
                {
                    double own = Math.Max(0, now.Slopes[i] + 0.5);
                    precisions[i] = now.Precisions[i] + step * (own - now.Precisions[i]);
                    natural[i] = now.Natural[i] + step * (now.Slopes[i] + own * now.Centred[i] - now.Natural[i]);
                }
                var tried = Evaluate(problem, covariance, precisions, natural);
                next = tried?.Bound >= now.Bound - 1e-11 * Math.Abs(now.Bound) ? tried : null;
            }
            if (next is null)
                return new(problem, now, change <= Math.Sqrt(Tolerance));
            (now, step) = (next, Math.Min(1, 1.5 * step));
        }
        return null;
    }

    /// <summary>The derivatives of F, q(g) being at its optimum: by k_f, by m, by ln σ², by k_g.</summary>
    public HeteroscedasticGradient Gradient()
    {
        int n = problem.X.Rows;
        var exact = state.Exact.Gradient();
        double[] dense = state.Factor.Dense(), a = state.Weights;
        var noise = GramMatrix.Gradient(
            problem.NoiseKernel,
            problem.X,
            (i, row) =>
            {
                for (int j = 0; j < row.Length; j++)
                    row[j] = 0.5 * (a[i] * a[j] - dense[i * n + j]);
            },
            problem.Threads);
        return new([.. exact.Kernel], exact.MeanConstant, TensorPrimitives.Sum<double>(state.Slopes), noise);
    }

    private sealed record State(
        double[] Precisions, double[] Natural, SiteFactor Factor, double[] Weights, double[] Centred, double[] Slopes,
        ExactPosterior Exact, double Bound);

    private static State? Evaluate(HeteroscedasticProblem problem, double[] covariance, double[] precisions, double[] natural)
    {
        int n = natural.Length;
        if (SiteFactor.TryCreate(covariance, precisions, problem.Threads) is not { } factor)
            return null;
        double[] product = new double[n], centred = new double[n], inverseNoise = new double[n];
        Gemv.Multiply(covariance, n, n, n, natural, product);
        double[] weights = factor.Apply(product), variances = factor.Variances();
        TensorPrimitives.Subtract(natural, weights, weights);
        Gemv.Multiply(covariance, n, n, n, weights, centred);
        for (int i = 0; i < n; i++)
        {
            inverseNoise[i] = problem.Weight(i) * Math.Exp(0.5 * variances[i] - problem.NoiseMean - centred[i]);
            if (!(inverseNoise[i] > 0 && double.IsFinite(inverseNoise[i])))
                return null;
        }
        var exact = ExactPosterior.TryCondition(
            problem.Kernel, 1, problem.X, problem.Y, inverseNoise, problem.MeanConstant, problem.Threads,
            ExactPosterior.Managed(problem.Kernel, problem.X, 0, new double[n * n], null, problem.Threads));
        if (exact is null)
            return null;
        double[] slopes = exact.NoiseSlopes();
        double divergence = 0.5 * (TensorPrimitives.Dot<double>(weights, centred) + factor.LogDeterminant
            - TensorPrimitives.Dot<double>(precisions, variances));
        double bound = exact.LogMarginalLikelihood - 0.25 * TensorPrimitives.Sum<double>(variances) - divergence;
        return double.IsFinite(bound) ? new(precisions, natural, factor, weights, centred, slopes, exact, bound) : null;
    }
}

/// <summary>Rows and hyperparameters of a process with noise that changes.</summary>
/// <param name="Kernel">k_f.</param>
/// <param name="MeanConstant">m.</param>
/// <param name="NoiseKernel">k_g.</param>
/// <param name="NoiseMean">ln σ².</param>
/// <param name="X">[n, d].</param>
/// <param name="Y">[n].</param>
/// <param name="Weights">ω, [n]; empty: all one.</param>
/// <param name="Threads">The most threads.</param>
internal sealed record HeteroscedasticProblem(
    Kernel Kernel, double MeanConstant, Kernel NoiseKernel, double NoiseMean, InputColumns X, double[] Y, double[] Weights, int Threads)
{
    public double Weight(int i) => Weights.Length == 0 ? 1 : Weights[i];
}

/// <summary>The derivatives of the bound.</summary>
/// <param name="Kernel">By each free parameter of k_f.</param>
/// <param name="MeanConstant">By m.</param>
/// <param name="NoiseMean">By ln σ².</param>
/// <param name="NoiseKernel">By each free parameter of k_g.</param>
internal sealed record HeteroscedasticGradient(double[] Kernel, double MeanConstant, double NoiseMean, double[] NoiseKernel);
