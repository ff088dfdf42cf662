using System.Numerics.Tensors;

namespace ProbML.DensityRatios;

/// <summary>Minimises a smooth function by L-BFGS with a backtracking search.</summary>
/// <remarks>Nocedal &amp; Wright (2006), algorithms 7.4 and 3.1; pairs without positive curvature are left out.</remarks>
internal static class LimitedMemoryBfgs
{
    private const int Memory = 10, Halvings = 40;
    private const double SufficientDecrease = 1e-4;

    /// <summary>Moves x to a minimum; returns the value there.</summary>
    /// <param name="x">The start, becoming the minimum.</param>
    /// <param name="evaluate">Gives the value at x, and fills the gradient.</param>
    /// <param name="tolerance">Ends when the value falls by less, relatively, twice in a row.</param>
    /// <param name="iterations">The most iterations.</param>
    public static double Minimise(
        double[] x, Func<double[], double[], double> evaluate, double tolerance, int iterations)
    {
        int n = x.Length, calm = 0;
        double[] gradient = new double[n], next = new double[n], nextGradient = new double[n], direction = new double[n];
        var pairs = new List<(double[] Step, double[] Change, double Curvature)>();
        double value = evaluate(x, gradient);
        for (int iteration = 0; iteration < iterations && calm < 2; iteration++)
        {
            Direction(gradient, pairs, direction);
            double slope = TensorPrimitives.Dot<double>(gradient, direction);
            if (!(slope < 0))
                break;
            double length = pairs.Count == 0 ? Math.Min(1, 1 / TensorPrimitives.Norm<double>(gradient)) : 1, at = double.NaN;
            for (int halving = 0; halving < Halvings; halving++, length /= 2)
            {
                TensorPrimitives.MultiplyAdd(direction, length, x, next);
                at = evaluate(next, nextGradient);
                if (at <= value + SufficientDecrease * length * slope)
                    break;
                at = double.NaN;
            }
            if (double.IsNaN(at))
                break;
            double[] step = new double[n], change = new double[n];
            TensorPrimitives.Subtract(next, x, step);
            TensorPrimitives.Subtract(nextGradient, gradient, change);
            double curvature = TensorPrimitives.Dot<double>(step, change);
            if (curvature > 1e-12 * TensorPrimitives.Dot<double>(change, change))
                pairs.Add((step, change, curvature));
            if (pairs.Count > Memory)
                pairs.RemoveAt(0);
            calm = value - at <= tolerance * Math.Max(1, Math.Abs(at)) ? calm + 1 : 0;
            value = at;
            next.CopyTo(x, 0);
            nextGradient.CopyTo(gradient, 0);
        }
        return value;
    }

    private static void Direction(
        double[] gradient, List<(double[] Step, double[] Change, double Curvature)> pairs, double[] direction)
    {
        TensorPrimitives.Negate<double>(gradient, direction);
        var shares = new double[pairs.Count];
        for (int k = pairs.Count - 1; k >= 0; k--)
        {
            shares[k] = TensorPrimitives.Dot<double>(pairs[k].Step, direction) / pairs[k].Curvature;
            TensorPrimitives.MultiplyAdd(pairs[k].Change, -shares[k], direction, direction);
        }
        if (pairs.Count > 0)
        {
            var (_, change, curvature) = pairs[^1];
            TensorPrimitives.Multiply(direction, curvature / TensorPrimitives.Dot<double>(change, change), direction);
        }
        for (int k = 0; k < pairs.Count; k++)
        {
            double back = TensorPrimitives.Dot<double>(pairs[k].Change, direction) / pairs[k].Curvature;
            TensorPrimitives.MultiplyAdd(pairs[k].Step, shares[k] - back, direction, direction);
        }
    }
}
