using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace ProbML;

/// <summary>Fits a probabilistic model to the rows of a data view.</summary>
/// <remarks>
/// Reads Features (a vector of known size, of Single or Double, dense or sparse), Label where the task has one, and where
/// roles name them weight, offset, exposure and groups; gives the model's columns, and PredictedLabel for classes and anomalies.
/// Rows in which one of these is missing or not finite are left out, with one warning; a feature may be NaN where the
/// model takes missing values. Doubles stay doubles. Fitting may read the data several
/// times: put <c>AppendCacheCheckpoint</c> before it where reading is dear. Immutable and reusable.
/// </remarks>
/// <typeparam name="TModel">The model it fits.</typeparam>
public sealed class ProbabilisticTrainer<TModel> : ITrainerEstimator<ProbabilisticTransformer<TModel>, TModel>
    where TModel : class, IScoringModel<TModel>
{
    private readonly IHost host;
    private readonly IClassFitter<TModel> source;
    private readonly TrainingMonitor monitor;
    private readonly RoleChecker checker;
    private readonly ScoreSchema schema;
    private readonly int? seed;

    internal ProbabilisticTrainer(
        IHost host, IClassFitter<TModel> source, PredictionTask task, ColumnRoles roles, TrainingMonitor monitor)
    {
        _ = ModelType.Of<TModel>();
        this.host = host;
        this.source = source;
        this.monitor = monitor;
        Task = task;
        Roles = roles;
        if (task == PredictionTask.AnomalyDetection && !typeof(IAnomalyModel).IsAssignableFrom(typeof(TModel)))
            throw new ArgumentException($"A model for anomaly detection must be an {nameof(IAnomalyModel)}.", nameof(task));
        schema = new ScoreSchema(source.OutputsFor(ScoreSchema.AnyClassCount), task);
        checker = new RoleChecker(host, roles, task);
        seed = HostMonitor.DrawSeed(host);
    }

    /// <summary>What the model's columns mean to ML.NET.</summary>
    public PredictionTask Task { get; }

    /// <summary>The columns it reads.</summary>
    public ColumnRoles Roles { get; }

    /// <summary>Needs no normalization; gains from caching, for it may read the data several times.</summary>
    public TrainerInfo Info { get; } = new(normalization: false, caching: true);

    /// <summary>Fits the model.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be read.</exception>
    /// <exception cref="InvalidOperationException">There are no valid rows, or the rows do not allow a fit.</exception>
    /// <exception cref="OperationCanceledException">The monitor or the context cancelled the fit.</exception>
    public ProbabilisticTransformer<TModel> Fit(IDataView input)
    {
        host.CheckValue(input, nameof(input));
        checker.Check(SchemaShape.Create(input.Schema));
        using var channel = host.Start("Training");
        var joined = HostMonitor.Join(monitor, host, channel, seed);
        joined.ThrowIfCancelled();
        var classes = Task == PredictionTask.MulticlassClassification ? ClassesOf(input.Schema[Roles.Label]) : null;
        var fitter = source.FitterFor(classes?.Names ?? []);
        var design = new DataViewDesign(host, input, Roles, Task, classes, fitter.TakesMissingValues);
        var model = fitter.Fit(design, joined);
        if (design.SkippedRows > 0)
            joined.Warning!(
                $"Skipped {design.SkippedRows} instances with missing {design.WhatIsRead} during training");
        host.Check(
            model.FeatureCount == design.FeatureCount
                && model.Outputs.SequenceEqual(fitter.Outputs)
                && model.Outputs.SequenceEqual(source.OutputsFor(classes?.Count ?? 0)),
            $"{typeof(TModel).Name} does not give the columns, or take the features, that its fitter announced.");
        bool takesDoubles = ((VectorDataViewType)design.Features.Type).ItemType == NumberDataViewType.Double;
        return new(host, model, new ModelEnvelope(ModelEnvelope.RolesOf(Roles, model), Task, takesDoubles, classes));
    }

    /// <summary>The columns that fitting will add, beside those of the input.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be read.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        host.CheckValue(inputSchema, nameof(inputSchema));
        checker.Check(inputSchema);
        var columns = inputSchema.ToDictionary(column => column.Name);
        foreach (var column in schema.Shape(Task.HasLabel() ? columns[Roles.Label] : null))
            columns[column.Name] = column;
        return new SchemaShape(columns.Values);
    }

    private ClassLabels ClassesOf(DataViewSchema.Column label) => ClassLabels.Of(label) is { Count: >= 2 } classes
        ? classes
        : throw host.ExceptSchemaMismatch(
            "inputSchema", "label", label.Name, ColumnTypes.Label(Task), label.Type.ToString());
}
