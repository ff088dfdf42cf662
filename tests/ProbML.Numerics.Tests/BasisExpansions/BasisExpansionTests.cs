using ProbML.GaussianProcesses;

namespace ProbML.Tests.BasisExpansions;

/// <summary>Laws of basis functions.</summary>
public sealed class BasisExpansionTests
{
    [Fact]
    public void Inner_products_of_random_cosines_are_the_kernel()
    {
        var (model, x) = Fit(BasisExpansion.RandomFourier(20_000, lengthScale: 1.5), 2);
        double[] a = Values(model, x.AsSpan(0, 2)), b = Values(model, x.AsSpan(2, 2));
        double[] u = Standardised(x, 0), v = Standardised(x, 1);
        double square = (u[0] - v[0]) * (u[0] - v[0]) + (u[1] - v[1]) * (u[1] - v[1]);
        Assert.Equal(Math.Exp(-0.5 * square / 2.25), a.Zip(b, (p, q) => p * q).Sum(), 0.03);
        Assert.Equal(1, a.Sum(p => p * p), 0.03);
    }

    [Theory]
    [InlineData(InducingSelection.KMeans)]
    [InlineData(InducingSelection.GreedyVariance)]
    [InlineData(InducingSelection.Random)]
    public void Inner_products_of_Nystrom_features_approach_the_kernel_from_below(InducingSelection selection)
    {
        var kernel = Kernel.Parse("matern32(ard, lengthscale=[1.5, 0.8], variance=2)");
        double[] u = new double[2], v = new double[2];
        double explained = 0;
        foreach (int count in (int[])[5, 20, 60, 120])        // of 100 rows
        {
            var (model, x) = Fit(BasisExpansion.Nystrom(kernel, count, selection), 2);
            double sum = 0, largest = 0;
            for (int row = 0; row < 20; row++)
            {
                double[] a = Values(model, x.AsSpan(2 * row, 2)), b = Values(model, x.AsSpan(2 * row + 2, 2));
                sum += a.Sum(p => p * p);
                Assert.True(a.Sum(p => p * p) <= 2 + 1e-5);
                double wanted = kernel.Evaluate(Standardised(x, row), Standardised(x, row + 1));
                largest = Math.Max(largest, Math.Abs(wanted - a.Zip(b, (p, q) => p * q).Sum()));
            }
            Assert.True(sum > explained);
            explained = sum;
            Assert.Equal(count > 100, largest < 1e-5);
        }
    }

    [Fact]
    public void Nystrom_features_survive_writing_and_say_what_does_not_fit()
    {
        var (model, x) = Fit(BasisExpansion.Nystrom(Kernel.Parse("rbf(ard) + linear"), 7), 2);
        using var stream = new MemoryStream();
        model.Write(new BinaryWriter(stream));
        stream.Position = 0;
        Assert.Equal(Values(model, x.AsSpan(6, 2)), Values(BasisExpansionModel.Read(new BinaryReader(stream)), x.AsSpan(6, 2)));
        var error = Assert.Throws<InvalidOperationException>(() => Fit(BasisExpansion.Nystrom(Kernel.Parse("rbf(dims=[4])"), 7), 2));
        Assert.Contains("looks at feature 4, but there are 2", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => BasisExpansion.Nystrom(new RbfKernel(), 0));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(5)]
    public void B_splines_are_a_partition_of_unity_and_reproduce_lines(int degree)
    {
        var (model, x) = Fit(BasisExpansion.BSpline(6, degree), 1);
        var design = new MatrixDesign(
            [.. Enumerable.Range(0, 60).SelectMany(i => Values(model, [x[i]]))], [.. x.Take(60).Select(v => 3 * v - 1)]);
        var fit = new GlmFitter(new GlmOptions()).Fit(design, TrainingMonitor.None);
        Assert.True(fit.Statistics.Deviance < 1e-8);         // of single-precision values
        Assert.All(Values(model, [x[0]]), v => Assert.InRange(v, 0, 1));
        Assert.True(Values(model, [x[0]]).Sum() <= 1 + 1e-6);
        Assert.Equal(Values(model, [1e9]), Values(model, [x.Max()]));
    }

    [Fact]
    public void Polynomials_hold_every_monomial()
    {
        var (model, x) = Fit(BasisExpansion.Polynomial(3, 2), 2);
        double[] z = Standardised(x, 4), values = Values(model, x.AsSpan(8, 2));
        double[] expected = [z[0], z[1], z[0] * z[0], z[0] * z[1], z[1] * z[1], z[0] * z[0] * z[0], z[0] * z[0] * z[1], z[0] * z[1] * z[1], z[1] * z[1] * z[1]];
        Assert.Equal(expected.Length, values.Length);
        for (int k = 0; k < expected.Length; k++)
            Assert.Equal(expected[k], values[k], 1e-6);
    }

    [Fact]
    public void Radial_functions_are_one_at_their_centres_which_are_rows()
    {
        var (model, x) = Fit(BasisExpansion.RadialBasis(12), 2);
        int hits = Enumerable.Range(0, x.Length / 2).Count(i => Values(model, x.AsSpan(2 * i, 2)).Max() == 1);
        Assert.Equal(12, hits);
    }

    /// <summary>The primal and the dual story agree: Bayesian regression on cosines is Gaussian process regression.</summary>
    [Fact]
    public void Bayesian_regression_on_splines_finds_a_curve()
    {
        double[] x = [.. Enumerable.Range(0, 200).Select(i => i / 200.0)], y = [.. x.Select((v, i) => Math.Sin(6 * v) + 0.1 * Math.Cos(i * i))];
        var basis = new BasisExpansionFitter("B", BasisExpansion.BSpline(10)).Fit(new MatrixDesign(x, y), TrainingMonitor.None);
        var model = new BayesianLinearFitter().Fit(
            new MatrixDesign([.. x.SelectMany(v => Values(basis, [v]))], y), TrainingMonitor.None);
        foreach (double v in (double[])[0.1, 0.5, 0.8])
            Assert.Equal(Math.Sin(6 * v), model.Predict(Values(basis, [v])).Mean, 0.06);
    }

    [Fact]
    public void The_number_of_features_is_checked()
    {
        var fitter = new BasisExpansionFitter("B", BasisExpansion.Polynomial(2, 3));
        Assert.Throws<InvalidOperationException>(() => fitter.Fit(new MatrixDesign([1, 2, 3, 4], [1, 2], ["a", "b"]), TrainingMonitor.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => BasisExpansion.Polynomial(10, 100));
        Assert.Throws<ArgumentOutOfRangeException>(() => BasisExpansion.RandomFourier(10, 0));
    }

    private static (BasisExpansionModel Model, double[] X) Fit(BasisExpansion basis, int d)
    {
        var random = new Random(9);
        double[] x = [.. Enumerable.Range(0, 100 * d).Select(_ => 5 + 2 * RandomNormal.Draw(random))];
        return (new BasisExpansionFitter("B", basis).Fit(MatrixDesign.WithoutResponse(x, [.. Enumerable.Range(0, d).Select(j => $"x{j}")]), TrainingMonitor.None), x);
    }

    private static double[] Standardised(double[] x, int row)
    {
        int n = x.Length / 2;
        return [.. Enumerable.Range(0, 2).Select(j =>
        {
            double mean = Enumerable.Range(0, n).Average(i => x[2 * i + j]);
            double sd = Math.Sqrt(Enumerable.Range(0, n).Average(i => (x[2 * i + j] - mean) * (x[2 * i + j] - mean)));
            return (x[2 * row + j] - mean) / sd;
        })];
    }

    private static double[] Values(BasisExpansionModel model, ReadOnlySpan<double> x)
    {
        var values = new float[model.Basis.Count];
        model.Score(new RowBlock(1, model.FeatureCount, x), new OutputBlock(values, values.Length));
        return [.. values.Select(v => (double)v)];
    }
}
