using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.DensityRatios;

public sealed class DensityRatioTests
{
    private sealed class Row
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [];

        public bool IsTarget { get; set; }

        public float Label { get; set; }
    }

    private sealed class Ratio
    {
        public float LogRatio { get; set; }

        public float DensityRatio { get; set; }

        public float Weight { get; set; }
    }

    /// <summary>
    /// Shimodaira (2000): the line that is best where the rows come from is not the best where it will be used; weights p/q make
    /// it so. y = x³ − x, sources about ½, targets about 0.
    /// </summary>
    [Fact]
    public void Weights_lower_the_error_where_the_target_lies()
    {
        var context = new MLContext(1);
        var rows = Rows(2000, seed: 3);
        var source = context.Data.LoadFromEnumerable(rows.Where(row => !row.IsTarget));
        var target = context.Data.LoadFromEnumerable(Rows(2000, seed: 4).Where(row => row.IsTarget));
        var ratio = context.BinaryClassification.Trainers.DensityRatio(new() { Components = 1 }, nameof(Row.IsTarget))
            .Fit(context.Data.LoadFromEnumerable(rows));
        double plain = Error(context.Regression.Trainers.LinearRegression(), source);
        double weighted = Error(
            context.Regression.Trainers.LinearRegression(exampleWeightColumnName: "Weight"), ratio.Transform(source));
        Assert.True(weighted < 0.7 * plain, $"{weighted} against {plain}");

        double Error(IEstimator<ITransformer> trainer, IDataView data) =>
            context.Regression.Evaluate(trainer.Fit(data).Transform(target)).RootMeanSquaredError;
    }

    [Fact]
    public void Any_classifier_gives_a_ratio_that_saves_loads_and_serves()
    {
        var context = new MLContext(1);
        var rows = Rows(1200, seed: 5);
        var data = context.Data.LoadFromEnumerable(rows);
        foreach (bool isLogOdds in new[] { false, true })
        {
            var estimator = context.Transforms.DensityRatio(
                context.BinaryClassification.Trainers.LogisticRegression(nameof(Row.IsTarget)),
                nameof(Row.IsTarget),
                options: new() { LogOddsColumnName = isLogOdds ? "Score" : null });
            var model = estimator.Fit(data);
            var ours = context.BinaryClassification.Trainers
                .DensityRatio(new() { Shape = RatioShape.Linear, L2 = 0, Components = 1, Seed = 1 }, nameof(Row.IsTarget)).Fit(data);
            var found = Read(model.Transform(data));
            var expected = Read(ours.Transform(data));        // the same folds, by the same hashes
            for (int i = 0; i < found.Count; i++)
            {
                Assert.Equal(expected[i].LogRatio, found[i].LogRatio, 1e-3);
                Assert.Equal(Math.Exp(found[i].LogRatio), found[i].DensityRatio, 1e-3);
            }
            var sources = found.Where((_, i) => !rows[i].IsTarget).ToList();
            Assert.Equal(1, sources.Average(row => row.Weight), 1e-3);

            using var file = new MemoryStream();
            context.Model.Save(model, data.Schema, file);
            file.Position = 0;
            var loaded = new MLContext().Model.Load(file, out _);
            Assert.Equal(found.Select(row => row.LogRatio), Read(loaded.Transform(data)).Select(row => row.LogRatio));
            var engine = context.Model.CreatePredictionEngine<Row, Ratio>(loaded);
            Assert.Equal(found[7].LogRatio, engine.Predict(rows[7]).LogRatio);
            Assert.True(float.IsNaN(engine.Predict(new Row { Features = [float.NaN] }).LogRatio));
        }

        List<Ratio> Read(IDataView scored) =>
            [.. context.Data.CreateEnumerable<Ratio>(scored, reuseRowObject: false, ignoreMissingColumns: true)];
    }

    [Fact]
    public void A_row_is_scored_by_a_classifier_that_did_not_see_it()
    {
        var context = new MLContext(1);
        var rows = Rows(60, seed: 6);
        var before = Fit(rows).Transform(context.Data.LoadFromEnumerable(rows));
        float log = before.GetColumn<float>("LogRatio").First();
        rows[0].IsTarget = !rows[0].IsTarget;
        float after = Fit(rows).Transform(context.Data.LoadFromEnumerable(rows)).GetColumn<float>("LogRatio").First();
        var whole = context.Transforms.DensityRatio(
            context.BinaryClassification.Trainers.LogisticRegression(nameof(Row.IsTarget)),
            nameof(Row.IsTarget),
            options: new() { Folds = 0 });
        float flattered = whole.Fit(context.Data.LoadFromEnumerable(rows))
            .Transform(context.Data.LoadFromEnumerable(rows)).GetColumn<float>("LogRatio").First();
        Assert.Equal(log, after, 1e-4);
        Assert.NotEqual(flattered, after, 1e-4);

        DensityRatioTransformer Fit(List<Row> some) => context.Transforms.DensityRatio(
            context.BinaryClassification.Trainers.LogisticRegression(nameof(Row.IsTarget)), nameof(Row.IsTarget))
            .Fit(context.Data.LoadFromEnumerable(some));
    }

    [Fact]
    public void Mistakes_are_named()
    {
        var context = new MLContext(1);
        var data = context.Data.LoadFromEnumerable(Rows(40, seed: 7));
        var trainer = context.BinaryClassification.Trainers.LogisticRegression(nameof(Row.IsTarget));
        Refused("'Absent'", () => context.Transforms.DensityRatio(trainer, "Absent").Fit(data));
        Refused("'Absent'", () => context.Transforms.DensityRatio(trainer, nameof(Row.IsTarget), "Absent").Fit(data));
        Refused("'Label'", () => context.Transforms.DensityRatio(trainer, nameof(Row.IsTarget), "Label").Fit(data));
        Refused("'Odds'", () => context.Transforms.DensityRatio(
            trainer, nameof(Row.IsTarget), options: new() { ProbabilityColumnName = "Odds" }).Fit(data));
        Refused("Folds", () => context.Transforms.DensityRatio(trainer, options: new() { Folds = 1 }));
        var one = context.Data.LoadFromEnumerable(Rows(40, seed: 7).Where(row => row.IsTarget));
        Refused("belong to the numerator", () => context.Transforms.DensityRatio(trainer, nameof(Row.IsTarget)).Fit(one));

        static void Refused(string message, Action action) =>
            Assert.Contains(message, Assert.ThrowsAny<Exception>(action).Message, StringComparison.Ordinal);
    }

    private static List<Row> Rows(int count, int seed)
    {
        var random = new Random(seed);
        var rows = new List<Row>();
        for (int i = 0; i < count; i++)
        {
            bool isTarget = i % 2 == 0;
            double x = isTarget ? 0.3 * Normal() : 0.5 + 0.5 * Normal();
            rows.Add(new()
            {
                Features = [(float)x],
                IsTarget = isTarget,
                Label = (float)(x * x * x - x + 0.1 * Normal()),
            });
        }
        return rows;

        double Normal() => NormalDistribution.Quantile(1 - random.NextDouble());
    }
}
