using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>A step of the coefficients, and of θ where that is estimated.</summary>
/// <param name="Coefficients">δ, [q].</param>
/// <param name="LogTheta">The step of ln θ.</param>
/// <param name="Decrement">√(δᵀ A δ): the step's length in standard errors at unit dispersion.</param>
/// <param name="RelativeSize">The largest |δⱼ| / (|bⱼ| + 1/√Aⱼⱼ), the change of θ relative to θ included.</param>
internal readonly record struct NewtonStep(
    double[] Coefficients, double LogTheta, double Decrement, double RelativeSize)
{
    /// <summary>Solves (I + P) δ = g − P b, with θ's row where it is estimated; null where that matrix is not definite.</summary>
    public static NewtonStep? Solve(LikelihoodSum at, GlmPoint point, Penalty penalty, Information kind, bool withTheta)
    {
        int q = point.Coefficients.Length, n = withTheta ? q + 1 : q;
        double[] a = new double[n * n], right = new double[n], diagonal = new double[n];
        for (int i = 0; i < q; i++)
        {
            for (int j = 0; j <= i; j++)
                a[i * n + j] = at.Information[i * q + j];
            a[i * n + i] += penalty.L2[i];
            right[i] = at.Gradient[i] - penalty.L2[i] * point.Coefficients[i];
            diagonal[i] = a[i * n + i];
        }
        double alone = 0;
        if (withTheta)
        {
            double theta = point.Theta;
            var (score, information) = OfLogTheta(at.Rows, theta);
            (a[q * n + q], right[q]) = (information, score);
            if (kind == Information.Observed)
            {
                for (int j = 0; j < q; j++)
                    a[q * n + j] = theta * at.ThetaCross[j];
            }
            else
            {
                alone = information > 0 ? score / information : Math.Sign(score);  // expected: θ and b are orthogonal
                (a[q * n + q], right[q]) = (1, 0);
            }
        }
        if (Array.Exists(penalty.L1, l => l > 0))
            return Lasso(a, diagonal, at, point, penalty);
        if (!Cholesky.TryFactor(a, n, n, out _))
            return null;
        double[] gradient = [.. right];
        Cholesky.Solve(a, n, n, right);
        double decrement = Math.Sqrt(Math.Max(0, TensorPrimitives.Dot<double>(gradient, right)));
        double logTheta = Clamp(withTheta ? right[q] + alone : 0);
        return Of(right[..q], logTheta, decrement, point, diagonal);
    }

    /// <summary>A step of ln θ, kept moderate.</summary>
    public static double Clamp(double logTheta) => Math.Clamp(logTheta, -1.5, 1.5);

    /// <summary>∂l/∂ln θ and −∂²l/∂(ln θ)².</summary>
    public static (double Score, double Information) OfLogTheta(RowLikelihood rows, double theta)
    {
        double score = theta * rows.ThetaScore;
        return (score, theta * theta * rows.ThetaInformation - score);
    }

    private static NewtonStep? Lasso(double[] a, double[] diagonal, LikelihoodSum at, GlmPoint point, Penalty penalty)
    {
        int q = point.Coefficients.Length;
        double[] full = new double[q * q], c = new double[q];
        for (int i = 0; i < q; i++)
        {
            for (int j = 0; j <= i; j++)
                full[i * q + j] = full[j * q + i] = a[i * q + j];
        }
        for (int i = 0; i < q; i++)
            c[i] = at.Gradient[i] - penalty.L2[i] * point.Coefficients[i]
                + TensorPrimitives.Dot<double>(full.AsSpan(i * q, q), point.Coefficients);
        double[] minimum = LassoQuadratic.Minimise(full, c, penalty.L1, point.Coefficients);
        if (!Array.TrueForAll(minimum, double.IsFinite))
            return null;
        double[] step = new double[q];
        TensorPrimitives.Subtract(minimum, point.Coefficients, step);
        double length = 0;
        for (int i = 0; i < q; i++)
            length += step[i] * TensorPrimitives.Dot<double>(full.AsSpan(i * q, q), step);
        return Of(step, 0, Math.Sqrt(Math.Max(0, length)), point, diagonal);
    }

    /// <summary>The step with its sizes, the information's diagonal given.</summary>
    public static NewtonStep Of(double[] step, double logTheta, double decrement, GlmPoint point, double[] diagonal)
    {
        double relative = Math.Abs(logTheta);
        for (int j = 0; j < step.Length; j++)
        {
            double scale = Math.Abs(point.Coefficients[j]) + 1 / Math.Sqrt(diagonal[j]);
            relative = Math.Max(relative, Math.Abs(step[j]) / scale);
        }
        return new NewtonStep(step, logTheta, decrement, relative);
    }
}
