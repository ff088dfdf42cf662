using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using ProbML.Sharding;

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
        return Fit(input.Schema, (classes, fitter, _) =>
            new DataViewDesign(host, input, Roles, Task, classes, fitter.TakesMissingValues));
    }

    /// <summary>Fits the model to rows that lie in shards; to the model of all of them in one place, up to rounding.</summary>
    /// <param name="shards">The shards, as <see cref="CreateShard"/> makes them where their rows are.</param>
    /// <param name="schema">The schema of their rows.</param>
    /// <param name="options">How they are asked.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be read.</exception>
    /// <exception cref="ShardException">A shard gives no answer, has other columns, or the rows of another shard.</exception>
    /// <exception cref="NotSupportedException">The algorithm reads the rows themselves.</exception>
    /// <exception cref="InvalidOperationException">There are no valid rows, or the rows do not allow a fit.</exception>
    public ProbabilisticTransformer<TModel> Fit(
        IReadOnlyList<IShard> shards, DataViewSchema schema, ShardingOptions? options = null)
    {
        host.CheckValue(shards, nameof(shards));
        host.CheckValue(schema, nameof(schema));
        return Fit(schema, (_, _, joined) =>
        {
            var design = ShardedDesign.Create(shards, options, joined);
            string[] names = DataViewDesign.FeatureNamesOf(schema[Roles.Features]);
            if (!design.FeatureNames.SequenceEqual(names))
                throw new ShardException(
                    $"The shards have the features {string.Join(", ", design.FeatureNames.Take(10))}, but '{Roles.Features}' of the schema has "
                    + $"{string.Join(", ", names.Take(10))}. Give the schema of the shards' rows.");
            return design;
        });
    }

    /// <summary>Rows as a shard, for a trainer of the same options elsewhere to fit.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="rows">The rows; there may be none.</param>
    /// <param name="threads">How many threads a pass uses; null: one a core.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be read.</exception>
    /// <exception cref="ArgumentException">The trainer reads groups, whose effects are no sum over shards.</exception>
    public IShard CreateShard(string name, IDataView rows, int? threads = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        host.CheckValue(rows, nameof(rows));
        checker.Check(SchemaShape.Create(rows.Schema));
        var classes = ClassesFor(rows.Schema);
        return new LocalShard(name, new DataViewDesign(
            host, rows, Roles, Task, classes, source.FitterFor(classes?.Names ?? []).TakesMissingValues, mayBeEmpty: true), threads);
    }

    private ProbabilisticTransformer<TModel> Fit(
        DataViewSchema columns, Func<ClassLabels?, IFitter<TModel>, TrainingMonitor, Design> designOf)
    {
        checker.Check(SchemaShape.Create(columns));
        using var channel = host.Start("Training");
        var joined = HostMonitor.Join(monitor, host, channel, seed);
        joined.ThrowIfCancelled();
        var classes = ClassesFor(columns);
        var fitter = source.FitterFor(classes?.Names ?? []);
        var design = designOf(classes, fitter, joined);
        var model = fitter.Fit(design, joined);
        if (design.SkippedRows > 0)
            joined.Warning!(
                $"Skipped {design.SkippedRows} instances with missing {DataViewDesign.Parts(design)} during training");
        host.Check(
            model.FeatureCount == design.FeatureCount
                && model.Outputs.SequenceEqual(fitter.Outputs.Select(column => column.For(model.FeatureCount)))
                && model.Outputs.SequenceEqual(
                    source.OutputsFor(classes?.Count ?? 0).Select(column => column.For(model.FeatureCount))),
            $"{typeof(TModel).Name} does not give the columns, or take the features, that its fitter announced.");
        bool takesDoubles = ((VectorDataViewType)columns[Roles.Features].Type).ItemType == NumberDataViewType.Double;
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

    private ClassLabels? ClassesFor(DataViewSchema columns) =>
        Task == PredictionTask.MulticlassClassification ? ClassesOf(columns[Roles.Label]) : null;

    private ClassLabels ClassesOf(DataViewSchema.Column label) => ClassLabels.Of(label) is { Count: >= 2 } classes
        ? classes
        : throw host.ExceptSchemaMismatch(
            "inputSchema", "label", label.Name, ColumnTypes.Label(Task), label.Type.ToString());
}
