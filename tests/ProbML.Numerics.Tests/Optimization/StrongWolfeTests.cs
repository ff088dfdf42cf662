using ProbML.Optimization;

namespace ProbML.Numerics.Tests.Optimization;

public sealed class StrongWolfeTests
{
    public static TheoryData<string, double> Lines => new()
    {
        { "quadratic", 1e-3 }, { "quadratic", 1 }, { "quadratic", 1e3 },
        { "quartic", 0.1 }, { "quartic", 50 },
        { "Moré–Thuente 1", 1e-3 }, { "Moré–Thuente 1", 10 },
        { "cosine", 1 }, { "cliff", 5 },
    };

    [Theory, MemberData(nameof(Lines))]
    public void The_step_meets_both_Wolfe_conditions(string line, double first)
    {
        Func<double, (double Value, double Slope)> phi = line switch
        {
            "quadratic" => a => ((a - 3) * (a - 3), 2 * (a - 3)),
            "quartic" => a => (Math.Pow(a - 1, 4) + 0.1 * Math.Pow(a - 2, 2), 4 * Math.Pow(a - 1, 3) + 0.2 * (a - 2)),
            // Moré and Thuente (1994), eq. 5.1 with β = 2.
            "Moré–Thuente 1" => a => (-a / (a * a + 2), (a * a - 2) / Math.Pow(a * a + 2, 2)),
            "cosine" => a => (Math.Cos(a + 0.5) - 0.01 * a, -Math.Sin(a + 0.5) - 0.01),
            _ => a => a < 2 ? (-Math.Log(2 - a) * 0.1 - a, 0.1 / (2 - a) - 1) : (double.PositiveInfinity, double.NaN),
        };
        LinePoint At(double step) => new(step, phi(step).Value, phi(step).Slope);
        var start = At(0);
        var found = new StrongWolfe(At, start, 50).Search(first);
        Assert.NotNull(found);
        Assert.True(found.Value.Value <= start.Value + 1e-4 * found.Value.Step * start.Slope);
        Assert.True(Math.Abs(found.Value.Slope) <= 0.9 * Math.Abs(start.Slope));
    }

    [Fact]
    public void Where_nothing_is_lower_there_is_no_step() =>
        Assert.Null(new StrongWolfe(a => new(a, a * a, 2 * a), new(0, 0, -1), 20).Search(1));

    [Fact]
    public void A_function_that_still_falls_is_left_at_the_longest_step()
    {
        var found = new StrongWolfe(a => new(a, -a, -1), new(0, 0, -1), 20, longest: 1.5).Search(1);
        Assert.Equal(1.5, found!.Value.Step);
    }
}
