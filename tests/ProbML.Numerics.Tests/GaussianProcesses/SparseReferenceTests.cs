using System.Text.Json;
using ProbML.GaussianProcesses;
using ProbML.Tests;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Titsias' bound and FITC against closed forms computed with 200 bits.</summary>
public sealed class SparseReferenceTests
{
    [Fact]
    public void Bound_gradient_posterior_and_predictions_agree()
    {
        int gradients = 0;
        int cases = ForEach((data, one, rows) =>
        {
            string name = one.GetProperty("id").GetString()!;
            var posterior = SparsePosterior.Condition(Process(one, SparseApproximation.Variational), rows);
            Near($"{name} bound", Number(one, "bound"), posterior.LogLikelihood, 1e-10);
            Near($"{name} low rank", Number(one, "nystrom_log_likelihood"), posterior.LowRankLogLikelihood, 1e-10);
            Near($"{name} trace", Number(one, "trace_term"), posterior.TraceTerm, 1e-10);

            var gradient = posterior.Gradient(rows);
            var expected = one.GetProperty("bound_gradient").EnumerateArray().ToDictionary(
                entry => entry.GetProperty("parameter").GetString()!, entry => Number(entry, "d_log"));
            double largest = Math.Max(1, expected.Values.Max(Math.Abs));
            double[] found = [.. gradient.Kernel, gradient.LogNoiseVariance];
            Assert.Equal("noise_variance", expected.Keys.Last());
            foreach (var (entry, value) in expected.Zip(found))
                Near($"{name} {entry.Key}", entry.Value, value, 1e-9 * largest);
            if (one.TryGetProperty("bound_gradient_inducing_inputs", out var inputs))
            {
                double[] byInputs = [.. inputs.EnumerateArray().SelectMany(GpReference.Numbers)];
                largest = Math.Max(1, byInputs.Max(Math.Abs));
                Near($"{name} by Z", byInputs, [.. gradient.InducingInputs], 1e-9 * largest);
                gradients++;
            }

            var (mean, covariance) = posterior.InducingPosterior();
            var q = one.GetProperty("q_u");
            Near($"{name} q mean", GpReference.Numbers(q.GetProperty("mean")), mean, 1e-10);
            Near($"{name} q covariance", [.. q.GetProperty("cov").EnumerateArray().SelectMany(GpReference.Numbers)], covariance, 1e-10);
        });
        Assert.Equal(6, cases);
        Assert.Equal(3, gradients);
    }

    [Fact]
    public void Fitc_agrees() => ForEach((data, one, rows) =>
        Near(
            $"{one.GetProperty("id").GetString()} FITC",
            Number(one, "fitc_log_likelihood"),
            SparsePosterior.Condition(Process(one, SparseApproximation.Fitc), rows).LogLikelihood,
            1e-10));

    [Theory]
    [InlineData(SparseApproximation.Variational, "predict")]
    [InlineData(SparseApproximation.Fitc, "fitc_predict")]
    public void Predictions_agree(SparseApproximation approximation, string name) => ForEach((data, one, rows) =>
    {
        var (latent, asked) = (SparsePosterior.Condition(Process(one, approximation), rows).ToLatentPosterior(), data.XTest);
        double[] mean = new double[asked.Rows], variance = new double[asked.Rows];
        latent.Predict(asked, mean, variance);
        var expected = one.GetProperty(name);
        string id = $"{one.GetProperty("id").GetString()} {name}";
        Near($"{id} mean", GpReference.Numbers(expected.GetProperty("mean")), mean, 1e-9);
        Near($"{id} variance", GpReference.Numbers(expected.GetProperty("var_f")), variance, 1e-9);
        double noise = Number(one, "noise_variance");
        Near($"{id} with noise", GpReference.Numbers(expected.GetProperty("var_y")), [.. variance.Select(v => v + noise)], 1e-9);
    });

    [Fact]
    public void It_is_a_bound_and_exact_with_every_input() => ForEach((data, one, rows) =>
    {
        double exact = Number(one, "exact_log_marginal_likelihood");
        var process = Process(one, SparseApproximation.Variational);
        Assert.True(SparsePosterior.Condition(process, rows).LogLikelihood <= exact);
        var distinct = data.X.ToRows().Chunk(data.X.Features).DistinctBy(row => string.Join(' ', row)).SelectMany(row => row);
        var every = process with { InducingInputs = InputColumns.FromRows([.. distinct], data.X.Features) };
        // The smooth kernels' Gram matrices of neighbouring inputs need a jitter, and lose as much.
        double found = SparsePosterior.Condition(every with { Jitter = 1e-10 }, rows).LogLikelihood;
        Near($"{one.GetProperty("id").GetString()} every input", exact, found, 1e-6);
        Assert.True(found <= exact + 1e-8);
    });

    [Fact]
    public void A_jitter_on_the_inducing_covariance_does_what_the_reference_says() => ForEach((data, one, rows) =>
    {
        // There the jitter is added as it is; here it is a part of the mean diagonal, which is the variance.
        double variance = Number(one.GetProperty("kernel"), "variance");
        foreach (var jitter in one.GetProperty("bound_with_jitter_on_Kmm").EnumerateObject())
        {
            var process = Process(one, SparseApproximation.Variational) with
            {
                Jitter = double.Parse(jitter.Name, System.Globalization.CultureInfo.InvariantCulture) / variance,
            };
            Near($"jitter {jitter.Name}", jitter.Value.GetDouble(), SparsePosterior.Condition(process, rows).LogLikelihood, 1e-10);
        }
    });

    private static int ForEach(Action<GpReference.Data, JsonElement, Design> check)
    {
        string path = SharedFolder.Require("reference", "gp", "sparse.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        int cases = 0;
        foreach (var set in document.RootElement.GetProperty("sets").EnumerateArray())
        {
            var data = GpReference.DataOf(set.GetProperty("data"));
            var rows = new MatrixDesign(data.X.ToRows(), data.Y);
            foreach (var one in set.GetProperty("cases").EnumerateArray())
            {
                check(data, one, rows);
                cases++;
            }
        }
        return cases;
    }

    private static SparseProcess Process(JsonElement one, SparseApproximation approximation) => new()
    {
        Kernel = GpReference.KernelOf(one.GetProperty("kernel")),
        NoiseVariance = Number(one, "noise_variance"),
        InducingInputs = GpReference.Inputs(one.GetProperty("inducing_inputs")),
        Approximation = approximation,
    };

    private static double Number(JsonElement of, string name) => of.GetProperty(name).GetDouble();

    private static void Near(string what, double[] expected, double[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Near($"{what}[{i}]", expected[i], found[i], tolerance);
    }

    private static void Near(string what, double expected, double found, double tolerance) => Assert.True(
        Math.Abs(expected - found) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{what}: {expected:R} and {found:R}");
}
