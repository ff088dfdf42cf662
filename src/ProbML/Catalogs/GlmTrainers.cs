using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>Makes the trainers of the two GLM catalogs.</summary>
internal static class GlmTrainers
{
    private const string LoadName = "ProbMLGlm";

    public static ProbabilisticTrainer<GlmModel> Create(
        Microsoft.ML.TrainCatalogBase.CatalogInstantiatorBase catalog,
        GlmOptions options,
        PredictionTask task,
        ColumnRoles roles,
        TrainingMonitor? monitor)
    {
        Contracts.CheckValue(options, nameof(options));
        var fitter = new GlmFitter(options, task);
        ExposureCheck.Require(roles, fitter.Link);
        return ProbabilisticTrainer.Create(catalog, fitter, task, roles, monitor, LoadName);
    }
}
