using Microsoft.ML;
using ProbML.Laws;

namespace ProbML.Examples;

/// <summary>Models that come from another assembly than ProbML, as a user's own would.</summary>
internal static class ExampleComponents
{
    public static Component Ridge { get; } = new(
        "Ridge",
        PredictionTask.Regression,
        (context, setup) => Trainer(
            context,
            setup,
            LinearGaussian.Outputs,
            (gaussian, design) => new RidgeModel(gaussian, design.FeatureNames)))
    {
        WeightsCountRows = true,
        FeatureNames = transformer => ((ProbabilisticTransformer<RidgeModel>)transformer).Model.FeatureNames,
    };

    public static Component BlockRidge { get; } = new(
        "BlockRidge",
        PredictionTask.Regression,
        (context, setup) => Trainer(
            context, setup, LinearGaussian.Outputs, (gaussian, _) => new BlockRidgeModel(gaussian)));

    public static Component Classifier { get; } = new(
        "Classifier",
        PredictionTask.BinaryClassification,
        (context, setup) => Trainer(
            context, setup, ClassifierModel.Columns, (gaussian, _) => new ClassifierModel(gaussian)));

    public static Component NaiveBayes { get; } = Classes("NaiveBayes", blockSize: 1);

    public static Component BlockNaiveBayes { get; } = Classes("BlockNaiveBayes", blockSize: 100);

    public static Component GaussianDensity { get; } = new(
        "GaussianDensity",
        PredictionTask.AnomalyDetection,
        (context, setup) => ProbabilisticTrainer.Create(
            context.AnomalyDetection.Trainers,
            new GaussianDensityFitter(setup.Threads),
            PredictionTask.AnomalyDetection,
            setup.Roles,
            setup.Monitor))
    {
        TakesOffset = false,
        TakesExposure = false,
    };

    public static Component Standardizer { get; } = new(
        "Standardizer",
        PredictionTask.Transform,
        (context, setup) => ProbabilisticTrainer.Create(
            context,
            new StandardizerFitter("Encoded", setup.Threads),
            PredictionTask.Transform,
            setup.Roles,
            setup.Monitor))
    {
        Score = "Encoded",
        TakesOffset = false,
        TakesExposure = false,
        TakesMissingValues = true,
    };

    public static ProbabilisticTrainer<TModel> Trainer<TModel>(
        MLContext context, Setup setup, IReadOnlyList<OutputColumn> outputs, Func<LinearGaussian, Design, TModel> wrap)
        where TModel : class, IScoringModel<TModel>
    {
        var task = outputs == ClassifierModel.Columns ? PredictionTask.BinaryClassification : PredictionTask.Regression;
        return ProbabilisticTrainer.Create(
            context, new RidgeFitter<TModel>(outputs, wrap, setup.Threads), task, setup.Roles, setup.Monitor);
    }

    private static Component Classes(string name, int blockSize) => new(
        name,
        PredictionTask.MulticlassClassification,
        (context, setup) => ProbabilisticTrainer.Create(
            context.MulticlassClassification.Trainers,
            new NaiveBayes(blockSize, setup.Threads),
            setup.Roles,
            setup.Monitor))
    {
        WeightsCountRows = true,
        TakesOffset = false,
        TakesExposure = false,
    };
}
