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
    /// <param name="monitor">Progress, cancellation and messages, beside ML.NET's log; null: that alone.</param>
    /// <param name="name">The name in ML.NET's log; null: the fitter's type.</param>
    /// <exception cref="ArgumentException">The model has no key, or its columns do not suit the task.</exception>
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
        if (task == PredictionTask.MulticlassClassification)
            throw new ArgumentOutOfRangeException(
                nameof(task),
                task,
                $"Classes are known with the label's schema: give an {nameof(IClassFitter<>)}, and no task.");
        return Create(environment, new KnownFitter<TModel>(fitter), fitter.GetType(), task, roles, monitor, name);
    }

    /// <summary>A multiclass trainer: gives a fitter the names of the classes, then the rows of a data view.</summary>
    /// <param name="environment">The <see cref="MLContext"/>.</param>
    /// <param name="fitter">The algorithm.</param>
    /// <param name="roles">The columns to be read; the label is a key, as MapValueToKey makes.</param>
    /// <param name="monitor">Progress, cancellation and messages, beside ML.NET's log; null: that alone.</param>
    /// <param name="name">The name in ML.NET's log; null: the fitter's type.</param>
    /// <exception cref="ArgumentException">The model has no key, or its columns do not suit the task.</exception>
    public static ProbabilisticTrainer<TModel> Create<TModel>(
        IHostEnvironment environment,
        IClassFitter<TModel> fitter,
        ColumnRoles roles,
        TrainingMonitor? monitor = null,
        string? name = null)
        where TModel : class, IScoringModel<TModel>
    {
        Contracts.CheckValue(environment, nameof(environment));
        environment.CheckValue(fitter, nameof(fitter));
        const PredictionTask Task = PredictionTask.MulticlassClassification;
        return Create(environment, fitter, fitter.GetType(), Task, roles, monitor, name);
    }

    /// <summary>A trainer that gives a fitter the rows of a data view, made from a catalog.</summary>
    /// <param name="catalog">Such as <c>mlContext.Regression.Trainers</c>.</param>
    /// <param name="fitter">The algorithm.</param>
    /// <param name="task">What the model's columns mean to ML.NET.</param>
    /// <param name="roles">The columns to be read.</param>
    /// <param name="monitor">Progress, cancellation and messages, beside ML.NET's log; null: that alone.</param>
    /// <param name="name">The name in ML.NET's log; null: the fitter's type.</param>
    /// <exception cref="ArgumentException">The model has no key, or its columns do not suit the task.</exception>
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

    /// <summary>A trainer of new features, made from the catalog of transforms: there is no label.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="fitter">The algorithm.</param>
    /// <param name="roles">The columns to be read.</param>
    /// <param name="monitor">Progress, cancellation and messages, beside ML.NET's log; null: that alone.</param>
    /// <param name="name">The name in ML.NET's log; null: the fitter's type.</param>
    /// <exception cref="ArgumentException">The model has no key, or gives two columns of one name.</exception>
    public static ProbabilisticTrainer<TModel> Create<TModel>(
        TransformsCatalog catalog,
        IFitter<TModel> fitter,
        ColumnRoles roles,
        TrainingMonitor? monitor = null,
        string? name = null)
        where TModel : class, IScoringModel<TModel>
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        return Create(CatalogUtils.GetEnvironment(catalog), fitter, PredictionTask.Transform, roles, monitor, name);
    }

    /// <summary>A multiclass trainer: gives a fitter the names of the classes, then the rows of a data view.</summary>
    /// <param name="catalog">Such as <c>mlContext.MulticlassClassification.Trainers</c>.</param>
    /// <param name="fitter">The algorithm.</param>
    /// <param name="roles">The columns to be read; the label is a key, as MapValueToKey makes.</param>
    /// <param name="monitor">Progress, cancellation and messages, beside ML.NET's log; null: that alone.</param>
    /// <param name="name">The name in ML.NET's log; null: the fitter's type.</param>
    /// <exception cref="ArgumentException">The model has no key, or its columns do not suit the task.</exception>
    public static ProbabilisticTrainer<TModel> Create<TModel>(
        TrainCatalogBase.CatalogInstantiatorBase catalog,
        IClassFitter<TModel> fitter,
        ColumnRoles roles,
        TrainingMonitor? monitor = null,
        string? name = null)
        where TModel : class, IScoringModel<TModel>
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        return Create(CatalogUtils.GetEnvironment(catalog), fitter, roles, monitor, name);
    }

    private static ProbabilisticTrainer<TModel> Create<TModel>(
        IHostEnvironment environment,
        IClassFitter<TModel> fitter,
        Type fitterType,
        PredictionTask task,
        ColumnRoles roles,
        TrainingMonitor? monitor,
        string? name)
        where TModel : class, IScoringModel<TModel>
    {
        environment.CheckValue(roles, nameof(roles));
        CheckName(roles.Label, nameof(roles.Label));
        CheckName(roles.Features, nameof(roles.Features));
        CheckName(roles.Weight ?? "none", nameof(roles.Weight));
        CheckName(roles.Offset ?? "none", nameof(roles.Offset));
        CheckName(roles.Exposure ?? "none", nameof(roles.Exposure));
        foreach (string group in roles.Groups)
            CheckName(group, nameof(roles.Groups));
        var host = environment.Register(string.IsNullOrWhiteSpace(name) ? fitterType.Name : name);
        return new(host, fitter, task, roles, monitor ?? TrainingMonitor.None);

        void CheckName(string column, string role) => environment.CheckNonWhiteSpace(column, role);
    }

    /// <summary>A fitter that need not wait for classes, for there are none.</summary>
    private sealed class KnownFitter<TModel>(IFitter<TModel> fitter) : IClassFitter<TModel>
        where TModel : class, IScoringModel<TModel>
    {
        public IReadOnlyList<OutputColumn> OutputsFor(int classCount) => fitter.Outputs;

        public IFitter<TModel> FitterFor(IReadOnlyList<string> classNames) => fitter;
    }
}
