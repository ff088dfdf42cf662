using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>Makes trainers: catalogs use it, and so does whoever brings a model of their own.</summary>
public static class ProbabilisticTrainer
{
    /// <summary>A trainer that gives a fitter the rows of a data view.</summary>
    /// <param name="environment">The <see cref="MLContext"/>.</param>
    /// <param name="fitter">The algorithm.</param>
    /// <param name="task">What the model's columns mean to ML.NET.</param>
    /// <param name="roles">The columns to be read.</param>
    /// <param name="monitor">Progress, cancellation and messages, beside ML.NET's own log; null: ML.NET's alone.</param>
    /// <param name="name">The name in ML.NET's log; null: the fitter's type.</param>
    /// <exception cref="ArgumentException">The model's type has no key, or its columns do not suit the task.</exception>
    public static ProbabilisticTrainer<TModel> Create<TModel>(
        IHostEnvironment environment,
        IFitter<TModel> fitter,
        PredictionTask task,
        ColumnRoles roles,
        TrainingMonitor? monitor = null,
        string? name = null)
        where TModel : class, IScoringModel<TModel>
    {
        Contracts.CheckValue(environment, nameof(environment));
        environment.CheckValue(fitter, nameof(fitter));
        environment.CheckValue(roles, nameof(roles));
        environment.CheckNonWhiteSpace(roles.Label, nameof(roles.Label));
        environment.CheckNonWhiteSpace(roles.Features, nameof(roles.Features));
        var host = environment.Register(string.IsNullOrWhiteSpace(name) ? fitter.GetType().Name : name);
        return new(host, fitter, task, roles, monitor ?? TrainingMonitor.None);
    }

    /// <summary>A trainer that gives a fitter the rows of a data view, made from a catalog.</summary>
    /// <param name="catalog">Such as <c>mlContext.Regression.Trainers</c>.</param>
    /// <param name="fitter">The algorithm.</param>
    /// <param name="task">What the model's columns mean to ML.NET.</param>
    /// <param name="roles">The columns to be read.</param>
    /// <param name="monitor">Progress, cancellation and messages, beside ML.NET's own log; null: ML.NET's alone.</param>
    /// <param name="name">The name in ML.NET's log; null: the fitter's type.</param>
    /// <exception cref="ArgumentException">The model's type has no key, or its columns do not suit the task.</exception>
    public static ProbabilisticTrainer<TModel> Create<TModel>(
        TrainCatalogBase.CatalogInstantiatorBase catalog,
        IFitter<TModel> fitter,
        PredictionTask task,
        ColumnRoles roles,
        TrainingMonitor? monitor = null,
        string? name = null)
        where TModel : class, IScoringModel<TModel>
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        return Create(CatalogUtils.GetEnvironment(catalog), fitter, task, roles, monitor, name);
    }
}
