using System.Text.Json;
using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Reads the Gaussian-process reference files.</summary>
internal static class GpReference
{
    public sealed record Data(InputColumns X, double[] Y, InputColumns XTest);

    public static Data DataOf(JsonElement data) => new(
        Inputs(data.GetProperty("X_train")), Numbers(data.GetProperty("y_train")), Inputs(data.GetProperty("X_test")));

    public static InputColumns Inputs(JsonElement rows) => InputColumns.FromRows(
        [.. rows.EnumerateArray().SelectMany(Numbers)], rows[0].GetArrayLength());

    public static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetDouble())];

    public static Kernel KernelOf(JsonElement kernel)
    {
        string type = kernel.GetProperty("type").GetString()!;
        if (type is "sum" or "product")
            return kernel.GetProperty("parts").EnumerateArray().Select(KernelOf)
                .Aggregate((left, right) => type == "sum" ? left + right : left * right);
        double variance = type == "linear" ? 1 : kernel.GetProperty("variance").GetDouble();
        var dims = kernel.TryGetProperty("dims", out var given)
            ? KernelVector.Create<int>([.. given.EnumerateArray().Select(dim => dim.GetInt32())])
            : null;
        return type switch
        {
            "rbf" => Stationary(new RbfKernel()),
            "matern12" => Stationary(new MaternKernel(MaternSmoothness.Half)),
            "matern32" => Stationary(new MaternKernel(MaternSmoothness.ThreeHalves)),
            "matern52" => Stationary(new MaternKernel(MaternSmoothness.FiveHalves)),
            "rq" => Stationary(new RationalQuadraticKernel { Alpha = kernel.GetProperty("alpha").GetDouble() }),
            "periodic" => new PeriodicKernel
            {
                Variance = variance,
                Lengthscale = kernel.GetProperty("lengthscale").GetDouble(),
                Period = kernel.GetProperty("period").GetDouble(),
                Dims = dims,
            },
            "linear" => new LinearKernel { Variance = Vector(kernel.GetProperty("variance")), Dims = dims },
            "constant" => new ConstantKernel { Variance = variance },
            "white" => new WhiteKernel { Variance = variance },
            _ => throw new InvalidDataException($"Kernel {type}"),
        };

        StationaryKernel Stationary(StationaryKernel made) =>
            made with { Variance = variance, Lengthscale = Vector(kernel.GetProperty("lengthscale")), Dims = dims };
    }

    private static KernelVector<double> Vector(JsonElement value) => KernelVector.Create<double>(
        value.ValueKind == JsonValueKind.Array ? Numbers(value) : [value.GetDouble()]);

    public static void Near(string what, double[] expected, double[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Near($"{what}[{i}]", expected[i], found[i], tolerance);
    }

    public static void Near(string what, double expected, double found, double tolerance) => Assert.True(
        Math.Abs(expected - found) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{what}: {expected:R} and {found:R}");
}
