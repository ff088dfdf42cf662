using Microsoft.ML;
using Microsoft.ML.Transforms;
using ProbML.GaussianProcesses;

namespace ProbML.Studio;

/// <summary>Models of yes and no, and of several classes.</summary>
internal static class ClassModels
{
    private const int ProcessRows = 600;

    public static IEnumerable<ModelCandidate> YesNo(Setup setup, int rows)
    {
        yield return Glm("logistic", "Logistic regression",
            "Odds that multiply, intervals of the probability: what every other model must beat.", true, Links.Logit);
        yield return Glm("probit", "Probit regression",
            "A normal quantity behind the yes: much like logistic, with lighter tails.", false, Links.Probit);
        yield return Glm("cloglog", "Complementary log-log regression",
            "The yes is “at least one event”: natural where yes is rare and time at risk matters.", false, Links.ComplementaryLogLog);
        yield return Direct("bayesian-logistic", "Bayesian logistic regression, NUTS",
            "Draws from the posterior; priors keep it finite where classes separate or columns are many.",
            setup.Features.Count * 20 > rows,
            input => input.Context.BinaryClassification.Trainers.BayesianGlm(
                new() { Inference = Inference.Nuts(), Level = input.Level }, input.Target, monitor: input.Monitor));
        if (setup.Group is { } group && setup.Features.Any(feature => feature.Name != group.Name))
        {
            yield return new("hierarchical", $"Hierarchical logistic regression, groups of '{group.Name}'",
                $"The {group.Levels.Count:N0} groups of '{group.Name}' borrow strength from all, and a new one can be predicted.", true,
                input => Preparation.Of(input.Context, input.Setup.Features.Where(feature => feature.Name != group.Name))
                    .Append(input.Context.BinaryClassification.Trainers.Hierarchical(
                        new() { Effects = [new GroupEffect(group.Name)], Level = input.Level }, input.Target, monitor: input.Monitor)));
        }
        if (rows <= ProcessRows)
        {
            yield return Direct("gaussian-process", "Gaussian process classifier",
                $"A border of any smooth shape, unsure far from the data; {rows:N0} rows are few enough.", true,
                input => input.Context.BinaryClassification.Trainers.GaussianProcess(Process(input), input.Target, monitor: input.Monitor));
        }
        yield return new(
            "trees", "Boosted trees, calibrated, with conformal sets",
            "Finds interactions by itself; the set it gives holds the truth as often as promised.", rows >= 100,
            input => input.Context.BinaryClassification.Conformal(
                Preparation.Of(input.Context, input.Setup.Features).Append(TreeInputs.Of(input.Context))
                    .Append(input.Context.BinaryClassification.Trainers.FastTree(input.Target, TreeInputs.Features)),
                input.Target,
                options: new() { Level = input.Level, Seed = 1 }))
        {
            HasTrees = true,
        };
    }

    public static IEnumerable<ModelCandidate> Classes(Setup setup, int rows)
    {
        yield return Several("multinomial", "Multinomial regression",
            "A probability for each class, with an interval of its own.", true,
            input => input.Context.MulticlassClassification.Trainers.MultinomialRegression(
                new MultinomialOptions { Level = input.Level, L2 = 1e-3 }, monitor: input.Monitor));
        if (rows <= ProcessRows && setup.Classes.Count <= 10)
        {
            yield return Several("gaussian-process", "Gaussian process classifier, softmax",
                "Borders of any smooth shape between the classes. Slower.", false,
                input => input.Context.MulticlassClassification.Trainers.GaussianProcess(Process(input), monitor: input.Monitor));
        }
        yield return Trees(rows);
    }

    public static IEnumerable<ModelCandidate> Grades(Setup setup, int rows)
    {
        yield return Several("ordinal-logit", "Ordinal regression, proportional odds",
            "One set of coefficients moves the odds of all grades together; few parameters, so good with few rows.", true,
            input => input.Context.MulticlassClassification.Trainers.OrdinalRegression(
                new OrdinalOptions { Level = input.Level }, monitor: input.Monitor));
        yield return Several("ordinal-probit", "Ordinal regression, probit",
            "The same with a normal quantity behind the grades.", false,
            input => input.Context.MulticlassClassification.Trainers.OrdinalRegression(
                new OrdinalOptions { Level = input.Level, Link = Links.Probit }, monitor: input.Monitor));
        yield return Several("multinomial", "Multinomial regression",
            "Forgets the order: better only if columns act on some grades and not on others.", true,
            input => input.Context.MulticlassClassification.Trainers.MultinomialRegression(
                new MultinomialOptions { Level = input.Level, L2 = 1e-3 }, monitor: input.Monitor));
        if (rows <= ProcessRows)
        {
            yield return Several("gaussian-process", "Gaussian process, ordinal",
                "The quantity behind the grades is any smooth function. Slower.", false,
                input => input.Context.MulticlassClassification.Trainers.OrdinalGaussianProcess(Process(input), monitor: input.Monitor));
        }
        yield return Trees(rows);
    }

    private static GaussianProcessOptions Process(TrainerInput input) =>
        new() { Kernel = Kernel.Parse("matern52(ard) + linear"), Level = input.Level, Restarts = 0 };

    private static ModelCandidate Glm(string key, string name, string reason, bool isSuggested, ILinkFunction link) => Direct(
        key, name, reason, isSuggested, input => input.Context.BinaryClassification.Trainers.Glm(
            new() { Family = Families.Bernoulli, Link = link, Level = input.Level }, input.Target, monitor: input.Monitor));

    private static ModelCandidate Direct(
        string key, string name, string reason, bool isSuggested, Func<TrainerInput, IEstimator<ITransformer>> trainer) =>
        new(key, name, reason, isSuggested, input => Preparation.Of(input.Context, input.Setup.Features).Append(trainer(input)));

    private static ModelCandidate Several(
        string key, string name, string reason, bool isSuggested, Func<TrainerInput, IEstimator<ITransformer>> trainer) =>
        new(key, name, reason, isSuggested, input => ClassKeys(input)
            .Append(Preparation.Of(input.Context, input.Setup.Features))
            .Append(trainer(input))
            .Append(ClassNames(input)));

    private static ModelCandidate Trees(int rows) => new(
        "trees", "Boosted trees, one for each class, with conformal sets",
        "Finds interactions by itself; the set it gives holds the true class as often as promised.", rows >= 100,
        input => input.Context.MulticlassClassification.Conformal(
            ClassKeys(input).Append(Preparation.Of(input.Context, input.Setup.Features)).Append(TreeInputs.Of(input.Context))
                .Append(input.Context.MulticlassClassification.Trainers.OneVersusAll(
                    input.Context.BinaryClassification.Trainers.FastTree(Preparation.Label, TreeInputs.Features), Preparation.Label)),
            options: new() { Level = input.Level, Seed = 1 }).Append(ClassNames(input)))
    {
        HasTrees = true,
    };

    /// <summary>Classes as keys, in the order of the setup.</summary>
    private static ValueToKeyMappingEstimator ClassKeys(TrainerInput input) =>
        input.Context.Transforms.Conversion.MapValueToKey(
            Preparation.Label,
            input.Target,
            keyData: input.Context.Data.LoadFromEnumerable(input.Setup.Classes.Select(name => new ClassName { Value = name })));

    /// <summary>The predicted key as the class's name.</summary>
    private static KeyToValueMappingEstimator ClassNames(TrainerInput input) =>
        input.Context.Transforms.Conversion.MapKeyToValue(ColumnNames.PredictedLabel);

    private sealed class ClassName
    {
        public string Value { get; set; } = "";
    }
}
