using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ProbML;
using ProbML.DensityRatios;

[assembly: LoadableClass(
    typeof(DensityRatioTransformer),
    null,
    typeof(SignatureLoadModel),
    "ProbML density ratio of a classifier",
    DensityRatioTransformer.LoaderSignature)]

namespace ProbML;

/// <summary>What a ratio is read from, beside the classifiers.</summary>
/// <param name="Features">The vector whose hash tells which classifier scores a row.</param>
/// <param name="Odds">The column of probabilities or log odds.</param>
/// <param name="IsLogOdds">Which of the two.</param>
/// <param name="Dealer">Deals rows to folds.</param>
/// <param name="Seen">The rows that were fitted to.</param>
/// <param name="LogPriorOdds">ln(n₁/n₀) among the rows of each classifier, the last that of all rows.</param>
internal sealed record ClassifierRatioParts(
    string Features, string Odds, bool IsLogOdds, RowDealer Dealer, RowFilter Seen, double[] LogPriorOdds);

/// <summary>Adds LogRatio, DensityRatio and Weight, all Single, by classifiers of which one has not seen the row.</summary>
public sealed partial class DensityRatioTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ProbMLDensityRatio";
    internal static readonly string[] Added = [ColumnNames.LogRatio, ColumnNames.DensityRatio, ColumnNames.Weight];

    private readonly ITransformer[] models;
    private readonly ClassifierRatioParts parts;

    internal DensityRatioTransformer(
        IHostEnvironment env, ITransformer[] models, ClassifierRatioParts parts, DensityRatioStatistics statistics)
        : base(env.Register("ProbMLDensityRatio"))
    {
        (this.models, this.parts) = (models, parts);
        Statistics = statistics;
    }

    /// <summary>Divergences, effective sample size, and what makes weights of ratios.</summary>
    public DensityRatioStatistics Statistics { get; }

    /// <summary>The classifier of all rows, by which rows are scored that were not fitted to.</summary>
    public ITransformer Classifier => models[^1];

    internal static DensityRatioTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        string features = ctx.LoadNonEmptyString(), odds = ctx.LoadNonEmptyString();
        bool isLogOdds = ctx.Reader.ReadBoolean();
        int seed = ctx.Reader.ReadInt32(), folds = ctx.Reader.ReadInt32();
        env.CheckDecode(folds is 0 or (>= 2 and <= 100), "ProbML density ratio: the number of folds is damaged");
        var seen = RowFilter.Read(ctx.Reader);
        double[] priors = ctx.Reader.ReadDoubleArray("prior odds");
        env.CheckDecode(priors.Length == folds + 1, "ProbML density ratio: its parts do not fit each other");
        var statistics = DensityRatioStatistics.Read(ctx.Reader);
        var models = new ITransformer[folds + 1];
        for (int k = 0; k < models.Length; k++)
            ctx.LoadModel<ITransformer, SignatureLoadModel>(env, out models[k], ModelName(k));
        return new(env, models, new(features, odds, isLogOdds, new(seed, folds), seen, priors), statistics);
    }

    /// <inheritdoc/>
    protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.SaveNonEmptyString(parts.Features);
        ctx.SaveNonEmptyString(parts.Odds);
        ctx.Writer.Write(parts.IsLogOdds);
        ctx.Writer.Write(parts.Dealer.Seed);
        ctx.Writer.Write(parts.Dealer.Folds);
        parts.Seen.Write(ctx.Writer);
        ctx.Writer.WriteArray(parts.LogPriorOdds);
        Statistics.Write(ctx.Writer);
        for (int k = 0; k < models.Length; k++)
            ctx.SaveModel(models[k], ModelName(k));
    }

    /// <inheritdoc/>
    protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static string ModelName(int k) => $"Classifier{k}";

    private static VersionInfo GetVersionInfo() => new(
        "PROBRATI",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(DensityRatioTransformer).Assembly.GetName().Name!,
        loaderSignature: LoaderSignature);

    private sealed partial class Mapper : MapperBase
    {
        private const double Closest = 1e-7;              // of a probability to 0 or 1, as far as Single tells

        private readonly DensityRatioTransformer parent;
        private readonly DataViewSchema.Column features;
        private readonly IRowToRowMapper[] mappers;
        private readonly HashSet<int> needed;

        public Mapper(DensityRatioTransformer parent, DataViewSchema schema)
            : base(parent.Host.Register("Mapper"), schema, parent)
        {
            this.parent = parent;
            var found = new ScoredColumns(parent.Host, schema);
            features = found.Require("feature", parent.parts.Features, ScoredColumns.IsVector, ColumnTypes.Features);
            mappers = [.. parent.models.Select(model => model.GetRowToRowMapper(schema))];
            needed = [features.Index];
            foreach (var mapper in mappers)
                needed.UnionWith(mapper.GetDependencies([Odds(mapper)]).Select(column => column.Index));
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() =>
            [.. Added.Select(name => new DataViewSchema.DetachedColumn(name, NumberDataViewType.Single, null))];

        public override Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null!;
            var getters = new Delegate[Added.Length];
            if (!Enumerable.Range(0, Added.Length).Any(activeOutput))
                return getters;
            var rows = mappers.Select(mapper => mapper.GetRow(input, [Odds(mapper)])).ToArray();
            disposer = () => Array.ForEach(rows, row => row.Dispose());
            var log = LogRatio(input, [.. rows.Select(row => NumberGetter.Create(row, row.Schema[parent.parts.Odds]))]);
            var statistics = parent.Statistics;
            if (activeOutput(0))
                getters[0] = (ValueGetter<float>)((ref float value) => value = (float)log());
            if (activeOutput(1))
                getters[1] = (ValueGetter<float>)((ref float value) => value = (float)Math.Exp(log()));
            if (activeOutput(2))
                getters[2] = (ValueGetter<float>)((ref float value) => value = (float)statistics.Weight(log()));
            return getters;
        }

        protected override Delegate MakeGetter(
            DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer) =>
            throw new NotSupportedException("All getters of a row are made at once.");

        /// <summary>The log ratio of the row under the cursor, computed once a row.</summary>
        private Func<double> LogRatio(DataViewRow input, Func<double>[] odds)
        {
            var parts = parent.parts;
            var reader = FeatureReader.Create(input, features);
            var x = new double[((VectorDataViewType)features.Type).Size];
            long known = -1;
            double log = double.NaN;
            return () =>
            {
                if (known == input.Position && known >= 0)
                    return log;
                known = input.Position;
                if (!double.IsFinite(reader.Read(x)))
                    return log = double.NaN;
                ulong hash = parts.Dealer.Hash(x);
                int model = parts.Dealer.Folds > 0 && parts.Seen.Contains(hash) ? parts.Dealer.Fold(hash) : odds.Length - 1;
                double value = odds[model]();
                if (!parts.IsLogOdds)
                    value = Math.Log(Math.Max(value, Closest) / Math.Max(1 - value, Closest));
                return log = value - parts.LogPriorOdds[model];
            };
        }

        protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            bool active = Enumerable.Range(0, Added.Length).Any(activeOutput);
            return index => active && needed.Contains(index);
        }

        protected override void SaveModel(ModelSaveContext ctx) => parent.SaveModel(ctx);

        private DataViewSchema.Column Odds(IRowToRowMapper mapper) =>
            new ScoredColumns(parent.Host, mapper.OutputSchema)
                .Require("probability", parent.parts.Odds, ColumnTypes.IsNumber, ColumnTypes.Number);
    }
}
