using ProbML.Flows;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.Flows;

/// <summary>The integrator on equations whose solutions are known.</summary>
public sealed class DormandPrinceTests
{
    /// <summary>dy/dt = −2 t y and y: y(1) = y(0)/e.</summary>
    private static FlowValue Bell(FlowValue time, FlowValue y) => y * time * -2;

    [Fact]
    public void Fixed_steps_are_of_order_5()
    {
        using var scope = NewDisposeScope();
        var start = tensor(new[] { 1.0, -0.5 }, [2, 1]);
        double Off(int steps) => (TensorValue.Of(DormandPrince.Fixed(Bell, new TensorValue(start), 0, 1, steps)) - start * Math.Exp(-1))
            .abs().max().item<double>();
        double[] errors = [Off(16), Off(32), Off(64)];
        Assert.InRange(Math.Log2(errors[0] / errors[1]), 4.6, 5.2);
        Assert.InRange(Math.Log2(errors[1] / errors[2]), 4.6, 5.2);
    }

    [Fact]
    public void The_difference_of_the_two_orders_falls_as_that_of_the_lower_one()
    {
        // One step of size h: the error of order 4 is of h⁵, so the tolerated step shrinks by 2 where the tolerance does by 32.
        using var scope = NewDisposeScope();
        var start = tensor(new[] { 1.0 }, [1, 1]);
        int Steps(double tolerance)
        {
            var solver = new DormandPrince(tolerance);
            solver.Adaptive(Bell, start, 0, 1);
            return solver.Steps;
        }
        double growth = (double)Steps(1e-12) / Steps(1e-12 * Math.Pow(32, 3));
        Assert.InRange(growth, 5, 11);                                   // 2³ = 8
    }

    [Theory, InlineData(1e-4), InlineData(1e-6), InlineData(1e-8), InlineData(1e-10)]
    public void The_error_keeps_to_the_tolerance(double tolerance)
    {
        using var scope = NewDisposeScope();
        var start = tensor(new[] { 1.0, 2.0, -1.0 }, [3, 1]);
        var end = new DormandPrince(tolerance).Adaptive(Bell, start, 0, 1);
        Assert.InRange((end - start * Math.Exp(-1)).abs().max().item<double>(), 0, 10 * tolerance);
    }

    [Fact]
    public void Back_in_time_it_returns()
    {
        using var scope = NewDisposeScope();
        var start = tensor(new[] { 1.0, 2.0, -1.0 }, [3, 1]);
        var solver = new DormandPrince(1e-11);
        var there = solver.Adaptive(Bell, start, 0, 1.5);
        GoldenFile.AssertNear(start, solver.Adaptive(Bell, there, 1.5, 0), 1e-9);
    }

    /// <summary>y′ = y²: there is no y(1) from y(0) = 1, and no end of ever smaller steps.</summary>
    [Fact]
    public void What_runs_away_is_no_number_and_ends()
    {
        using var scope = NewDisposeScope();
        var start = tensor(new[] { 1.0 }, [1, 1]);
        var solver = new DormandPrince(1e-6);
        Assert.True(solver.Adaptive((_, y) => y.Square(), start, 0, 2).isnan().item<bool>());
        Assert.InRange(solver.Steps, 1, DormandPrince.MostSteps + 1);
        Assert.True(solver.Adaptive((_, y) => y.Log(), -start, 0, 1).isnan().item<bool>());
    }
}
