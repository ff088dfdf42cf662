namespace ProbML.Tests.BayesianRegression;

/// <summary>Posteriors under horseshoes against quadrature: given all scales a normal linear model's are closed forms.</summary>
public sealed class HorseshoeTests
{
    private const int Rows = 20;
    private const double GlobalScale = 0.2, SlabDegreesOfFreedom = 4;

    private static readonly (double[] X, double[] Y) Data = Draw();

    [Theory]
    [InlineData(double.PositiveInfinity), InlineData(0.4)]
    public void Draws_agree_with_quadrature_over_all_scales(double slab)
    {
        var (mean, sd) = Quadrature(slab);
        var prior = new RegularisedHorseshoePrior(GlobalScale, slab, SlabDegreesOfFreedom);
        var model = Fit(prior, Inference.Nuts(new() { Warmup = 500, Draws = 2000, TargetAcceptance = 0.98 }));
        double[,] draws = model.Draws()!;
        for (int j = 0; j < 2; j++)
        {
            double[][] chains = [.. Enumerable.Range(0, draws.GetLength(0)).Select(s => draws[s, j]).Chunk(2000)];
            double error = sd[j] / Math.Sqrt(ChainDiagnostics.MeanEffectiveSize(chains));
            Assert.True(error < 0.05 * sd[j], $"{error} of {sd[j]}");
            Assert.Equal(mean[j], model.Coefficients[j].Mean, 4.5 * error);
            Assert.Equal(sd[j], model.Coefficients[j].StandardDeviation, 0.06 * sd[j]);
        }
        Assert.True(model.Diagnostics!.MaximumRHat < 1.02, $"{model.Diagnostics.MaximumRHat}");
    }

    [Fact]
    public void A_slab_draws_a_large_coefficient_in_and_no_slab_leaves_it()
    {
        double with = Quadrature(0.4).Mean[0], without = Quadrature(double.PositiveInfinity).Mean[0];
        Assert.InRange(with, 0.5 * without, 0.95 * without);
    }

    [Fact]
    public void Variational_gradients_learn_the_scale_too()
    {
        var (mean, sd) = Quadrature(double.PositiveInfinity);
        var model = Fit(new RegularisedHorseshoePrior(GlobalScale, double.PositiveInfinity), Inference.Variational());
        for (int j = 0; j < 2; j++)
            Assert.Equal(mean[j], model.Coefficients[j].Mean, 0.5 * sd[j]);       // a normal of the logarithms is not the posterior
    }

    [Theory, InlineData("map"), InlineData("laplace"), InlineData("ep")]
    public void Inference_about_a_mode_is_refused(string inference)
    {
        var options = new BayesianGlmOptions
        {
            Priors = new() { Default = new RegularisedHorseshoePrior() },
            Inference = inference switch { "map" => Inference.Map, "ep" => Inference.ExpectationPropagation, _ => Inference.Laplace },
        };
        string message = Assert.Throws<ArgumentException>(() => new BayesianGlmFitter(options)).Message;
        Assert.Contains("regularised-horseshoe(1,2.5,4)", message, StringComparison.Ordinal);
        Assert.Contains("Inference.Nuts", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_round_trips_and_bad_numbers_are_named()
    {
        foreach (string text in (string[])["regularised-horseshoe(0.1,2,4)", "regularised-horseshoe(0.1,Infinity,4)"])
            Assert.Equal(text, Prior.Parse(text).ToString());
        Assert.Equal(new RegularisedHorseshoePrior(0.1, double.PositiveInfinity), Prior.Parse("regularised-horseshoe(0.1,infinity)"));
        Assert.Contains("GlobalScale", Assert.Throws<FormatException>(() => Prior.Parse("regularised-horseshoe(0)")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new RegularisedHorseshoePrior().LogDensity(1));
    }

    private static BayesianGlmModel Fit(Prior prior, Inference inference) => new BayesianGlmFitter(new()
    {
        Intercept = false,
        Priors = new() { Default = prior },
        Dispersion = DispersionPrior.Fixed(1),
        Inference = inference,
        Seed = 5,
    }).Fit(new MatrixDesign(Data.X, Data.Y), TrainingMonitor.None);

    private static (double[] X, double[] Y) Draw()
    {
        var random = new Random(2);
        double[] x = new double[2 * Rows], y = new double[Rows];
        for (int i = 0; i < Rows; i++)
        {
            double common = RandomNormal.Draw(random);
            (x[2 * i], x[2 * i + 1]) = (common, 0.5 * common + RandomNormal.Draw(random));
            y[i] = 1.1 * x[2 * i] + 0.1 * x[2 * i + 1] + RandomNormal.Draw(random);
        }
        return (x, y);
    }

    /// <summary>E β and sd β: the trapezoidal rule over ln τ, ln λ₁, ln λ₂ and ln c², closed forms given those.</summary>
    private static (double[] Mean, double[] Sd) Quadrature(double slab)
    {
        double a = 0, b = 0, c = 0, r = 0, s = 0;
        for (int i = 0; i < Rows; i++)
        {
            double x = Data.X[2 * i], z = Data.X[2 * i + 1], y = Data.Y[i];
            (a, b, c, r, s) = (a + x * x, b + x * z, c + z * z, r + x * y, s + z * y);
        }
        const double step = 0.5;
        double[] logs = [.. Enumerable.Range(-26, 53).Select(k => k * step)];
        double[] slabs = double.IsFinite(slab) ? [.. Enumerable.Range(-8, 40).Select(k => 2 * Math.Log(slab) + k * step)] : [double.PositiveInfinity];
        double total = 0, m1 = 0, m2 = 0, s1 = 0, s2 = 0, half = SlabDegreesOfFreedom / 2;
        foreach (double logSlab in slabs)
        {
            double slabWeight = double.IsFinite(slab) ? Math.Exp(-half * logSlab - half * slab * slab * Math.Exp(-logSlab)) : 1;
            double precision = Math.Exp(-logSlab);
            foreach (double t in logs)
            {
                foreach (double l1 in logs)
                {
                    double p1 = Math.Exp(-2 * (Math.Log(GlobalScale) + t + l1)) + precision, w1 = slabWeight / (Math.Cosh(t) * Math.Cosh(l1));
                    foreach (double l2 in logs)
                    {
                        double p2 = Math.Exp(-2 * (Math.Log(GlobalScale) + t + l2)) + precision;
                        double d1 = a + p1, d2 = c + p2, determinant = d1 * d2 - b * b;
                        double e1 = (d2 * r - b * s) / determinant, e2 = (d1 * s - b * r) / determinant;
                        double weight = w1 / Math.Cosh(l2) * Math.Sqrt(p1 * p2 / determinant) * Math.Exp(0.5 * (r * e1 + s * e2) - 40);
                        total += weight;
                        m1 += weight * e1;
                        m2 += weight * e2;
                        s1 += weight * (e1 * e1 + d2 / determinant);
                        s2 += weight * (e2 * e2 + d1 / determinant);
                    }
                }
            }
        }
        (m1, m2) = (m1 / total, m2 / total);
        return ([m1, m2], [Math.Sqrt(s1 / total - m1 * m1), Math.Sqrt(s2 / total - m2 * m2)]);
    }
}
