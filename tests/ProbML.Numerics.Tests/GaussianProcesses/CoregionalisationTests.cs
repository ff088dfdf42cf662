using MathNet.Numerics.LinearAlgebra;
using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Several outputs: the kernel's laws, Kronecker's algebra, and what one output learns from another.</summary>
public sealed class CoregionalisationTests
{
    private const int Places = 7, Outputs = 3;

    private const string Text =
        "coregion(outputs=3, rank=2, dim=1, loadings=[0.8, -0.2, 0.5, 0.9, -1.1, 0.3], variances=[0.3, 0.2, 0.6])";

    private static readonly double[] places = [.. Enumerable.Range(0, Places).Select(i => 0.7 * i + 0.1 * Math.Sin(9.1 * i))];

    // Output by output, every place each: K is B ⊗ K_x.
    private static readonly InputColumns inputs = InputColumns.FromRows(
        [.. Enumerable.Range(0, Outputs).SelectMany(p => places.SelectMany(x => new[] { x, p }))], 2);

    private static readonly double[] response = [.. Enumerable.Range(0, Places * Outputs).Select(i => Math.Cos(1.7 * i))];

    [Fact]
    public void Likelihood_and_predictions_are_those_of_the_kronecker_product()
    {
        var kernel = Kernel.Parse("rbf(variance=1.3, lengthscale=0.9, dims=[0]) * " + Text);
        var posterior = ExactPosterior.Condition(kernel, 0.2, inputs, response, 0.1);
        var w = Matrix<double>.Build.DenseOfRowMajor(3, 2, [0.8, -0.2, 0.5, 0.9, -1.1, 0.3]);
        var b = w * w.Transpose() + Matrix<double>.Build.DenseOfDiagonalArray([0.3, 0.2, 0.6]);
        var of = Matrix<double>.Build.Dense(Places, Places, (i, j) => Rbf(places[i], places[j]));
        var whole = b.KroneckerProduct(of) + 0.2 * Matrix<double>.Build.DenseIdentity(Places * Outputs);
        var y = Vector<double>.Build.Dense([.. response.Select(one => one - 0.1)]);
        double expected = -0.5 * (y * whole.Solve(y) + whole.Cholesky().DeterminantLn + y.Count * Math.Log(2 * Math.PI));
        Assert.Equal(expected, posterior.LogMarginalLikelihood, 1e-9);

        double[] mean = new double[3], variance = new double[3];
        posterior.ToLatent().Predict(InputColumns.FromRows([1.3, 0, 1.3, 1, 2.4, 2], 2), mean, variance);
        double[] at = [1.3, 1.3, 2.4];
        for (int p = 0; p < 3; p++)
        {
            var cross = b.Column(p).ToColumnMatrix().KroneckerProduct(Matrix<double>.Build.Dense(Places, 1, (i, _) => Rbf(places[i], at[p]))).Column(0);
            Assert.Equal(0.1 + cross * whole.Solve(y), mean[p], 1e-9);
            Assert.Equal(1.3 * b[p, p] - cross * whole.Solve(cross), variance[p], 1e-9);
        }

        static double Rbf(double x, double z) => 1.3 * Math.Exp(-0.5 * (x - z) * (x - z) / 0.81);
    }

    [Theory]
    [InlineData(Text)]
    [InlineData("rbf(dims=[0]) * " + Text + " + linear(dims=[0]) * coregion(outputs=3, dim=1)")]
    [InlineData("rbf(dims=[0]) * " + Text + " + white * coregion(outputs=3, rank=0, dim=1, variances=[0.1, 0.2, 0.3])")]
    public void Gradients_are_those_of_finite_differences(string text)
    {
        var kernel = Kernel.Parse(text).ForFeatures(2);
        Assert.Equal(kernel, Kernel.Parse(kernel.ToString()));
        Assert.Equal(kernel.ParameterCount, kernel.ParameterNames.Distinct().Count());
        double[] free = kernel.FreeParameters();
        var posterior = ExactPosterior.Condition(kernel, 0.2, inputs, response);
        var gradient = posterior.Gradient();
        for (int k = 0; k < free.Length; k++)
        {
            double At(double step) => ExactPosterior.Condition(
                kernel.With([.. free.Select((value, i) => value + (i == k ? step : 0))]), 0.2, inputs, response).LogMarginalLikelihood;
            double slope = (4 * (At(5e-4) - At(-5e-4)) / 1e-3 - (At(1e-3) - At(-1e-3)) / 2e-3) / 3;
            Assert.Equal(slope, gradient.Kernel[k], 1e-6 * Math.Max(1, Math.Abs(slope)));
            var diagonal = new double[free.Length];
            kernel.AddDiagonalGradient([0.4, 2], 1.5, diagonal);
            double Alone(double step) => 1.5 * kernel.With([.. free.Select((value, i) => value + (i == k ? step : 0))]).Diagonal([0.4, 2]);
            Assert.Equal((Alone(1e-5) - Alone(-1e-5)) / 2e-5, diagonal[k], 1e-6);
        }
    }

    [Fact]
    public void A_kernel_can_be_put_over_some_features_and_keeps_those_it_was_given()
    {
        KernelVector<int> dims = [0, 2];
        Kernel Over(string text) => Kernel.Parse(text).Over(dims);
        Assert.Equal(Kernel.Parse("rbf(ard, dims=[0, 2]) * periodic(dims=[1]) + white + linear(dims=[0, 2])"), Over("rbf(ard) * periodic(dims=[1]) + white + linear"));
        Assert.Equal(Kernel.Parse("changepoint(rbf(dims=[0, 2]), constant, dim=1)"), Over("changepoint(rbf, constant, dim=1)"));
        Assert.Equal(Kernel.Parse("coregion(outputs=2, dim=1)"), Over("coregion(outputs=2, dim=1)"));
        Assert.Equal(2, ((RbfKernel)Over("rbf(ard)").ForFeatures(3)).Lengthscale.Count);
    }

    [Theory]
    [InlineData("exact")]
    [InlineData("sgpr")]
    [InlineData("svgp")]
    public void One_output_learns_from_another_where_it_was_not_seen(string inference)
    {
        var random = new Random(3);
        var (x, y) = (new List<double>(), new List<double>());
        for (int i = 0; i < 40; i++)
        {
            double t = 0.2 * i, f = Math.Sin(t) + 0.4 * Math.Cos(2.1 * t);
            x.AddRange([t, 1]);
            y.Add(f + 0.05 * RandomNormal.Draw(random));
            if (t > 4)
                continue;
            x.AddRange([t, 2]);                            // the second output is seen in the first half alone
            y.Add(-2 * f + 0.05 * RandomNormal.Draw(random));
        }
        double shared = Error("rbf(dims=[0]) * coregion(outputs=2, dim=1, first=1)");
        double apart = Error("rbf(dims=[0]) * coregion(outputs=2, rank=0, dim=1, first=1)");
        Assert.True(shared < 0.4 && shared < 0.3 * apart, $"{shared} and {apart}");

        double Error(string kernel)
        {
            var model = new GaussianProcessFitter(new()
            {
                Kernel = Kernel.Parse(kernel), Restarts = 1, Seed = 2,
                Inference = inference switch
                {
                    "sgpr" => new SparseVariationalInference { InducingInputs = 40 },
                    "svgp" => new StochasticVariationalInference
                    {
                        InducingInputs = 40, Selection = InducingSelection.GreedyVariance, Steps = 100,
                    },
                    _ => null,
                },
            }).Fit(new MatrixDesign([.. x], [.. y]), TrainingMonitor.None);
            double[] asked = [.. Enumerable.Range(0, 15).Select(i => 4.4 + 0.2 * i)], mean = new double[15];
            model.PredictLatent([.. asked.SelectMany(t => new[] { t, 2 })], mean, default);
            return Math.Sqrt(asked.Select((t, i) => Math.Pow(mean[i] + 2 * (Math.Sin(t) + 0.4 * Math.Cos(2.1 * t)), 2)).Average());
        }
    }

    [Fact]
    public void What_names_no_output_is_refused_and_scored_as_unknown()
    {
        var options = new GaussianProcessOptions { Kernel = Kernel.Parse("rbf(dims=[0]) * " + Text), Optimize = false };
        var model = new GaussianProcessFitter(options).Fit(new MatrixDesign(inputs.ToRows(), response, ["t", "output"]), TrainingMonitor.None);
        int width = model.Outputs.Count;
        var scores = new float[3 * width];
        model.Score(new RowBlock(3, 2, [0.5, 1, 0.5, 3, 0.5, 0.5]), new OutputBlock(scores, width));
        Assert.True(float.IsFinite(scores[0]));
        Assert.All(scores[width..], value => Assert.True(float.IsNaN(value)));
        double[] wrong = inputs.ToRows();
        wrong[5] = 7;
        Assert.Contains(
            "'output' must be a whole number from 0 to 2, an output's, but row 3 has 7",
            Assert.Throws<InvalidOperationException>(() => new GaussianProcessFitter(options)
                .Fit(new MatrixDesign(wrong, response, ["t", "output"]), TrainingMonitor.None)).Message, StringComparison.Ordinal);
        Assert.Contains("k-means", Assert.Throws<ArgumentException>(() => new GaussianProcessFitter(
            options with { Inference = new StochasticVariationalInference() }).Fit(new MatrixDesign(inputs.ToRows(), response), TrainingMonitor.None)).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => Kernel.Parse("coregion(outputs=0)"));
        Assert.Throws<FormatException>(() => Kernel.Parse("coregion(outputs=2, loadings=[1, 2, 3])"));
        Assert.Throws<FormatException>(() => Kernel.Parse("coregion(outputs=2, variances=[1, 0])"));
        Assert.Throws<ArgumentException>(() => Kernel.Parse("coregion(outputs=2, dim=4)").ForFeatures(2));
    }
}
