using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ProbML;

[assembly: LoadableClass(
    typeof(ConformalTransformer),
    null,
    typeof(SignatureLoadModel),
    "ProbML conformal prediction",
    ConformalTransformer.LoaderSignature)]

namespace ProbML;

/// <summary>Adds intervals or sets of classes that hold what is observed with a guaranteed probability.</summary>
/// <remarks>
/// Made by <see cref="ConformalEstimator"/>, which it follows in a chain. Numbers: LowerBound and UpperBound, Single,
/// in place of the model's own. Classes: PredictionSet, a vector of Booleans with the classes' names, and
/// PredictionSetSize. A row that cannot be predicted gets NaN bounds, or a set of all classes.
/// </remarks>
public sealed partial class ConformalTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ProbMLConformal";

    private const uint WithWeights = 0x00010002;

    private readonly ConformalColumns columns;
    private readonly string[] groups;
    private readonly double[] quantiles;
    private readonly ConformalWeights? weights;

    internal ConformalTransformer(
        IHostEnvironment env, ConformalColumns columns, ConformalCalibration calibration, ConformalWeights? weights = null)
        : base(env.Register("ProbMLConformal"))
    {
        (this.columns, this.weights) = (columns, weights);
        Calibration = calibration;
        groups = [.. calibration.Groups.Keys];
        quantiles = [.. calibration.Groups.Values];
    }

    /// <summary>What calibration has found.</summary>
    public ConformalCalibration Calibration { get; }

    internal static ConformalTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        int method = ctx.Reader.ReadInt32();
        env.CheckDecode(
            method >= (int)IntervalMethod.AbsoluteError && method <= (int)ClassSetMethod.Adaptive,
            "ProbML conformal prediction: no such method");
        var columns = new ConformalColumns(
            method,
            ctx.LoadNonEmptyString(),
            ctx.LoadStringOrNull(),
            ctx.LoadStringOrNull(),
            ctx.LoadStringOrNull(),
            ctx.LoadStringOrNull());
        double level = ctx.Reader.ReadDouble();
        long rows = ctx.Reader.ReadInt64();
        double quantile = ctx.Reader.ReadDouble();
        int count = ctx.Reader.ReadInt32();
        env.CheckDecode(
            level is > 0 and < 1 && rows > 0 && count >= 0 && !double.IsNaN(quantile),
            "ProbML conformal prediction: its calibration is damaged");
        var groups = new Dictionary<string, double>(StringComparer.Ordinal);
        for (int g = 0; g < count; g++)       // grows: a damaged count must not allocate
            groups[ctx.LoadNonEmptyString()] = ctx.Reader.ReadDouble();
        var calibration = new ConformalCalibration(level, rows, quantile, groups);
        if (ctx.Header.ModelVerWritten < WithWeights || ctx.LoadStringOrNull() is not { } weight)
            return new(env, columns, calibration);
        var weights = ConformalWeights.Read(ctx.Reader, level, groups.Count);
        return new(env, columns with { Weight = weight }, weights.Describe(calibration), weights);
    }

    internal static IEnumerable<SchemaShape.Column> Shape(ConformalColumns columns, SchemaShape.Column score)
    {
        const SchemaShape.Column.VectorKind Single = SchemaShape.Column.VectorKind.Scalar;
        var nothing = new SchemaShape([]);
        if (columns.IsInterval)
            return
            [
                new(ColumnNames.LowerBound, Single, NumberDataViewType.Single, isKey: false, nothing),
                new(ColumnNames.UpperBound, Single, NumberDataViewType.Single, isKey: false, nothing),
            ];
        const SchemaShape.Column.VectorKind Vector = SchemaShape.Column.VectorKind.Vector;
        bool hasNames = score.Kind == Single || score.Annotations.TryFindColumn(AnnotationUtils.Kinds.SlotNames, out _);
        var names = new SchemaShape(hasNames
            ? [new(AnnotationUtils.Kinds.SlotNames, Vector, TextDataViewType.Instance, isKey: false)]
            : []);
        return
        [
            new(ConformalColumns.PredictionSet, Vector, BooleanDataViewType.Instance, isKey: false, names),
            new(ConformalColumns.PredictionSetSize, Single, NumberDataViewType.Single, isKey: false, nothing),
        ];
    }

    /// <inheritdoc/>
    protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.Writer.Write(columns.Method);
        ctx.SaveNonEmptyString(columns.Score);
        ctx.SaveStringOrNull(columns.Scale);
        ctx.SaveStringOrNull(columns.Lower);
        ctx.SaveStringOrNull(columns.Upper);
        ctx.SaveStringOrNull(columns.Group);
        ctx.Writer.Write(Calibration.Level);
        ctx.Writer.Write(Calibration.Rows);
        ctx.Writer.Write(Calibration.Quantile);
        ctx.Writer.Write(groups.Length);
        for (int g = 0; g < groups.Length; g++)
        {
            ctx.SaveNonEmptyString(groups[g]);
            ctx.Writer.Write(quantiles[g]);
        }
        ctx.SaveStringOrNull(columns.Weight);
        weights?.Write(ctx.Writer);
    }

    /// <inheritdoc/>
    protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static VersionInfo GetVersionInfo() => new(
        "PROBCONF",
        verWrittenCur: WithWeights,
        verReadableCur: WithWeights,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(ConformalTransformer).Assembly.GetName().Name!,
        loaderSignature: LoaderSignature);
}
