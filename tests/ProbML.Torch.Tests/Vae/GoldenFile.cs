using System.Text.Json;
using ProbML.Tests;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests;

/// <summary>A reference file of nested lists, read as tensors of a type.</summary>
internal sealed class GoldenFile(JsonElement root, ScalarType type)
{
    public static GoldenFile Open(string name, ScalarType type)
    {
        string path = SharedFolder.Require("reference", "deep", name);
        TorchRuntime.EnsureLoaded();
        return new(JsonDocument.Parse(File.ReadAllText(path)).RootElement, type);
    }

    public GoldenFile this[string name] => new(root.GetProperty(name), type);

    /// <summary>The objects of a list.</summary>
    public IEnumerable<GoldenFile> Items(string name) =>
        root.GetProperty(name).EnumerateArray().Select(item => new GoldenFile(item, type));

    public Tensor Tensor(string name) => Tensor(root.GetProperty(name));

    public double Number(string name) => root.GetProperty(name).GetDouble();

    /// <summary>Equal within a bound relative to the larger of 1 and the value expected.</summary>
    public static void AssertNear(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        var (want, have) = (expected.to(float64), actual.detach().to(float64));
        double off = ((want - have).abs() / want.abs().clamp_min(1.0)).max().item<double>();
        Assert.True(off <= tolerance, $"Off by {off}, more than {tolerance}.");
    }

    private Tensor Tensor(JsonElement element)
    {
        var shape = new List<long>();
        for (var inner = element; inner.ValueKind == JsonValueKind.Array; inner = inner[0])
            shape.Add(inner.GetArrayLength());
        var numbers = new List<double>();
        Collect(element, numbers);
        return tensor(numbers.ToArray(), type).reshape([.. shape]);
    }

    private static void Collect(JsonElement element, List<double> numbers)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var inner in element.EnumerateArray())
                Collect(inner, numbers);
        }
        else
            numbers.Add(element.GetDouble());
    }
}
