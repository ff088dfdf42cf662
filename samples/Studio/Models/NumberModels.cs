using Microsoft.ML;
using ProbML.GaussianProcesses;

namespace ProbML.Studio;

/// <summary>Models of a number: quantities and counts.</summary>
internal static class NumberModels
{
    private const int ProcessRows = 2000;
    private const int CountProcessRows = 600;

    public static IEnumerable<ModelCandidate> Quantities(Setup setup, int rows)
    {
        var y = setup.Target!.Summary;
        double skewness = Skewness(setup.Target.Numbers!);
        bool isPositive = y.Minimum > 0, hasZeros = y.Minimum == 0 && y.ZeroShare > 0.02;
        yield return Glm("linear", "Linear regression",
            "Exact intervals (Student's t), coefficients that can be read: what every other model must beat.", true, Families.Gaussian);
        yield return Direct("bayesian-linear", "Bayesian linear regression",
            $"Shrinks coefficients as far as the data ask for, which pays with {setup.Features.Count} columns and {rows:N0} rows.",
            setup.Features.Count * 20 > rows || rows < 200,
            input => input.Context.Regression.Trainers.BayesianLinearRegression(
                new() { Level = input.Level }, input.Target, monitor: input.Monitor));
        if (isPositive)
        {
            yield return Glm("gamma", "Gamma regression, log link",
                $"'{setup.Target.Name}' is above zero in every row (skewness {Show.Number(skewness)}): the spread grows with the mean, and "
                    + "effects multiply.", skewness > 0.75, Families.Gamma);
            yield return Glm("inverse-gaussian", "Inverse Gaussian regression, log link",
                "Above zero with a longer tail than Gamma's.", skewness > 2.5, Families.InverseGaussian);
        }
        if (hasZeros)
        {
            yield return Glm("tweedie", "Tweedie regression, log link",
                $"{Show.Percent(y.ZeroShare)} of the rows are exactly zero and the others positive: a sum of a random number of amounts.",
                true, Families.Tweedie(1.5));
            yield return Direct("tobit", "Tobit regression",
                $"{Show.Percent(y.ZeroShare)} of the rows are zero: if zero is where a linear quantity was cut off, this is its model.",
                y.ZeroShare > 0.1,
                input => input.Context.Regression.Trainers.TobitRegression(
                    new TobitOptions { Level = input.Level }, input.Target, monitor: input.Monitor));
        }
        foreach (var candidate in Common(setup, Families.Gaussian))
            yield return candidate;
        if (rows <= ProcessRows)
        {
            yield return Direct("gaussian-process", "Gaussian process, Matérn 5/2 + linear",
                $"Any smooth function, and honest about where it has seen nothing; {rows:N0} rows are few enough for the exact one.",
                true, input => input.Context.Regression.Trainers.GaussianProcess(
                    new() { Kernel = Kernel.Parse("matern52(ard) + linear"), Level = input.Level, Restarts = 0 }, input.Target, monitor: input.Monitor));
        }
        yield return Trees(rows);
    }

    public static IEnumerable<ModelCandidate> Counts(Setup setup, int rows)
    {
        var y = setup.Target!.Summary;
        bool isOverdispersed = y.Variance > 1.5 * y.Mean;
        yield return Glm("poisson", "Poisson regression",
            "Counts of independent events: the model to begin with. Effects multiply the rate.", true, Families.Poisson);
        yield return Direct("negative-binomial", "Negative binomial regression",
            $"The counts' variance is {Show.Number(y.Variance / y.Mean)} times their mean" + (isOverdispersed
                ? ": likely more than columns explain, so intervals must be wider than Poisson's."
                : ", so there is little to gain over Poisson."),
            isOverdispersed,
            input => input.Context.Regression.Trainers.Glm(
                new() { Family = Families.NegativeBinomial(), Level = input.Level }, input.Target, exposureColumnName: input.Exposure, monitor: input.Monitor));
        foreach (var candidate in Common(setup, Families.Poisson))
            yield return candidate;
        if (rows <= CountProcessRows && setup.Exposure is null)
        {
            yield return Direct("gaussian-process", "Gaussian process, Poisson",
                "A rate that is any smooth function of the columns.", false,
                input => input.Context.Regression.Trainers.GaussianProcess(
                    new()
                    {
                        Kernel = Kernel.Parse("matern52(ard) + linear"),
                        Likelihood = GaussianProcessLikelihood.Poisson,
                        Level = input.Level,
                        Restarts = 0,
                    },
                    input.Target,
                    monitor: input.Monitor));
        }
        if (setup.Exposure is null)
            yield return Trees(rows);
    }

    private static IEnumerable<ModelCandidate> Common(Setup setup, IFamily family)
    {
        yield return Direct("bayesian-glm", $"Bayesian {(family.Equals(Families.Poisson) ? "Poisson" : "linear")} regression, NUTS",
            "Draws from the posterior of every coefficient: the uncertainty of the model shows beside that of the data. Slower.", false,
            input => input.Context.Regression.Trainers.BayesianGlm(
                new() { Family = family, Inference = Inference.Nuts(), Level = input.Level }, input.Target, exposureColumnName: input.Exposure, monitor: input.Monitor));
        if (setup.Group is { } group && setup.Features.Any(feature => feature.Name != group.Name))
        {
            yield return new("hierarchical", $"Hierarchical regression, groups of '{group.Name}'",
                $"Rows of the same '{group.Name}' resemble each other; its {group.Levels.Count:N0} groups borrow strength from all, and a new one can be predicted.",
                true,
                input => Preparation.Of(input.Context, input.Setup.Features.Where(feature => feature.Name != group.Name))
                    .Append(input.Context.Regression.Trainers.Hierarchical(
                        new() { Family = family, Effects = [new GroupEffect(group.Name)], Level = input.Level },
                        input.Target,
                        exposureColumnName: input.Exposure,
                        monitor: input.Monitor)));
        }
    }

    private static ModelCandidate Glm(string key, string name, string reason, bool isSuggested, IFamily family) => Direct(
        key, name, reason, isSuggested, input => input.Context.Regression.Trainers.Glm(
            new() { Family = family, Link = family.Equals(Families.Gaussian) ? null : Links.Log, Level = input.Level },
            input.Target,
            exposureColumnName: input.Exposure,
            monitor: input.Monitor));

    private static ModelCandidate Direct(
        string key, string name, string reason, bool isSuggested, Func<TrainerInput, IEstimator<ITransformer>> trainer) =>
        new(key, name, reason, isSuggested, input => Preparation.Of(input.Context, input.Setup.Features).Append(trainer(input)));

    private static ModelCandidate Trees(int rows) => new(
        "trees", "Boosted trees with conformal intervals",
        "Finds interactions and steps by itself; its intervals hold what they promise whatever the truth is. No density.",
        rows >= 100,
        input => input.Context.Regression.Conformal(
            Preparation.Of(input.Context, input.Setup.Features).Append(TreeInputs.Of(input.Context, input.Target))
                .Append(input.Context.Regression.Trainers.FastTree(TreeInputs.Label, TreeInputs.Features)),
            input.Target,
            options: new() { Level = input.Level, Seed = 1 }))
    {
        HasTrees = true,
    };

    private static double Skewness(double[] numbers)
    {
        double[] there = [.. numbers.Where(number => !double.IsNaN(number))];
        double mean = there.Average(), second = there.Average(x => Math.Pow(x - mean, 2));
        return second == 0 ? 0 : there.Average(x => Math.Pow(x - mean, 3)) / Math.Pow(second, 1.5);
    }
}
