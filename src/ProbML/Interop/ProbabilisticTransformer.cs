using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>A fitted model in a pipeline: adds its columns, and PredictedLabel for classes and anomalies, to data.</summary>
/// <remarks>
/// Immutable and thread-safe. It reads the features (Single or Double, whichever it was fitted to), offset, exposure and groups
/// where the data have them, and the label only where LogDensity is asked for. Models that gain from it get many rows
/// at once. Saved and loaded by <c>mlContext.Model</c>. Disposing of it disposes of a model that holds native memory.
/// </remarks>
/// <typeparam name="TModel">The model.</typeparam>
public sealed partial class ProbabilisticTransformer<TModel>
    : RowToRowTransformerBase,
        ISingleFeaturePredictionTransformer<TModel>,
        ISingleFeaturePredictionTransformer,
        IProbabilisticTransformer,
        ModelLoader.IBindable,
        IDisposable
    where TModel : class, IScoringModel<TModel>
{
    private readonly ModelEnvelope envelope;
    private readonly ScoreSchema schema;
    private readonly VectorDataViewType featureType;

    internal ProbabilisticTransformer(IHost host, TModel model, ModelEnvelope envelope)
        : base(host)
    {
        Model = model;
        this.envelope = envelope;
        schema = new ScoreSchema(
            model.Outputs, envelope.Task, envelope.Classes, (model as IAnomalyModel)?.Threshold ?? 0);
        featureType = new VectorDataViewType(
            envelope.TakesDoubles ? NumberDataViewType.Double : NumberDataViewType.Single, model.FeatureCount);
    }

    /// <summary>The fitted model.</summary>
    public TModel Model { get; }

    object IProbabilisticTransformer.Model => Model;

    /// <summary>What the model's columns mean to ML.NET.</summary>
    public PredictionTask Task => envelope.Task;

    /// <summary>The columns it was fitted to.</summary>
    public ColumnRoles Roles => envelope.Roles;

    /// <summary>The names of the classes, in the order of Score's slots; empty where it is no multiclass model.</summary>
    public IReadOnlyList<string> ClassNames => envelope.Classes?.Names ?? [];

    /// <inheritdoc/>
    public string FeatureColumnName => Roles.Features;

    /// <summary>The type of the features it was fitted to; it scores Single and Double alike.</summary>
    public DataViewType FeatureColumnType => featureType;

    /// <summary>The data with the model's columns added, computed when they are read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public new IDataView Transform(IDataView input)
    {
        var rowwise = MakeDataTransform(input);
        return Model.BlockSize <= 1 ? rowwise : new BatchView(this, rowwise);
    }

    /// <summary>The same transformer about another model of the same features and columns, such as one of another level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The model takes other features or gives other columns.</exception>
    public ProbabilisticTransformer<TModel> WithModel(TModel model)
    {
        Host.CheckValue(model, nameof(model));
        Host.CheckParam(
            model.FeatureCount == Model.FeatureCount && model.Outputs.SequenceEqual(Model.Outputs),
            nameof(model),
            "The model takes other features, or gives other columns, than the one it is to replace.");
        return new(Host, model, envelope);
    }

    /// <summary>Disposes of the model, if it is disposable.</summary>
    public void Dispose() => (Model as IDisposable)?.Dispose();

    IRowMapper ModelLoader.IBindable.Bind(DataViewSchema schema) => new Mapper(this, schema);

    /// <inheritdoc/>
    protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    /// <inheritdoc/>
    protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(ModelLoader.VersionInfo(Task));
        envelope.Write(ctx, Model);
    }

    private ScoringInputs Bind(DataViewSchema input) => new(Host, input, envelope, featureType, (Model as IGroupedModel)?.Groups ?? []);

    /// <summary>The input columns that wanted output columns are computed from.</summary>
    private IEnumerable<DataViewSchema.Column> Dependencies(ScoringInputs inputs, Func<int, bool> isWanted)
    {
        var outputs = schema.Outputs(isWanted);
        return outputs.Contains(true)
            ? inputs.Columns(withLabel: schema.LabelledDensity >= 0 && outputs[schema.LabelledDensity])
            : [];
    }
}
