using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.DensityRatios;
using ProbML.Laws;

namespace ProbML.Evaluation;

/// <summary>Conformal prediction where new rows come from elsewhere (Tibshirani, Barber, Candès &amp; Ramdas 2019).</summary>
public sealed class WeightedConformalTests
{
    private readonly MLContext context = new(1);

    /// <summary>
    /// Errors grow where the target lies: intervals calibrated where the rows come from hold too little there, weighted ones what
    /// they promise, by the true ratio and by an estimated one. 4000 rows: a binomial standard error of half a percent, and the
    /// calibration's own of about one.
    /// </summary>
    [Theory]
    [InlineData("TrueRatio"), InlineData("Weight")]
    public void Coverage_holds_where_the_rows_will_come_from(string weight)
    {
        var (model, _, target) = Fit(new() { WeightColumnName = weight });
        var (unweighted, _, _) = Fit(new());
        Assert.InRange(Coverage(model.Transform(target)), 0.875, 0.925);
        Assert.InRange(Coverage(unweighted.Transform(target)), 0.3, 0.82);
        var calibration = ((ConformalTransformer)model.LastTransformer).Calibration;
        Assert.InRange(calibration.EffectiveRows, 100, 0.8 * calibration.Rows);
        Assert.Equal(((ConformalTransformer)unweighted.LastTransformer).Calibration.Rows,
            ((ConformalTransformer)unweighted.LastTransformer).Calibration.EffectiveRows);
    }

    [Fact]
    public void Every_group_holds_for_itself_there()
    {
        var (model, _, target) = Fit(new() { WeightColumnName = "TrueRatio", GroupColumnName = "Group" });
        var scored = model.Transform(target);
        foreach (string group in new[] { "a", "b" })
            Assert.InRange(Coverage(scored, group), 0.87, 0.93);
    }

    [Fact]
    public void Sets_of_classes_hold_there_too()
    {
        var rows = ShiftedRows.Draw(6000, seed: 11, targetShare: 0);
        var target = ShiftedRows.Draw(4000, seed: 12, targetShare: 1);
        foreach (var row in rows.Concat(target))
            row.IsTarget = Math.Abs(row.Features[0]) < 0.25;       // rare at the source, and common at the target
        double[] covered = [.. new string?[] { null, "TrueRatio" }.Select(weight =>
        {
            var scored = context.BinaryClassification.Conformal(
                context.BinaryClassification.Trainers.LogisticRegression(nameof(ShiftedRow.IsTarget)),
                nameof(ShiftedRow.IsTarget),
                options: new() { WeightColumnName = weight, CalibrationFraction = 0.5, Level = 0.7, Seed = 1 })
                .Fit(context.Data.LoadFromEnumerable(rows)).Transform(context.Data.LoadFromEnumerable(target));
            return scored.GetColumn<bool[]>("PredictionSet")
                .Zip(scored.GetColumn<bool>("IsTarget"), (set, isTrue) => set[isTrue ? 1 : 0] ? 1.0 : 0).Average();
        })];
        Assert.InRange(covered[1], 0.66, 0.74);
        Assert.True(covered[0] < 0.55, $"{covered[0]}");
    }

    /// <summary>Weights of one are no weights, and their unit does not matter: the same bounds, bit for bit.</summary>
    [Theory]
    [InlineData(1), InlineData(16)]
    public void Equal_weights_are_none(float weight)
    {
        var rows = ShiftedRows.Draw(400, seed: 13);
        rows.ForEach(row => row.TrueRatio = weight);
        var data = context.Data.LoadFromEnumerable(rows);
        var trainer = context.Regression.Trainers.LinearRegression();
        var plain = context.Regression.Conformal(trainer, options: new() { Seed = 1, GroupColumnName = "Group" }).Fit(data);
        var same = context.Regression.Conformal(
            trainer, options: new() { Seed = 1, GroupColumnName = "Group", WeightColumnName = "TrueRatio" }).Fit(data);
        Assert.Equal(plain.Transform(data).GetColumn<float>("UpperBound"), same.Transform(data).GetColumn<float>("UpperBound"));
        var (first, second) = (((ConformalTransformer)plain.LastTransformer).Calibration, ((ConformalTransformer)same.LastTransformer).Calibration);
        Assert.Equal(first.Quantile, second.Quantile);
        Assert.Equal(first.Groups, second.Groups);
        Assert.Equal(first.EffectiveRows, second.EffectiveRows, 1e-9);
    }

    /// <summary>The ratio, the trainer and the calibration in one chain: saved, loaded and served row by row.</summary>
    [Fact]
    public void Ratio_and_intervals_save_load_and_serve_as_one()
    {
        var (model, ratio, target) = Fit(new() { WeightColumnName = "Weight", GroupColumnName = "Group" });
        var rows = ShiftedRows.Draw(50, seed: 14, targetShare: 1);
        var data = context.Data.LoadFromEnumerable(rows);
        var chain = new TransformerChain<ITransformer>(ratio, model);
        var loaded = new MLContext().Model.Load(new MemoryStream(SavingLaws.Save(context, chain, data.Schema)), out _);
        float[] lower = [.. chain.Transform(data).GetColumn<float>("LowerBound")];
        Assert.Equal(lower, loaded.Transform(data).GetColumn<float>("LowerBound"));
        Assert.True(lower.Zip(chain.Transform(data).GetColumn<float>("Score"), (l, s) => s - l).Distinct().Count() > 2);
        var engine = context.Model.CreatePredictionEngine<ShiftedRow, Bound>(loaded);
        Assert.Equal(lower[3], engine.Predict(rows[3]).LowerBound);
        var last = (ConformalTransformer)model.LastTransformer;
        var reread = ((TransformerChain<ITransformer>)loaded).SelectMany(Steps).OfType<ConformalTransformer>().Single();
        Assert.Equal(last.Calibration.Quantile, reread.Calibration.Quantile);
        Assert.Equal(last.Calibration.EffectiveRows, reread.Calibration.EffectiveRows);

        static IEnumerable<ITransformer> Steps(ITransformer step) =>
            step is TransformerChain<ITransformer> chain ? chain.SelectMany(Steps) : [step];
    }

    [Fact]
    public void Bad_weights_and_few_good_ones_are_named()
    {
        var warnings = new List<string>();
        context.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage);
        };
        var trainer = context.Regression.Trainers.LinearRegression();
        var rows = ShiftedRows.Draw(200, seed: 15);
        var options = new ConformalOptions { WeightColumnName = "TrueRatio", Seed = 1 };
        Refused("'Absent'", options with { WeightColumnName = "Absent" });
        Refused("'Group'", options with { WeightColumnName = "Group" });
        rows.ForEach(row => row.TrueRatio = row.Features[0] < 0.2 ? 1e-6f : 1);
        rows[0].TrueRatio = float.NaN;                     // a missing weight: the row is left out
        for (int i = 10; i < rows.Count; i += 10)
            rows[i].TrueRatio = 1e6f;
        Fit();
        Assert.Contains(warnings, text => text.Contains("worth", StringComparison.Ordinal));
        rows.ForEach(row => row.TrueRatio = 0);
        Refused("'TrueRatio' above zero", options);
        rows.ForEach(row => row.TrueRatio = -3);
        Refused("has -3 in 'TrueRatio'", options);

        void Fit(ConformalOptions? other = null) =>
            context.Regression.Conformal(trainer, options: other ?? options).Fit(context.Data.LoadFromEnumerable(rows));

        void Refused(string message, ConformalOptions other) =>
            Assert.Contains(message, Assert.ThrowsAny<Exception>(() => Fit(other)).Message, StringComparison.Ordinal);
    }

    private (TransformerChain<ITransformer> Model, ITransformer Ratio, IDataView Target) Fit(ConformalOptions options)
    {
        var rows = ShiftedRows.Draw(8000, seed: 8);
        var ratio = context.BinaryClassification.Trainers.DensityRatio(
            new() { Components = 1, Shape = RatioShape.Quadratic, L2 = 1, Seed = 1 }, nameof(ShiftedRow.IsTarget))
            .Fit(context.Data.LoadFromEnumerable(rows));
        var source = ratio.Transform(context.Data.LoadFromEnumerable(rows.Where(row => !row.IsTarget)));
        var model = context.Regression.Conformal(
            context.Regression.Trainers.LinearRegression(), options: options with { Seed = 1, CalibrationFraction = 0.5 }).Fit(source);
        return (model, ratio, ratio.Transform(context.Data.LoadFromEnumerable(ShiftedRows.Draw(4000, seed: 9, targetShare: 1))));
    }

    private static double Coverage(IDataView scored, string? group = null)
    {
        var bounds = scored.GetColumn<float>("LowerBound").Zip(scored.GetColumn<float>("UpperBound"));
        return bounds.Zip(scored.GetColumn<float>("Label"), scored.GetColumn<string>("Group"))
            .Where(row => group is null || row.Third == group)
            .Average(row => row.Second >= row.First.First && row.Second <= row.First.Second ? 1.0 : 0);
    }

    private sealed class Bound
    {
        public float LowerBound { get; set; }
    }
}
