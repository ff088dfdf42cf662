using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

public sealed class LatentPosteriorTests
{
    private static readonly Kernel Mixed = Kernel.Parse("rbf(ard) + 0.3 * linear + white(variance=0.2)").ForFeatures(3);

    [Theory, InlineData(1), InlineData(7), InlineData(600)]
    public void An_exact_posterior_predicts_the_same_in_batches(int count)
    {
        var exact = Conditioned();
        var x = Inputs(count, 5);
        double[] mean = new double[count], latent = new double[count], m = new double[count], v = new double[count];
        exact.Predict(x, mean, latent, default);
        exact.ToLatent().Predict(x, m, v);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(mean[i], m[i], 1e-12);
            Assert.Equal(latent[i], v[i], 1e-12);
        }
    }

    [Fact]
    public void A_factor_can_be_solved_with_or_multiplied_by_and_given_back()
    {
        var exact = Conditioned();
        var solved = exact.ToLatent();
        int n = exact.Rows;
        double[] half = [.. solved.Terms[0].ToProduct().Select(value => value / 2)];
        // −|L⁻¹k|² + |½ L⁻¹k|² = −¾ |L⁻¹k|²
        var partly = new LatentPosterior(
            solved.Kernel, solved.Inputs, [.. solved.Weights], solved.MeanConstant, solved.Terms[0], VarianceTerm.Multiply(1, half, n, n));
        var x = Inputs(9, 6);
        double[] mean = new double[9], whole = new double[9], three = new double[9];
        solved.Predict(x, mean, whole);
        partly.Predict(x, mean, three);
        Span<double> row = new double[3];
        for (int i = 0; i < 9; i++)
        {
            x.CopyRow(i, row);
            double prior = solved.Kernel.Diagonal(row);
            Assert.Equal(0.75 * (prior - whole[i]), prior - three[i], 1e-12);
        }
    }

    [Fact]
    public void Saved_is_loaded_bit_for_bit()
    {
        var posterior = Conditioned().ToLatent();
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, System.Text.Encoding.UTF8, leaveOpen: true))
            posterior.Write(writer);
        memory.Position = 0;
        var read = LatentPosterior.Read(new BinaryReader(memory));
        Assert.Equal(posterior.Kernel.ToString(), read.Kernel.ToString());
        var x = Inputs(20, 8);
        double[] m = new double[20], v = new double[20], mean = new double[20], variance = new double[20];
        posterior.Predict(x, m, v);
        read.Predict(x, mean, variance);
        Assert.Equal(m, mean);
        Assert.Equal(v, variance);
        byte[] cut = memory.ToArray()[..^9];
        Assert.Throws<FormatException>(() => LatentPosterior.Read(new BinaryReader(new MemoryStream(cut))));
    }

    private static ExactPosterior Conditioned()
    {
        var x = Inputs(40, 1);
        double[] y = [.. Enumerable.Range(0, 40).Select(i => Math.Sin(i) + 3)];
        return ExactPosterior.Condition(Mixed, 0.1, x, y, meanConstant: 3);
    }

    private static InputColumns Inputs(int rows, int seed)
    {
        var random = new Random(seed);
        return InputColumns.FromRows([.. Enumerable.Range(0, rows * 3).Select(_ => 2 * random.NextDouble() - 1)], 3);
    }
}
