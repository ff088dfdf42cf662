using ProbML.Fitting;

namespace ProbML.Tests;

/// <summary>Cross-validation in shared passes is what one would get by leaving out each fold and fitting again.</summary>
public sealed class GlmPathCrossValidationTests
{
    private static readonly double[] Lambdas = [0.1, 0.03, 0.01];

    [Theory]
    [InlineData("gaussian", 1), InlineData("gaussian", 0.5), InlineData("poisson", 0.8), InlineData("bernoulli", 1), InlineData("gamma", 0.5)]
    public void Shared_passes_give_what_separate_fits_give(string family, double alpha)
    {
        const int Folds = 4, Seed = 5;
        var design = family == "bernoulli" ? GlmCases.Binary(150) : GlmCases.Log(family, n: 150, weights: true, offsets: true);
        var options = Options(family);
        var path = PathCases.Fit(design, options, new() { Alpha = alpha, Folds = Folds, Seed = Seed, Lambdas = Lambdas });
        var assignment = new FoldAssignment(Folds, Seed);
        var rows = PathCases.Rows(design).Select((row, i) => (row, Fold: assignment.Of(i + 1))).ToList();
        double total = rows.Sum(r => r.row.Weight);
        for (int k = 0; k < Lambdas.Length; k++)
        {
            double sum = 0, spread = 0;
            var folds = new List<(double Mean, double Weight)>();
            for (int fold = 1; fold <= Folds; fold++)
            {
                var held = rows.Where(r => r.Fold == fold).Select(r => r.row).ToList();
                double heldWeight = held.Sum(r => r.Weight), scale = (total - heldWeight) * Lambdas[k];
                var model = GlmCases.Fit(
                    PathCases.Without(design, Folds, Seed, fold), options with { L1 = scale * alpha, L2 = scale * (1 - alpha) });
                double deviance = held.Sum(r => r.Weight * model.Family.UnitDeviance(
                    r.Y, model.Link.Inverse(model.LinearPredictor(r.X, r.Offset).Eta)));
                sum += deviance;
                folds.Add((deviance / heldWeight, heldWeight));
            }
            foreach (var (mean, weight) in folds)
                spread += weight / total * Math.Pow(mean - sum / total, 2);
            Assert.Equal(sum / total, path.CrossValidation!.MeanDeviance[k], 1e-7 * sum / total);
            Assert.Equal(Math.Sqrt(spread / (Folds - 1)), path.CrossValidation.StandardError[k], 1e-6 * sum / total);
        }
    }

    [Theory]
    [InlineData("gaussian"), InlineData("poisson"), InlineData("bernoulli")]
    public void Threads_change_nothing_and_seeds_change_the_folds(string family)
    {
        var design = family == "bernoulli" ? GlmCases.Binary(5000) : GlmCases.Log(family, n: 5000);
        GlmPathCrossValidation Run(int threads, int seed) => PathCases.Fit(
            design,
            Options(family) with { NumberOfThreads = threads },
            new() { Folds = 3, Seed = seed, LambdaCount = 4, LambdaRatio = 0.1 }).CrossValidation!;
        var one = Run(1, 5);
        Assert.Equal(one.MeanDeviance, Run(3, 5).MeanDeviance);
        Assert.Equal(one.StandardError, Run(3, 5).StandardError);
        Assert.NotEqual(one.MeanDeviance, Run(1, 6).MeanDeviance);
    }

    [Fact]
    public void The_chosen_model_is_the_one_the_rule_names_and_knows_its_path()
    {
        var design = GlmCases.Log("poisson", n: 300, d: 6);
        GlmModel Fit(LambdaRule rule) => new GlmPathFitter(
            new() { Rule = rule, Folds = 5, LambdaCount = 30 }, new() { Family = Families.Poisson }).Fit(design, TrainingMonitor.None);
        GlmModel least = Fit(LambdaRule.Minimum), simple = Fit(LambdaRule.OneStandardError);
        var cv = GlmPath.Of(least)!.CrossValidation!;
        double total = least.Statistics.SumOfWeights;
        Assert.Equal(cv.Minimum * total, least.Options.L1, 1e-9 * total);
        Assert.Equal(cv.OneStandardError * total, simple.Options.L1, 1e-9 * total);
        Assert.True(cv.OneStandardError > cv.Minimum);
        int best = cv.MeanDeviance.ToList().IndexOf(cv.MeanDeviance.Min());
        Assert.Equal(GlmPath.Of(least)!.Lambdas[best], cv.Minimum);
        Assert.True(simple.Coefficients.Count(c => c.Estimate == 0) >= least.Coefficients.Count(c => c.Estimate == 0));
        Assert.Contains("1se", GlmPath.Of(simple)!.ToString(), StringComparison.Ordinal);
        using var memory = new MemoryStream();
        simple.Write(new BinaryWriter(memory));
        memory.Position = 0;
        Assert.Null(GlmPath.Of(GlmModel.Read(new BinaryReader(memory))));
    }

    [Fact]
    public void Folds_are_even_and_depend_on_row_and_seed_alone()
    {
        var forwards = new FoldAssignment(7, 3);
        var backwards = new FoldAssignment(7, 3);
        int[] folds = [.. Enumerable.Range(1, 700).Select(row => forwards.Of(row))];
        Assert.Equal(folds.Reverse(), Enumerable.Range(1, 700).Reverse().Select(row => backwards.Of(row)));
        Assert.All(Enumerable.Range(1, 7), fold => Assert.Equal(100, folds.Count(f => f == fold)));
        Assert.NotEqual(folds, Enumerable.Range(1, 700).Select(row => new FoldAssignment(7, 4).Of(row)));
    }

    [Fact]
    public void A_cancelled_path_says_so()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => PathCases.Fit(
            GlmCases.Binary(), Options("bernoulli"), new(), new TrainingMonitor { Cancellation = source.Token }));
    }

    private static GlmOptions Options(string family) => new()
    {
        Family = Families.Parse(family),
        Link = family switch { "gaussian" => Links.Identity, "bernoulli" => Links.Logit, _ => Links.Log },
    };
}
