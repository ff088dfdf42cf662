using System.Numerics.Tensors;

namespace ProbML.Optimization;

/// <summary>f(x), and its gradient. A value that is not finite, or a gradient, says: too far, there is no value here.</summary>
internal delegate double SmoothFunction(ReadOnlySpan<double> x, Span<double> gradient);

/// <summary>Minimises a smooth function of x, lower ≤ x ≤ upper, by L-BFGS along projected lines.</summary>
/// <remarks>
/// Coordinates at a limit from which the function falls outwards stay there; the others go by H of <see cref="LbfgsMemory"/>,
/// cut off at the limits (Bertsekas 1982; Kim, Sra &amp; Dhillon 2010), by a step with the strong Wolfe conditions. No line search
/// leaves a box about its point (<see cref="LbfgsRule.Reach"/>): a first step down the gradient otherwise lands where functions such
/// as a log marginal likelihood have no value, or another basin.
/// </remarks>
internal static class Lbfgs
{
    /// <summary>Goes down from a start.</summary>
    /// <param name="function">What is minimised.</param>
    /// <param name="start">[p]; moved inside the limits.</param>
    /// <param name="rule">When to stop.</param>
    /// <param name="lower">[p]; empty: none.</param>
    /// <param name="upper">[p]; empty: none.</param>
    /// <param name="iterated">Told of each iteration and its value; may throw to cancel.</param>
    public static LbfgsResult Minimise(
        SmoothFunction function,
        ReadOnlySpan<double> start,
        LbfgsRule rule,
        ReadOnlySpan<double> lower = default,
        ReadOnlySpan<double> upper = default,
        Action<int, double>? iterated = null)
    {
        var limits = new Limits(lower.ToArray(), upper.ToArray());
        var at = Evaluate(function, limits.Inside(start.ToArray()), 0);
        int evaluations = 1, still = 0;
        if (!double.IsFinite(at.Value))
            return new(at.X, at.Value, at.Gradient, 0, evaluations, LbfgsEnding.NoValueAtStart);
        var memory = new LbfgsMemory(rule.Memory);
        for (int iteration = 1; iteration <= rule.MaximumIterations; iteration++)
        {
            bool[] free = limits.Free(at.X, at.Gradient);
            if (limits.LargestStep(at.X, at.Gradient) <= rule.GradientTolerance)
                return End(LbfgsEnding.Gradient, iteration - 1);
            var found = Search(function, limits, at, memory, free, rule, ref evaluations);
            if (found is null && !memory.IsEmpty)
            {
                memory.Clear();                              // H may have gone wrong: once more, down the gradient itself
                found = Search(function, limits, at, memory, free, rule, ref evaluations);
            }
            if (found is not { } next)
                return End(evaluations >= rule.MaximumEvaluations ? LbfgsEnding.Evaluations : LbfgsEnding.NoStep, iteration);
            memory.Remember(at.X, next.X, at.Gradient, next.Gradient);
            still = at.Value - next.Value <= rule.ValueTolerance * Math.Max(1, Math.Abs(next.Value)) ? still + 1 : 0;
            at = next;
            iterated?.Invoke(iteration, at.Value);
            if (still >= 2)
                return End(LbfgsEnding.Value, iteration);
            if (evaluations >= rule.MaximumEvaluations)
                return End(LbfgsEnding.Evaluations, iteration);
        }
        return End(LbfgsEnding.Iterations, rule.MaximumIterations);

        LbfgsResult End(LbfgsEnding ending, int iterations) =>
            new(at.X, at.Value, at.Gradient, iterations, evaluations, ending);
    }

    private static Point? Search(
        SmoothFunction function, Limits limits, Point at, LbfgsMemory memory, bool[] free, LbfgsRule rule, ref int evaluations)
    {
        double[] direction = memory.Product(at.Gradient, free);
        TensorPrimitives.Negate(direction, direction);
        double slope = TensorPrimitives.Dot<double>(direction, at.Gradient);
        double size = TensorPrimitives.MaxMagnitude<double>(direction) is var largest ? Math.Abs(largest) : 0;
        if (!(slope < 0) || !double.IsFinite(size))
            return null;
        double longest = rule.Reach / size, first = memory.IsEmpty ? Math.Min(1, rule.FirstStep / size) : 1;
        var tried = new List<Point>();
        var line = new StrongWolfe(On, new(0, at.Value, slope), Math.Min(rule.LineEvaluations, rule.MaximumEvaluations - evaluations), longest);
        var found = line.Search(first);
        evaluations += tried.Count;
        return found is { } end ? tried.Last(point => point.Step == end.Step) : null;

        LinePoint On(double step)
        {
            var x = new double[at.X.Length];
            TensorPrimitives.MultiplyAdd(direction, step, at.X, x);
            var point = Evaluate(function, limits.Inside(x), step);
            tried.Add(point);
            double along = 0;
            for (int i = 0; i < x.Length; i++)
                along += limits.IsCut(point.X[i], i, direction[i]) ? 0 : direction[i] * point.Gradient[i];
            return new(step, point.Value, along);
        }
    }

    private static Point Evaluate(SmoothFunction function, double[] x, double step)
    {
        var gradient = new double[x.Length];
        double value = function(x, gradient);
        bool known = double.IsFinite(value) && Array.TrueForAll(gradient, double.IsFinite);
        return new(x, known ? value : double.PositiveInfinity, gradient, step);
    }

    private readonly record struct Point(double[] X, double Value, double[] Gradient, double Step);

    /// <summary>The box that x stays in.</summary>
    private readonly record struct Limits(double[] Lower, double[] Upper)
    {
        public double[] Inside(double[] x)
        {
            for (int i = 0; i < x.Length; i++)
                x[i] = Math.Min(Math.Max(x[i], Low(i)), High(i));
            return x;
        }

        public bool IsCut(double x, int i, double direction) => direction < 0 ? x <= Low(i) : x >= High(i);

        public bool[] Free(double[] x, double[] gradient)
        {
            var free = new bool[x.Length];
            for (int i = 0; i < x.Length; i++)
                free[i] = !(gradient[i] > 0 ? x[i] <= Low(i) : x[i] >= High(i));
            return free;
        }

        /// <summary>max |P(x − g) − x|: zero at a minimum within the limits.</summary>
        public double LargestStep(double[] x, double[] gradient)
        {
            double largest = 0;
            for (int i = 0; i < x.Length; i++)
                largest = Math.Max(largest, Math.Abs(Math.Min(Math.Max(x[i] - gradient[i], Low(i)), High(i)) - x[i]));
            return largest;
        }

        private double Low(int i) => Lower.Length == 0 ? double.NegativeInfinity : Lower[i];

        private double High(int i) => Upper.Length == 0 ? double.PositiveInfinity : Upper[i];
    }
}

/// <summary>How L-BFGS goes and when it stops.</summary>
internal sealed record LbfgsRule
{
    /// <summary>Pairs kept.</summary>
    public int Memory { get; init; } = 20;

    /// <summary>The most iterations.</summary>
    public int MaximumIterations { get; init; } = 500;

    /// <summary>The most evaluations.</summary>
    public int MaximumEvaluations { get; init; } = int.MaxValue;

    /// <summary>The most evaluations of a line search.</summary>
    public int LineEvaluations { get; init; } = 25;

    /// <summary>It ends when no coordinate would move by more, down the gradient and inside the limits.</summary>
    public double GradientTolerance { get; init; } = 1e-5;

    /// <summary>It ends when two iterations in a row lower the value by less than this part of it (of 1, where that is larger).</summary>
    public double ValueTolerance { get; init; } = 1e-11;

    /// <summary>How far a coordinate moves at first, when nothing is known of the curvature.</summary>
    public double FirstStep { get; init; } = 0.5;

    /// <summary>How far a coordinate may move in one line search.</summary>
    public double Reach { get; init; } = double.PositiveInfinity;
}

/// <summary>Where L-BFGS ended.</summary>
internal sealed record LbfgsResult(
    double[] Point, double Value, double[] Gradient, int Iterations, int Evaluations, LbfgsEnding Ending)
{
    /// <summary>Whether it ended at a minimum, as far as rounding lets one see.</summary>
    public bool Converged => Ending is LbfgsEnding.Gradient or LbfgsEnding.Value or LbfgsEnding.NoStep;
}

/// <summary>Why L-BFGS ended.</summary>
internal enum LbfgsEnding
{
    /// <summary>The gradient vanished, or points out of the limits.</summary>
    Gradient,

    /// <summary>The value stands still.</summary>
    Value,

    /// <summary>No step lowers the value, not even down the gradient: rounding.</summary>
    NoStep,

    /// <summary>It made the most iterations.</summary>
    Iterations,

    /// <summary>It made the most evaluations.</summary>
    Evaluations,

    /// <summary>The function has no value at the start.</summary>
    NoValueAtStart,
}
