using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ProbML.DensityRatios;

namespace ProbML;

/// <summary>Fits any classifier of two samples to all rows, and once to all but each fold's, and takes the class prior out.</summary>
/// <remarks>ln r(x) = ln P(1 | x)/P(0 | x) − ln(n₁/n₀). Sugiyama, Suzuki &amp; Kanamori (2012), ch. 4.</remarks>
public sealed class DensityRatioEstimator : IEstimator<DensityRatioTransformer>
{
    private readonly IHost host;
    private readonly IEstimator<ITransformer> classifier;
    private readonly string label, features;
    private readonly ClassifierRatioOptions options;

    internal DensityRatioEstimator(
        IHostEnvironment env,
        IEstimator<ITransformer> classifier,
        string label,
        string features,
        ClassifierRatioOptions options)
    {
        host = env.Register("ProbMLDensityRatio");
        host.CheckValue(classifier, nameof(classifier));
        host.CheckNonWhiteSpace(label, nameof(label));
        host.CheckNonWhiteSpace(features, nameof(features));
        options.Validate();
        (this.classifier, this.label, this.features, this.options) = (classifier, label, features, options);
    }

    /// <summary>Fits the classifiers, and measures the weights by rows that they did not see.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">A sample has no rows, or the classifier gives neither probabilities nor log odds.</exception>
    public DensityRatioTransformer Fit(IDataView input)
    {
        host.CheckValue(input, nameof(input));
        var vector = Vector(input.Schema);
        CheckOdds(classifier.GetOutputSchema(SchemaShape.Create(input.Schema)).Select(column => column.Name));
        int seed = options.Seed ?? 1;
        var roles = new ColumnRoles(label, features, options.ExampleWeightColumnName);
        var rows = new DataViewDesign(host, input, roles, PredictionTask.BinaryClassification);
        using var channel = host.Start("Training");
        var monitor = HostMonitor.Join(TrainingMonitor.None, host, channel, null);
        var samples = rows.Sum(() => new SampleSum(rows.FeatureCount, new(seed, options.Folds)), monitor);
        DensityRatioFitter.Check(samples, rows);
        var dealer = new RowDealer(seed, samples.UsableFolds());
        if (options.Folds > 0 && dealer.Folds == 0)
            channel.Warning(
                $"{samples.RowsOf(1)} and {samples.RowsOf(0)} rows, equal ones together, are too few to leave any out: rows are "
                + "scored by a classifier that saw them.");
        var models = new ITransformer[dealer.Folds + 1];
        var priors = new double[models.Length];
        for (int k = 0; k < models.Length; k++)            // the last is that of all rows
        {
            monitor.ThrowIfCancelled();
            int leftOut = k < dealer.Folds ? k : -1;
            models[k] = classifier.Fit(leftOut < 0 ? input : new LeftOutView(input, vector, dealer, leftOut));
            CheckOdds(AddedColumns.Of(input.Schema, models[k].GetOutputSchema(input.Schema)));      // not the rows' own
            priors[k] = Math.Log(samples.WeightOf(1, dealer.Folds, leftOut) / samples.WeightOf(0, dealer.Folds, leftOut));
        }
        var seen = new RowFilter(dealer.Folds == 0 ? 0 : samples.Rows);
        if (dealer.Folds > 0)
            rows.EachRow(monitor, (x, _, _) => seen.Add(dealer.Hash(x)));
        var parts = new ClassifierRatioParts(features, options.OddsColumn, options.LogOddsColumnName is not null, dealer, seen, priors);
        var raw = new DensityRatioTransformer(host, models, parts, DensityRatioFitter.Empty(samples));
        var measured = Measure(raw.Transform(input), samples);
        DensityRatioFitter.Tell(measured, channel.Warning);
        return new(host, models, parts, measured);
    }

    /// <summary>The columns that fitting will add.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        host.CheckValue(inputSchema, nameof(inputSchema));
        if (!inputSchema.TryFindColumn(features, out var vector))
            throw host.ExceptSchemaMismatch(nameof(inputSchema), "feature", features);
        if (!ColumnTypes.AreFeatures(vector))
            throw host.ExceptSchemaMismatch(
                nameof(inputSchema), "feature", features, ColumnTypes.Features, vector.GetTypeString());
        var scored = classifier.GetOutputSchema(inputSchema);
        CheckOdds(scored.Select(column => column.Name));
        var columns = inputSchema.ToDictionary(column => column.Name);
        foreach (string name in DensityRatioTransformer.Added)
            columns[name] = new(
                name, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, isKey: false, new SchemaShape([]));
        return new SchemaShape(columns.Values);
    }

    private void CheckOdds(IEnumerable<string> columns)
    {
        if (!columns.Contains(options.OddsColumn))
            throw host.Except(
                $"The classifier gives no column '{options.OddsColumn}', of which the ratio is made. A trainer without probabilities "
                + "needs a calibrator after it, such as mlContext.BinaryClassification.Calibrators.Platt; log odds of another name are "
                + "read where LogOddsColumnName names them.");
    }

    private DataViewSchema.Column Vector(DataViewSchema schema)
    {
        var column = schema.GetColumnOrNull(features)
            ?? throw host.ExceptSchemaMismatch(nameof(schema), "feature", features);
        if (column.Type is not VectorDataViewType { Size: > 0 } vector || !ColumnTypes.AreFeatures(vector, vector.Size))
            throw host.ExceptSchemaMismatch(
                nameof(schema), "feature", features, ColumnTypes.Features + " of known size", column.Type.ToString());
        if (schema.GetColumnOrNull(label) is null)
            throw host.ExceptSchemaMismatch(nameof(schema), "label", label);
        return column;
    }

    private DensityRatioStatistics Measure(IDataView scored, SampleSum samples)
    {
        var sum = new RatioMeasure(samples.RowsOf(1), samples.RowsOf(0), options.MaximumRatio);
        for (int pass = 0; pass < 2; pass++)
        {
            var log = scored.Schema[ColumnNames.LogRatio];
            var response = scored.Schema[label];
            var weight = options.ExampleWeightColumnName is { } name ? scored.Schema[name] : (DataViewSchema.Column?)null;
            using var cursor = scored.GetRowCursor(
                new[] { log, response }.Concat(weight is { } one ? [one] : []).DistinctBy(column => column.Index));
            var (readLog, readLabel) = (NumberGetter.Create(cursor, log), NumberGetter.Create(cursor, response));
            var readWeight = weight is { } found ? NumberGetter.Create(cursor, found) : () => 1;
            while (cursor.MoveNext())
            {
                double y = readLabel(), ratio = readLog(), w = readWeight();
                if (w > 0 && double.IsFinite(w) && y is 0 or 1 && !double.IsNaN(ratio))
                    sum.Add(ratio, y > 0, w);
            }
            sum.EndPass();
        }
        return sum.Finish();
    }
}
