using System.Diagnostics;
using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>The posterior mode by Newton's method with the observed Hessian, a pass over the rows an iteration.</summary>
internal static class PosteriorMode
{
    /// <summary>The mode, how many iterations it took, and whether it was reached.</summary>
    /// <exception cref="InvalidOperationException">There is no valid start.</exception>
    public static (PosteriorPoint Mode, int Iterations, bool Converged) Find(PosteriorProblem problem, double[] start, int most)
    {
        var watch = Stopwatch.StartNew();
        var at = problem.Evaluate(start, []) ?? throw new InvalidOperationException(
            $"At the start some means are outside the domain of the {problem.Family.Name} family with the {problem.Link.Name} link. "
            + "Choose a link whose means are always valid, such as log, or leave out offsets.");
        for (int iteration = 1; iteration <= most; iteration++)
        {
            double[] step = Step(at);
            double decrement = TensorPrimitives.Dot<double>(step, at.Gradient);
            var next = Search(problem, at, step, decrement);
            problem.Monitor.Report(new("Newton", iteration, -(next ?? at).Value, 0, watch.Elapsed));
            if (next is null || decrement <= 1e-22 * (1 + Math.Abs(at.Value)))
                return (next ?? at, iteration, next is not null || decrement < 1e-8);
            at = next;
        }
        return (at, most, false);
    }

    /// <summary>H⁻¹ ∇, H made positive definite where it is not.</summary>
    private static double[] Step(PosteriorPoint at)
    {
        int n = at.Gradient.Length;
        for (double shift = 0; shift < 1e8; shift = shift == 0 ? 1e-6 : 10 * shift)
        {
            if (ScaledCholesky.Of(at.Information, n, shift) is { } factor)
                return factor.Solve(at.Gradient);
        }
        throw new InvalidOperationException("The posterior's curvature cannot be inverted. Check the features for values of wildly different size.");
    }

    private static PosteriorPoint? Search(PosteriorProblem problem, PosteriorPoint at, double[] step, double decrement)
    {
        double length = 1, slack = 1e-14 * (1 + Math.Abs(at.Value));
        for (int halving = 0; halving < 50; halving++, length /= 2)
        {
            var position = new double[step.Length];
            TensorPrimitives.MultiplyAdd(step, length, at.Position, position);
            if (problem.Evaluate(position, []) is { } there && there.Value >= at.Value + 1e-4 * length * decrement - slack)
                return there;
        }
        return null;
    }
}
