using ProbML.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.Vae;

public sealed class GaussianTests
{
    public static TheoryData<ScalarType, double> Precisions => new()
    {
        { ScalarType.Float64, 1e-12 },
        { ScalarType.Float32, 1e-5 },
    };

    [Theory, MemberData(nameof(Precisions))]
    public void Divergence_of_diagonal_Gaussians_is_the_reference(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Open("gaussian_kl.json", type);
        var diagonal = golden["diagonal"];
        var q = new DiagonalGaussian(diagonal.Tensor("mean_q"), diagonal.Tensor("logvar_q"));
        var p = new DiagonalGaussian(diagonal.Tensor("mean_p"), diagonal.Tensor("logvar_p"));
        GoldenFile.AssertNear(diagonal.Tensor("kl_per_dimension"), q.KlTermsTo(p), tolerance);
        GoldenFile.AssertNear(diagonal.Tensor("kl"), q.KlTo(p), tolerance);
        GoldenFile.AssertNear(golden["standard"].Tensor("kl"), q.KlToStandardNormal(), tolerance);
    }

    [Theory, MemberData(nameof(Precisions))]
    public void Divergence_of_full_Gaussians_is_the_reference(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        var full = GoldenFile.Open("gaussian_kl.json", type)["full"];
        var q = new FullGaussian(full.Tensor("mean_q"), full.Tensor("chol_q"));
        var p = new FullGaussian(full.Tensor("mean_p"), full.Tensor("chol_p"));
        Assert.Equal(full.Number("kl"), q.KlTo(p).to(float64).item<double>(), tolerance);
        Assert.Equal(0, q.KlTo(q).to(float64).item<double>(), tolerance);
    }

    [Fact]
    public void Full_Gaussian_with_a_diagonal_factor_is_the_diagonal_one()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        var (mean, logVariance) = (randn(4, 3, float64, generator: random), randn(4, 3, float64, generator: random));
        var noise = randn(5, 4, 3, float64, generator: random);
        var diagonal = new DiagonalGaussian(mean, logVariance);
        var full = new FullGaussian(mean, diag_embed((0.5 * logVariance).exp()));
        var (z, logDensity) = diagonal.Draw(noise);
        var (other, otherDensity) = full.Draw(noise);
        GoldenFile.AssertNear(z, other, 1e-12);
        GoldenFile.AssertNear(logDensity, otherDensity, 1e-12);
        GoldenFile.AssertNear(logDensity, diagonal.LogDensity(z), 1e-12);
        GoldenFile.AssertNear(logDensity, full.LogDensity(z), 1e-12);
        GoldenFile.AssertNear(diagonal.KlToStandardNormal(), full.KlToStandardNormal(), 1e-12);
        GoldenFile.AssertNear(diagonal.KlToStandardNormal().unsqueeze(-1), full.KlTerms()!, 1e-12);
    }

    [Fact]
    public void Full_family_reads_a_factor_with_covariances()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        var numbers = tensor(new[] { 1.0, 2, 3, 0, Math.Log(4), Math.Log(9), 0.1, 0.2, 0.3 }).unsqueeze(0);
        var family = new PosteriorFamily(PosteriorCovariance.Full, 3);
        var posterior = (FullGaussian)family.Of(numbers);
        Assert.Equal(9, family.Width);
        GoldenFile.AssertNear(
            tensor(new double[,] { { 1, 0, 0 }, { 0.1, 2, 0 }, { 0.2, 0.3, 3 } }).unsqueeze(0), posterior.Factor, 1e-12);
        GoldenFile.AssertNear(tensor(new[] { 1.0, 2, 3 }).unsqueeze(0), posterior.Mean, 0);
    }
}
