using ProbML.Optimization;

namespace ProbML.Numerics.Tests.Optimization;

public sealed class LbfgsTests
{
    [Theory, InlineData(2), InlineData(10), InlineData(50)]
    public void Finds_Rosenbrocks_minimum(int dimension)
    {
        double[] start = [.. Enumerable.Range(0, dimension).Select(i => i % 2 == 0 ? -1.2 : 1)];
        var found = Lbfgs.Minimise(Rosenbrock, start, new() { GradientTolerance = 1e-8 });
        Assert.True(found.Converged);
        Assert.All(found.Point, one => Assert.Equal(1, one, 1e-6));
        Assert.True(found.Evaluations < 60 + 15 * dimension, $"{found.Evaluations} evaluations");
    }

    [Fact]
    public void A_minimum_at_limits_has_a_gradient_that_points_out_of_them()
    {
        // min Σ cᵢ (xᵢ − tᵢ)² + coupling, some targets outside [−1, 1].
        double[] target = [3, -2, 0.5, 0.1, -5], lower = [-1, -1, -1, -1, -1], upper = [1, 1, 1, 1, 1];
        var found = Lbfgs.Minimise(Coupled, [0.0, 0, 0, 0, 0], new() { GradientTolerance = 1e-10, ValueTolerance = 0 }, lower, upper);
        Assert.True(found.Converged);
        for (int i = 0; i < 5; i++)
        {
            double x = found.Point[i], g = found.Gradient[i];
            Assert.True(x == 1 ? g <= 0 : x == -1 ? g >= 0 : Math.Abs(g) < 1e-8, $"x{i} = {x}, g = {g}");
        }
        Assert.Equal(1, found.Point[0]);
        Assert.Equal(-1, found.Point[4]);

        double Coupled(ReadOnlySpan<double> x, Span<double> gradient)
        {
            double sum = 0, all = 0;
            for (int i = 0; i < 5; i++)
                all += x[i];
            for (int i = 0; i < 5; i++)
            {
                double c = Math.Pow(10, i - 2);
                sum += c * (x[i] - target[i]) * (x[i] - target[i]);
                gradient[i] = 2 * c * (x[i] - target[i]) + 0.2 * all;
            }
            return sum + 0.1 * all * all;
        }
    }

    [Fact]
    public void A_coordinate_between_equal_limits_stays()
    {
        var found = Lbfgs.Minimise(Rosenbrock, [-1.2, 1, 0.5], new(), [-9, 0.25, -9], [9, 0.25, 9]);
        Assert.True(found.Converged);
        Assert.Equal(0.25, found.Point[1]);
        Assert.Equal(0.0625, found.Point[2], 1e-5);
    }

    [Fact]
    public void Where_the_function_has_no_value_steps_are_shorter()
    {
        // −ln(1 − x) − ln(1 + x) + 100 (x − 2)²: defined in (−1, 1) alone, steepest towards the edge.
        double Barrier(ReadOnlySpan<double> x, Span<double> gradient)
        {
            gradient[0] = 1 / (1 - x[0]) - 1 / (1 + x[0]) + 200 * (x[0] - 2);
            return Math.Abs(x[0]) < 1 ? -Math.Log(1 - x[0]) - Math.Log(1 + x[0]) + 100 * (x[0] - 2) * (x[0] - 2) : double.NaN;
        }
        var found = Lbfgs.Minimise(Barrier, [-0.9], new() { GradientTolerance = 1e-6 });
        Assert.True(found.Converged);
        Assert.InRange(found.Point[0], 0.99, 1);
        Assert.Equal(LbfgsEnding.NoValueAtStart, Lbfgs.Minimise(Barrier, [3.0], new()).Ending);
    }

    [Fact]
    public void Reach_limits_every_step_and_limits_say_why_it_ended()
    {
        double last = -10;
        var found = Lbfgs.Minimise(
            (x, gradient) =>
            {
                Assert.True(Math.Abs(x[0] - last) <= 1 + 1e-12);
                gradient[0] = 2 * (x[0] - 10);
                return (x[0] - 10) * (x[0] - 10);
            },
            [-10.0], new() { Reach = 1, FirstStep = 5, MaximumIterations = 7 }, iterated: (_, value) => last = 10 - Math.Sqrt(value));
        Assert.Equal(LbfgsEnding.Iterations, found.Ending);
        Assert.Equal(7, found.Iterations);
        Assert.Equal(-3, found.Point[0], 1e-9);
    }

    private static double Rosenbrock(ReadOnlySpan<double> x, Span<double> gradient)
    {
        double sum = 0;
        for (int i = 0; i + 1 < x.Length; i++)
        {
            double valley = x[i + 1] - x[i] * x[i], away = 1 - x[i];
            sum += 100 * valley * valley + away * away;
            gradient[i] += -400 * valley * x[i] - 2 * away;
            gradient[i + 1] += 200 * valley;
        }
        return sum;
    }
}
