using System.Diagnostics;
using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>The closest normal in KL(q ‖ p) by fixed points: S⁻¹ = −E∇² ln p, E∇ ln p = 0.</summary>
/// <remarks>
/// Opper &amp; Archambeau (2009), Neural Comput. 21; each step is one of natural gradient of length one, halved while the bound falls.
/// Independent coefficients: S is the inverse of the diagonal alone.
/// </remarks>
internal static class VariationalFixedPoint
{
    private const double LogTwoPiE = 2.83787706640934548356;

    public static GaussianFit Run(PosteriorProblem problem, double[] start, double[] startCovariance, bool fullRank, int most)
    {
        int n = start.Length;
        var watch = Stopwatch.StartNew();
        double[] covariance = fullRank ? startCovariance : Diagonal(startCovariance, n);
        var at = problem.Evaluate(start, covariance) ?? throw new InvalidOperationException(
            $"Some means under the approximating normal are outside the domain of the {problem.Family.Name} family with the "
            + $"{problem.Link.Name} link. Choose a link whose means are always valid, or VariationalGradient.Reparameterised.");
        double bound = Bound(at.Value, covariance, n);
        for (int iteration = 1; iteration <= most; iteration++)
        {
            double[] step = (ScaledCholesky.Of(at.Information, n) ?? throw Curvature()).Solve(at.Gradient);
            double[] target = fullRank
                ? ScaledCholesky.Of(at.Information, n)!.Inverse()
                : Reciprocals(at.Information, n);
            double change = 0;
            for (int i = 0; i < n; i++)
                change = Math.Max(change, Math.Max(
                    Math.Abs(step[i]) / Math.Sqrt(covariance[i * n + i]), Math.Abs(target[i * n + i] / covariance[i * n + i] - 1)));
            var (next, nextCovariance, nextBound) = Move(problem, at, covariance, bound, step, target, n);
            problem.Monitor.Report(new("Variational", iteration, -bound, 0, watch.Elapsed));
            if (next is null || change < 1e-12)
                return new((next ?? at).Position, next is null ? covariance : nextCovariance, Math.Max(bound, nextBound), iteration, change < 1e-7);
            (at, covariance, bound) = (next, nextCovariance, nextBound);
        }
        return new(at.Position, covariance, bound, most, false);
    }

    private static (PosteriorPoint? Next, double[] Covariance, double Bound) Move(
        PosteriorProblem problem, PosteriorPoint at, double[] covariance, double bound, double[] step, double[] target, int n)
    {
        double slack = 1e-12 * (1 + Math.Abs(bound));
        for (double length = 1; length > 1e-6; length /= 2)
        {
            double[] position = new double[n], mixed = new double[n * n];
            TensorPrimitives.MultiplyAdd(step, length, at.Position, position);
            for (int i = 0; i < mixed.Length; i++)
                mixed[i] = covariance[i] + length * (target[i] - covariance[i]);
            if (problem.Evaluate(position, mixed) is { } there && Bound(there.Value, mixed, n) is var value && value >= bound - slack)
                return (there, mixed, value);
        }
        return (null, covariance, bound);
    }

    private static double Bound(double expected, double[] covariance, int n) =>
        expected + 0.5 * (n * LogTwoPiE + (ScaledCholesky.Of(covariance, n)?.LogDeterminant ?? double.NegativeInfinity));

    private static double[] Diagonal(double[] matrix, int n)
    {
        var diagonal = new double[n * n];
        for (int i = 0; i < n; i++)
            diagonal[i * n + i] = matrix[i * n + i];
        return diagonal;
    }

    private static double[] Reciprocals(double[] information, int n)
    {
        var diagonal = new double[n * n];
        for (int i = 0; i < n; i++)
            diagonal[i * n + i] = 1 / information[i * n + i];
        return diagonal;
    }

    private static InvalidOperationException Curvature() => new(
        "The expected curvature of the log posterior is not positive definite. Choose proper normal priors, or Inference.Nuts.");
}
