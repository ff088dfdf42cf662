using Microsoft.ML;
using ProbML.Laws;
using Binary = Microsoft.ML.BinaryClassificationCatalog.BinaryClassificationTrainers;
using Multiclass = Microsoft.ML.MulticlassClassificationCatalog.MulticlassClassificationTrainers;
using Regression = Microsoft.ML.RegressionCatalog.RegressionTrainers;

namespace ProbML.Glm;

/// <summary>The catalog methods for generalized linear models, each with a response that suits it.</summary>
internal static class GlmComponents
{
    public static Component[] All { get; } =
    [
        Of("Glm", Normal, (to, by) => to.Glm(
            new() { NumberOfThreads = by.Threads }, L(by), F(by), W(by), O(by), E(by), by.Monitor)),
        Of("LinearRegression", Normal, (to, by) => to.LinearRegression(
            L(by), F(by), W(by), O(by), monitor: by.Monitor)),
        OfLog("PoissonRegression", Poisson, (to, by) => to.PoissonRegression(
            L(by), F(by), W(by), O(by), E(by), monitor: by.Monitor)),
        OfLog("NegativeBinomialRegression", Overdispersed, (to, by) => to.NegativeBinomialRegression(
            L(by), F(by), W(by), O(by), E(by), monitor: by.Monitor)),
        OfLog("GammaRegression", Positive, (to, by) => to.GammaRegression(
            L(by), F(by), W(by), O(by), E(by), Links.Log, monitor: by.Monitor)),
        Of("GammaRegression, reciprocal", Reciprocal, (to, by) => to.GammaRegression(
            L(by), F(by), W(by), O(by), monitor: by.Monitor)),
        OfLog("InverseGaussianRegression", Positive, (to, by) => to.InverseGaussianRegression(
            L(by), F(by), W(by), O(by), E(by), Links.Log, monitor: by.Monitor)),
        OfLog("TweedieRegression", OftenZero, (to, by) => to.TweedieRegression(
            L(by), F(by), W(by), O(by), E(by), monitor: by.Monitor)),
        OfLog("Ridge PoissonRegression", Poisson, (to, by) => to.Glm(
            new() { Family = Families.Poisson, L2 = 2, NumberOfThreads = by.Threads },
            L(by), F(by), W(by), O(by), E(by), by.Monitor)),
        Of("LogisticRegression", (to, by) => to.LogisticRegression(
            L(by), F(by), W(by), O(by), monitor: by.Monitor)),
        Of("ProbitRegression", (to, by) => to.ProbitRegression(
            L(by), F(by), W(by), O(by), monitor: by.Monitor)),
        Of("ComplementaryLogLogRegression", (to, by) => to.ComplementaryLogLogRegression(
            L(by), F(by), W(by), O(by), monitor: by.Monitor)),
        Of("LogLogRegression", (to, by) => to.LogLogRegression(
            L(by), F(by), W(by), O(by), monitor: by.Monitor)),
        Of("CauchitRegression", (to, by) => to.CauchitRegression(
            L(by), F(by), W(by), O(by), monitor: by.Monitor)),
        Of("TanhRegression", (to, by) => to.TanhRegression(
            L(by), F(by), W(by), O(by), monitor: by.Monitor)),
        Of("Lasso LogisticRegression", (to, by) => to.Glm(
            new() { L1 = 1, NumberOfThreads = by.Threads }, L(by), F(by), W(by), O(by), monitor: by.Monitor)),
        OfLog("GlmPath, Poisson", Poisson, (to, by) => to.GlmPath(
            OnePenalty, new() { Family = Families.Poisson, NumberOfThreads = by.Threads },
            L(by), F(by), W(by), O(by), E(by), by.Monitor)),
        Of("GlmPath, logistic", (to, by) => to.GlmPath(
            OnePenalty, new() { NumberOfThreads = by.Threads }, L(by), F(by), W(by), O(by), by.Monitor)),
        Of<MultinomialModel>(
            "MultinomialRegression",
            model => model.FeatureNames,
            (to, by) => to.MultinomialRegression(L(by), F(by), W(by), monitor: by.Monitor)),
        Of<MultinomialModel>(
            "Symmetric MultinomialRegression",
            model => model.FeatureNames,
            (to, by) => to.MultinomialRegression(
                new() { Coding = MultinomialCoding.Symmetric, L2 = 1, NumberOfThreads = by.Threads },
                L(by),
                F(by),
                W(by),
                by.Monitor)),
        Ordinal("OrdinalRegression", Links.Logit),
        Ordinal("Probit OrdinalRegression", Links.Probit),
        Ordinal("Complementary log-log OrdinalRegression", Links.ComplementaryLogLog),
        Tobit("TobitRegression", lower: 0, upper: null),
        Tobit("TobitRegression, two limits", lower: 0, upper: 1.5),
    ];

    /// <summary>One penalty, so that what is chosen does not depend on which rows share a fold.</summary>
    private static GlmPathOptions OnePenalty => new() { Alpha = 0.9, Lambdas = [0.01], Folds = 2 };

    private static Component Of(
        string name,
        Func<double, Random, double> response,
        Func<Regression, Setup, ProbabilisticTrainer<GlmModel>> create) =>
        new(name, PredictionTask.Regression, (context, setup) => create(context.Regression.Trainers, setup))
        {
            Response = response,
            FeatureNames = Names,
            TakesExposure = false,
        };

    /// <summary>One with the log link, which alone takes an exposure.</summary>
    private static Component OfLog(
        string name,
        Func<double, Random, double> response,
        Func<Regression, Setup, ProbabilisticTrainer<GlmModel>> create) =>
        Of(name, response, create) with { TakesExposure = true };

    private static Component Of(string name, Func<Binary, Setup, ProbabilisticTrainer<GlmModel>> create) =>
        new(
            name,
            PredictionTask.BinaryClassification,
            (context, setup) => create(context.BinaryClassification.Trainers, setup))
        {
            FeatureNames = Names,
            TakesExposure = false,
        };

    private static Component Tobit(string name, double? lower, double? upper) => new(
        name,
        PredictionTask.Regression,
        (context, setup) => context.Regression.Trainers.TobitRegression(
            new() { Lower = lower, Upper = upper, NumberOfThreads = setup.Threads },
            L(setup),
            F(setup),
            W(setup),
            O(setup),
            setup.Monitor))
    {
        Response = (eta, random) =>
            Math.Clamp(0.5 + Normal(eta, random), lower ?? double.MinValue, upper ?? double.MaxValue),
        FeatureNames = transformer => ((ProbabilisticTransformer<TobitModel>)transformer).Model.FeatureNames,
        TakesExposure = false,
    };

    private static Component Ordinal(string name, ILinkFunction link) => Of<OrdinalModel>(
        name,
        model => model.FeatureNames,
        (to, by) => to.OrdinalRegression(
            new() { Link = link, NumberOfThreads = by.Threads }, L(by), F(by), W(by), O(by), by.Monitor)) with
    {
        TakesOffset = true,
    };

    private static Component Of<TModel>(
        string name,
        Func<TModel, IReadOnlyList<string>> featureNames,
        Func<Multiclass, Setup, ProbabilisticTrainer<TModel>> create)
        where TModel : class, IScoringModel<TModel> =>
        new(
            name,
            PredictionTask.MulticlassClassification,
            (context, setup) => create(context.MulticlassClassification.Trainers, setup))
        {
            FeatureNames = transformer => featureNames(((ProbabilisticTransformer<TModel>)transformer).Model),
            TakesOffset = false,
            TakesExposure = false,
        };

    private static IReadOnlyList<string> Names(ITransformer transformer) =>
        ((ProbabilisticTransformer<GlmModel>)transformer).Model.FeatureNames;

    private static string L(Setup setup) => setup.Roles.Label;

    private static string F(Setup setup) => setup.Roles.Features;

    private static string? W(Setup setup) => setup.Roles.Weight;

    private static string? O(Setup setup) => setup.Roles.Offset;

    private static string? E(Setup setup) => setup.Roles.Exposure;

    private static double Normal(double eta, Random random) => eta + Gamma(20, random) - 1;

    private static double Positive(double eta, Random random) => Math.Exp(eta) * Gamma(4, random);

    private static double Reciprocal(double eta, Random random) => Gamma(6, random) / (3 + eta);

    private static double OftenZero(double eta, Random random) =>
        random.NextDouble() < 0.2 ? 0 : Positive(eta, random);

    private static double Overdispersed(double eta, Random random) =>
        Poisson(eta + Math.Log(Gamma(2, random)), random);

    /// <summary>Counts arrivals until their waiting times add up to the mean e^η.</summary>
    private static double Poisson(double eta, Random random)
    {
        double left = Math.Exp(eta);
        int count = -1;
        for (; left > 0; count++)
            left += Math.Log(1 - random.NextDouble());
        return count;
    }

    /// <summary>A mean of so many exponential variates: mean 1, variance 1 / shape.</summary>
    private static double Gamma(int shape, Random random)
    {
        double sum = 0;
        for (int i = 0; i < shape; i++)
            sum -= Math.Log(1 - random.NextDouble());
        return sum / shape;
    }
}
