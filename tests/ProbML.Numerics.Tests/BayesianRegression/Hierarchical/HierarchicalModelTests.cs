using ProbML.Numerics.Tests.Distributions;

namespace ProbML.Numerics.Tests.BayesianRegression.Hierarchical;

/// <summary>What fitted models say and predict.</summary>
public sealed class HierarchicalModelTests
{
    [Fact]
    public void A_known_group_is_predicted_by_its_line_and_a_new_one_by_the_population()
    {
        var model = MixedReference.Fit("sleepstudy, correlated, REML");
        var fitted = MixedReference.Numbers(MixedReference.Case("sleepstudy, correlated, REML").GetProperty("fitted"));
        var known = model.Predict([3], new Dictionary<string, string> { ["Subject"] = "308" });
        Near.AssertClose(fitted[3], known.Mean, 1e-7);
        var effect = model.GroupEffects("Subject").Single(one => one.Level == "308");
        double line = model.Coefficients[0].Mean + effect.Means[0] + 3 * (model.Coefficients[1].Mean + effect.Means[1]);
        Near.AssertClose(line, known.Mean, 1e-10);
        Near.AssertClose(Math.Sqrt(model.Dispersion), known.Aleatoric, 1e-7);

        var stranger = model.Predict([3], new Dictionary<string, string> { ["Subject"] = "999" });
        Near.AssertClose(model.Coefficients[0].Mean + 3 * model.Coefficients[1].Mean, stranger.Mean, 1e-10);
        var component = model.Components[0];
        var (s0, s1, r) = (component.StandardDeviations[0], component.StandardDeviations[1], component.Correlations[0, 1]);
        double between = s0 * s0 + 9 * s1 * s1 + 6 * r * s0 * s1, v = model.Covariance[0, 0] + 6 * model.Covariance[0, 1] + 9 * model.Covariance[1, 1];
        Near.AssertClose(Math.Sqrt(between + v), stranger.Epistemic, 1e-7);
        Assert.Equal(model.Predict([3]).Mean, stranger.Mean);
        Assert.True(known.Epistemic < 0.6 * stranger.Epistemic);
    }

    /// <summary>With σ² and Σ known the posterior is normal: b and β jointly by one large least-squares problem.</summary>
    [Theory]
    [InlineData("drawn, weights and offset, REML")]
    [InlineData("Penicillin, crossed, REML")]
    public void Variances_are_those_of_the_joint_normal(string name)
    {
        var one = MixedReference.Case(name);
        var model = MixedReference.Fit(name);
        var design = MixedReference.Design(one);
        double[] x = MixedReference.Numbers(one.GetProperty("features"));
        double[] w = MixedReference.Optional(one, "weights") ?? [];
        int n = MixedReference.Numbers(one.GetProperty("y")).Length, d = design.FeatureCount, p = 1 + d;
        var columns = new List<Func<int, double>> { _ => 1 };
        for (int j = 0; j < d; j++)
        {
            int place = j;
            columns.Add(i => x[i * d + place]);
        }
        var prior = new List<(int At, double[,] Precision)>();
        foreach (var component in model.Components)
        {
            var places = design.GroupColumns.Single(column => column.Factor.Name == component.Group);
            int q = component.Names.Count;
            var sigma = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(q, q, (a, b) =>
                component.StandardDeviations[a] * component.StandardDeviations[b] * component.Correlations[a, b]);
            for (int g = 0; g < places.Factor.Levels.Count; g++)
            {
                prior.Add((columns.Count, sigma.Inverse().ToArray()));
                int level = g;
                columns.Add(i => places.Places[i] == level ? 1 : 0);
                if (q == 2)
                    columns.Add(i => places.Places[i] == level ? x[i * d] : 0);
            }
        }
        var precision = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(columns.Count, columns.Count, (a, b) =>
            Enumerable.Range(0, n).Sum(i => (w.Length > 0 ? w[i] : 1) * columns[a](i) * columns[b](i)) / model.Dispersion);
        foreach (var (at, matrix) in prior)
        {
            for (int a = 0; a < matrix.GetLength(0); a++)
            {
                for (int b = 0; b < matrix.GetLength(0); b++)
                    precision[at + a, at + b] += matrix[a, b];
            }
        }
        var covariance = precision.Inverse();
        for (int i = 0; i < n; i += 7)
        {
            var row = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(columns.Count, c => columns[c](i));
            var groups = design.GroupColumns.ToDictionary(column => column.Factor.Name, column => column.Factor.Levels[column.Places[i]]);
            Near.AssertClose(Math.Sqrt(row * covariance * row), model.Predict(x.AsSpan(i * d, d), groups).Epistemic, 1e-6);
        }
        Assert.Equal(p, model.Coefficients.Count);
    }

    [Theory]
    [InlineData("sleepstudy, correlated, REML")]
    [InlineData("Pastes, nested, ML")]
    public void Saved_is_loaded(string name)
    {
        var model = MixedReference.Fit(name);
        var copy = Copy(model);
        Assert.Equal(model.ToString(), copy.ToString());
        double[] x = [.. Enumerable.Repeat(0.5, model.FeatureCount)];
        foreach (var group in model.Groups[0].Levels.Take(5))
        {
            var groups = new Dictionary<string, string> { [model.Groups[0].Name] = group };
            Assert.Equal(model.Predict(x, groups).Mean, copy.Predict(x, groups).Mean);
            Assert.Equal(model.Predict(x, groups).StandardDeviation, copy.Predict(x, groups).StandardDeviation);
        }
    }

    [Fact]
    public void Draws_agree_with_the_likelihood_where_groups_are_many()
    {
        var design = Poisson(groups: 40, rows: 600, seed: 4);
        var options = new HierarchicalOptions { Family = Families.Poisson, Effects = [new("g")] };
        var laplace = new HierarchicalFitter(options).Fit(design, TrainingMonitor.None);
        var nuts = new HierarchicalFitter(options with
        {
            Inference = HierarchicalInference.Nuts(new() { Chains = 2, Warmup = 300, Draws = 400 }),
            Seed = 3,
        }).Fit(design, TrainingMonitor.None);
        Assert.Equal(0, nuts.Diagnostics!.Divergences);
        Assert.True(nuts.Diagnostics.MaximumRHat < 1.05);
        for (int j = 0; j < 2; j++)
            Assert.Equal(laplace.Coefficients[j].Mean, nuts.Coefficients[j].Mean, 0.4 * laplace.Coefficients[j].StandardDeviation);
        var sd = nuts.Components[0].Posterior[0];
        Assert.InRange(laplace.Components[0].StandardDeviations[0], sd.LowerBound, sd.UpperBound);
        var (one, other) = (laplace.GroupEffects("g"), nuts.GroupEffects("g"));
        for (int g = 0; g < one.Count; g++)
            Assert.Equal(one[g].Means[0], other[g].Means[0], 0.5 * one[g].StandardDeviations[0]);
        var copy = Copy(nuts);
        Assert.Equal(nuts.Predict([0.3]).Quantile(0.9), copy.Predict([0.3]).Quantile(0.9));
        Assert.Equal(laplace.Predict([0.3]).StandardDeviation, nuts.Predict([0.3]).StandardDeviation, 0.3);
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        var design = Poisson(groups: 30, rows: 6000, seed: 5);
        var options = new HierarchicalOptions { Family = Families.Poisson, Effects = [new("g", "x1")] };
        var one = new HierarchicalFitter(options with { NumberOfThreads = 1 }).Fit(design, TrainingMonitor.None);
        var many = new HierarchicalFitter(options with { NumberOfThreads = 3 }).Fit(design, TrainingMonitor.None);
        Assert.Equal(one.ToString(), many.ToString());
        Assert.Equal(one.LogLikelihood, many.LogLikelihood);
    }

    [Fact]
    public void Units_do_not_change_the_fit()
    {
        var one = MixedReference.Case("sleepstudy, correlated, REML");
        var design = MixedReference.Design(one);
        double[] days = MixedReference.Numbers(one.GetProperty("features"));
        var seconds = new MatrixDesign(
            [.. days.Select(day => day * 86400)], MixedReference.Numbers(one.GetProperty("y")), ["Days"]) { GroupColumns = design.GroupColumns };
        var options = MixedReference.Options(one);
        var left = new HierarchicalFitter(options).Fit(design, TrainingMonitor.None);
        var right = new HierarchicalFitter(options).Fit(seconds, TrainingMonitor.None);
        Near.AssertClose(left.Components[0].StandardDeviations[1], right.Components[0].StandardDeviations[1] * 86400, 1e-6);
        Near.AssertClose(left.Coefficients[1].StandardDeviation, right.Coefficients[1].StandardDeviation * 86400, 1e-8);
    }

    internal static MatrixDesign Poisson(int groups, int rows, int seed)
    {
        var random = new Random(seed);
        double[] b = [.. Enumerable.Range(0, groups).Select(_ => 0.6 * RandomNormal.Draw(random))];
        double[] x = new double[rows], y = new double[rows];
        string[] names = new string[rows];
        for (int i = 0; i < rows; i++)
        {
            int g = random.Next(groups);
            x[i] = random.NextDouble();
            names[i] = $"g{g:00}";
            y[i] = PoissonDraw(Math.Exp(0.5 + 0.8 * x[i] + b[g]), random);
        }
        return new(x, y) { GroupColumns = [GroupColumn.Of("g", names)] };
    }

    private static double PoissonDraw(double mean, Random random)
    {
        double product = random.NextDouble(), limit = Math.Exp(-mean);
        int count = 0;
        for (; product > limit; count++)
            product *= random.NextDouble();
        return count;
    }

    private static HierarchicalModel Copy(HierarchicalModel model)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            model.Write(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        return HierarchicalModel.Read(reader);
    }
}
