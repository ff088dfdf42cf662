using ProbML.LinearAlgebra;

namespace ProbML.Evaluation;

/// <summary>ln of the evidence Z = ∫ f(θ) dθ of an unnormalised density f, such as likelihood times prior.</summary>
/// <remarks>
/// The difference of two models' log evidences is the log of their Bayes factor. Both methods rest on one identity:
/// Z = E_q[f(θ)/q(θ)] for any q that is positive where f is.
/// </remarks>
public static class Evidence
{
    private const double Freedom = 5;
    private const int BridgeIterations = 1000;

    /// <summary>Importance sampling with a multivariate t proposal of five degrees of freedom.</summary>
    /// <param name="logDensity">ln f(θ), θ of length d; −∞ where f is zero.</param>
    /// <param name="centre">[d], where f is large, such as its mode or mean.</param>
    /// <param name="covariance">[d, d], the shape of f, such as its Laplace covariance.</param>
    /// <param name="draws">How many draws.</param>
    /// <param name="random">The source of the draws.</param>
    /// <returns>ln Z and its standard error (delta method).</returns>
    /// <exception cref="ArgumentException">The covariance is not positive definite, or of another size.</exception>
    public static Estimate ByImportanceSampling(
        Func<ReadOnlySpan<double>, double> logDensity,
        ReadOnlySpan<double> centre,
        ReadOnlySpan<double> covariance,
        int draws,
        Random random)
    {
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        var proposal = new Ellipse(centre, covariance);
        var theta = new double[centre.Length];
        var weights = new double[draws];
        for (int s = 0; s < draws; s++)
        {
            double square = proposal.Draw(random, theta, Freedom);
            weights[s] = logDensity(theta) - proposal.LogStudent(square, Freedom);
            if (double.IsNaN(weights[s]))
                throw new ArgumentException("The log density is NaN at a draw.", nameof(logDensity));
        }
        double log = LogSum.Mean(weights);
        var relative = default(MeanWithError);
        foreach (double weight in weights)
            relative.Add(Math.Exp(weight - log), 1);
        return new(log, relative.StandardError);
    }

    /// <summary>Bridge sampling between posterior draws and a normal distribution fitted to half of them.</summary>
    /// <param name="logDensity">ln f(θ), θ of length d, on an unbounded space.</param>
    /// <param name="posteriorDraws">[S, d], row-major: draws from f/Z, such as a sampler's.</param>
    /// <param name="dimension">d.</param>
    /// <param name="random">The source of the proposal's draws.</param>
    /// <returns>ln Z and its standard error, for independent draws.</returns>
    /// <remarks>
    /// Meng &amp; Wong (1996), eq. 4.1, the optimal bridge; Gronau et al. (2017), "A tutorial on bridge sampling", for the
    /// split and for the error (Frühwirth-Schnatter 2004).
    /// </remarks>
    /// <exception cref="ArgumentException">There are too few draws, or they do not vary.</exception>
    public static Estimate ByBridgeSampling(
        Func<ReadOnlySpan<double>, double> logDensity, ReadOnlySpan<double> posteriorDraws, int dimension, Random random)
    {
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        int half = posteriorDraws.Length / dimension / 2;
        if (half < 2 * dimension || half < 20)
            throw new ArgumentException(
                $"Bridge sampling in {dimension} dimensions needs {Math.Max(40, 4 * dimension)} draws or more.",
                nameof(posteriorDraws));
        var proposal = Ellipse.Of(posteriorDraws[..(half * dimension)], dimension);
        var ofPosterior = new double[half];
        var ofProposal = new double[half];
        var theta = new double[dimension];
        for (int s = 0; s < half; s++)
        {
            posteriorDraws.Slice((half + s) * dimension, dimension).CopyTo(theta);
            ofPosterior[s] = logDensity(theta) - proposal.LogNormal(proposal.Square(theta));
            double square = proposal.Draw(random, theta);
            ofProposal[s] = logDensity(theta) - proposal.LogNormal(square);
        }
        return Bridge(ofPosterior, ofProposal);
    }

    /// <param name="ofPosterior">ln f/q at draws from f.</param>
    /// <param name="ofProposal">ln f/q at draws from q, as many.</param>
    private static Estimate Bridge(double[] ofPosterior, double[] ofProposal)
    {
        // Equal numbers of draws: s₁ = s₂ = ½. Counted from the median, so that nothing overflows.
        double middle = ofPosterior.Order().ElementAt(ofPosterior.Length / 2), log = 0;
        for (int iteration = 0; iteration < BridgeIterations; iteration++)
        {
            double above = 0, below = 0;
            foreach (double ratio in ofProposal)
                above += 1 / (0.5 + 0.5 * Math.Exp(log - (ratio - middle)));
            foreach (double ratio in ofPosterior)
                below += 1 / (0.5 * Math.Exp(ratio - middle) + 0.5 * Math.Exp(log));
            double next = Math.Log(above / ofProposal.Length) - Math.Log(below / ofPosterior.Length);
            bool hasConverged = Math.Abs(next - log) < 1e-12;
            log = next;
            if (hasConverged)
                break;
        }
        var first = default(MeanWithError);
        var second = default(MeanWithError);
        foreach (double ratio in ofProposal)
            first.Add(1 / (0.5 + 0.5 * Math.Exp(log + middle - ratio)), 1);
        foreach (double ratio in ofPosterior)
            second.Add(1 / (0.5 * Math.Exp(ratio - middle - log) + 0.5), 1);
        double one = first.StandardError / first.Mean, two = second.StandardError / second.Mean;
        return new(log + middle, Math.Sqrt(one * one + two * two));
    }

    /// <summary>A centre and the Cholesky factor of a covariance: normal or t.</summary>
    private sealed class Ellipse
    {
        private readonly int d;
        private readonly double[] centre, factor;
        private readonly double logRoot;

        public Ellipse(ReadOnlySpan<double> centre, ReadOnlySpan<double> covariance)
        {
            d = centre.Length;
            if (covariance.Length != d * d)
                throw new ArgumentException(
                    $"A covariance of {d} parameters has {d * d} numbers, not {covariance.Length}.", nameof(covariance));
            this.centre = centre.ToArray();
            factor = covariance.ToArray();
            if (!Cholesky.TryFactor(factor, d, d, out int failedAt))
                throw new ArgumentException(
                    $"The covariance is not positive definite: parameter {failedAt + 1} depends on those before it.",
                    nameof(covariance));
            logRoot = 0.5 * Cholesky.LogDeterminant(factor, d, d);
        }

        public static Ellipse Of(ReadOnlySpan<double> draws, int d)
        {
            int n = draws.Length / d;
            var mean = new double[d];
            var covariance = new double[d * d];
            for (int s = 0; s < n; s++)
                for (int j = 0; j < d; j++)
                    mean[j] += draws[s * d + j] / n;
            for (int s = 0; s < n; s++)
                for (int j = 0; j < d; j++)
                    for (int k = 0; k < d; k++)
                        covariance[j * d + k] +=
                            (draws[s * d + j] - mean[j]) * (draws[s * d + k] - mean[k]) / (n - 1);
            return new(mean, covariance);
        }

        /// <summary>Draws θ; returns its squared distance (θ − c)ᵀ Σ⁻¹ (θ − c).</summary>
        public double Draw(Random random, double[] theta, double freedom = double.PositiveInfinity)
        {
            Span<double> z = d <= 64 ? stackalloc double[d] : new double[d];
            double square = 0, stretch = 1;
            RandomNormal.Fill(random, z);
            if (double.IsFinite(freedom))
                stretch = Math.Sqrt(0.5 * freedom / RandomGamma.Draw(random, 0.5 * freedom));
            for (int j = 0; j < d; j++)
            {
                z[j] *= stretch;
                square += z[j] * z[j];
                theta[j] = centre[j];
                for (int k = 0; k <= j; k++)
                    theta[j] += factor[j * d + k] * z[k];
            }
            return square;
        }

        public double Square(ReadOnlySpan<double> theta)
        {
            var z = new double[d];
            for (int j = 0; j < d; j++)
                z[j] = theta[j] - centre[j];
            TriangularSolve.Forward(factor, d, d, z);
            return z.Sum(value => value * value);
        }

        public double LogNormal(double square) => -0.5 * (d * Math.Log(2 * Math.PI) + square) - logRoot;

        public double LogStudent(double square, double freedom) =>
            GammaFunctions.LogGamma(0.5 * (freedom + d)) - GammaFunctions.LogGamma(0.5 * freedom)
            - 0.5 * d * Math.Log(freedom * Math.PI) - logRoot
            - 0.5 * (freedom + d) * Elementary.Log1p(square / freedom);
    }
}
