using MathNet.Numerics.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>The common prior precision α and the noise precision b at the largest evidence.</summary>
/// <remarks>
/// MacKay (1992). With λ = α/b the best b is known, N / E(λ), E = yᵀ(I + XXᵀ/λ)⁻¹y, so that one number is left to find: every
/// local maximum over ln λ is bracketed on a grid, refined on the derivative, and the largest taken. One eigenvalue problem.
/// </remarks>
internal sealed class EvidenceMaximiser
{
    private const double LogTwoPi = 1.83787706640934548356;
    private const double Step = 0.25;

    /// <summary>A share of yᵀy that is rounding.</summary>
    public const double Exact = 1e-13;

    private readonly LinearMoments moments;
    private readonly bool intercept, integrate;
    private readonly double[] eigenvalues, projections;
    private readonly Matrix<double> vectors;
    private readonly double total, count;

    public EvidenceMaximiser(LinearMoments moments, bool intercept, bool integrateIntercept)
    {
        (this.moments, this.intercept, integrate) = (moments, intercept, intercept && integrateIntercept);
        var (gram, cross, squares) = Centred(moments, intercept);
        int d = cross.Length;
        total = squares;
        count = moments.Count - (integrate ? 1 : 0);
        var evd = Matrix<double>.Build.Dense(d, d, gram).Evd(Symmetricity.Symmetric);
        vectors = evd.EigenVectors;
        eigenvalues = [.. evd.EigenValues.Select(value => Math.Max(0, value.Real))];
        double floor = d * 2.2e-16 * (d > 0 ? eigenvalues.Max() : 0);
        projections = vectors.TransposeThisAndMultiply(Vector<double>.Build.Dense(cross)).ToArray();
        for (int i = 0; i < d; i++)
        {
            if (eigenvalues[i] <= floor)
                (eigenvalues[i], projections[i]) = (0, 0);
        }
    }

    /// <summary>XᵀΩX, XᵀΩy and yᵀΩy, about the means where there is an intercept.</summary>
    public static (double[] Gram, double[] Cross, double Squares) Centred(LinearMoments moments, bool intercept)
    {
        int d = moments.FeatureCount;
        double[] gram = new double[d * d], cross = new double[d];
        for (int i = 0; i < d; i++)
        {
            cross[i] = Moment(i, d);
            for (int j = 0; j < d; j++)
                gram[i * d + j] = Moment(i, j);
        }
        return (gram, cross, Moment(d, d));

        double Moment(int i, int j) => moments[i, j] + (intercept ? 0 : moments.SumOfWeights * moments.Mean[i] * moments.Mean[j]);
    }

    /// <summary>N/2 ln(b/2π) − ½bE + ½ Σ ln ω, less ½ ln Σω where the intercept is integrated out: what all evidences share.</summary>
    public static double LogEvidence(LinearMoments moments, bool integrate, double noisePrecision, double squares)
    {
        double n = moments.Count - (integrate ? 1 : 0);
        return 0.5 * (n * (Math.Log(noisePrecision) - LogTwoPi) - noisePrecision * squares + moments.SumOfLogWeights
            - (integrate ? Math.Log(moments.SumOfWeights) : 0));
    }

    public LinearPosterior Run()
    {
        double largest = eigenvalues.Length > 0 ? eigenvalues.Max() : 0;
        if (largest == 0)
            largest = 1;
        double low = Math.Log(largest) - 60, high = Math.Log(largest) + 40;
        double best = high, value = Profile(high);          // at λ = ∞ no coefficient is left
        bool converged = true;
        int evaluations = 0;
        double before = Slope(low);
        if (before < 0 && Profile(low) > value)
            (best, value, converged) = (low, Profile(low), false);   // the fit is exact: b has no bound
        for (double t = low + Step; t < high; t += Step, evaluations++)
        {
            double slope = Slope(t);
            if (before > 0 && slope <= 0)
            {
                double root = Root(t - Step, t);
                if (Profile(root) is var there && there > value)
                    (best, value, converged) = (root, there, true);
            }
            before = slope;
        }
        return Posterior(best, evaluations, converged);
    }

    private LinearPosterior Posterior(double logRatio, int evaluations, bool converged)
    {
        double ratio = Math.Exp(logRatio), squares = Squares(ratio), b = count / squares;
        int d = eigenvalues.Length, first = intercept ? 1 : 0, q = d + first;
        double[] weights = [.. eigenvalues.Select(e => 1 / (b * (ratio + e)))], mean = new double[q], covariance = new double[q * q];
        var scaled = vectors.Clone();
        for (int i = 0; i < d; i++)
            scaled.SetColumn(i, scaled.Column(i) * Math.Sqrt(weights[i]));
        var product = scaled.TransposeAndMultiply(scaled);
        var slopes = vectors * Vector<double>.Build.Dense(d, i => projections[i] / (ratio + eigenvalues[i]));
        double effective = 0, log = 0;
        for (int i = 0; i < d; i++)
        {
            mean[first + i] = slopes[i];
            for (int j = 0; j < d; j++)
                covariance[(first + i) * q + first + j] = product[i, j];
            effective += eigenvalues[i] / (ratio + eigenvalues[i]);
            log -= Elementary.Log1p(eigenvalues[i] / ratio);
        }
        if (intercept)
            (mean[0], covariance[0]) = (moments.Mean[d], integrate ? 1 / (b * moments.SumOfWeights) : 0);
        return new()
        {
            Transform = ConjugateRegression.Coordinates(moments, intercept, scaled: false),
            Mean = mean,
            Covariance = covariance,
            Noise = 1 / b,
            LogEvidence = LogEvidence(moments, integrate, b, squares) + 0.5 * log,
            EffectiveParameters = effective,
            PriorPrecision = ratio * b,
            Iterations = evaluations,
            Converged = converged && squares > Exact * total,
        };
    }

    private double Squares(double ratio)
    {
        double rest = total, penalty = 0;
        for (int i = 0; i < eigenvalues.Length; i++)
        {
            if (eigenvalues[i] == 0)
                continue;
            double part = projections[i] * projections[i] / eigenvalues[i];
            rest -= part;                                  // residual sum of squares, plus what shrinkage costs
            penalty += part * (ratio / (ratio + eigenvalues[i]));
        }
        return Math.Max(Math.Max(0, rest) + penalty, 1e-300 + 0.01 * Exact * total);
    }

    /// <summary>The evidence at the best b, constants aside.</summary>
    private double Profile(double logRatio)
    {
        double ratio = Math.Exp(logRatio), log = 0;
        foreach (double e in eigenvalues)
            log -= Elementary.Log1p(e / ratio);
        return 0.5 * (log - count * Math.Log(Squares(ratio)));
    }

    /// <summary>Its derivative with respect to ln λ.</summary>
    private double Slope(double logRatio)
    {
        double ratio = Math.Exp(logRatio), effective = 0, change = 0;
        for (int i = 0; i < eigenvalues.Length; i++)
        {
            double sum = ratio + eigenvalues[i];
            effective += eigenvalues[i] / sum;
            change += projections[i] / sum * (projections[i] / sum);
        }
        return 0.5 * (effective - count * ratio * change / Squares(ratio));
    }

    /// <summary>Where the slope falls through zero: bisection, to the last bit.</summary>
    private double Root(double left, double right)
    {
        for (int i = 0; i < 70; i++)
        {
            double middle = 0.5 * (left + right);
            if (Slope(middle) > 0)
                left = middle;
            else
                right = middle;
        }
        return 0.5 * (left + right);
    }
}
