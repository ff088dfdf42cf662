using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Laws;

/// <summary>The same data in another form give the same model.</summary>
public static class DataLaws
{
    public static void A_weight_of_two_is_two_rows(Component component)
    {
        if (!component.TakesWeight)
            return;
        var context = new MLContext(1);
        var rows = LawData.Rows(component);
        var heavy = context.View(rows.Select(row => row.With(copy => copy.Weight = 2)));
        var twice = context.View(rows.SelectMany(row => new[] { row, row }));
        var weights = component.Roles with { Weight = "Weight" };
        var weighted = Scores.Read(component.Fit(context, heavy, weights).Transform(heavy));
        var doubled = Scores.Read(component.Fit(context, twice).Transform(heavy));
        if (component.WeightsCountRows)
            weighted.AssertEqual(doubled, component.Tolerance);
        else
            AssertSameScores(component, weighted, doubled);
    }

    public static void A_weight_of_zero_is_no_row_to_the_scores(Component component)
    {
        if (!component.TakesWeight)
            return;
        var context = new MLContext(1);
        var rows = LawData.Rows(component);
        var all = context.View(rows.Select(row => row.With(copy => copy.Weight = row.Id % 4 == 0 ? 0 : 1)));
        var some = context.View(rows.Where(row => row.Id % 4 != 0));
        AssertSameScores(
            component,
            Scores.Read(component.Fit(context, some).Transform(all)),
            Scores.Read(component.Fit(context, all, component.Roles with { Weight = "Weight" }).Transform(all)));
    }

    public static void Sparse_is_dense(Component component) => AssertSameModel(component, "Sparse");

    public static void Double_is_single(Component component) => AssertSameModel(component, "Doubles");

    public static void Features_of_the_other_type_can_be_scored(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        var expected = Scores.Read(component.Fit(context, data).Transform(data));
        foreach (string column in new[] { "Doubles", "Sparse" })
        {
            var model = component.Fit(context, data, component.Roles with { Features = column });
            var renamed = context.Transforms.DropColumns(column)
                .Append(context.Transforms.CopyColumns(column, "Features")).Fit(data).Transform(data);
            expected.AssertEqual(Scores.Read(model.Transform(renamed)));
        }
    }

    public static void An_exposure_is_an_offset_of_its_logarithm(Component component)
    {
        if (!component.TakesExposure)
            return;
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component).Select(row =>
            row.With(copy => copy.Exposure = Math.Exp(row.Offset))));
        var offset = component.Fit(context, data, component.Roles with { Offset = "Offset" });
        var exposure = component.Fit(context, data, component.Roles with { Exposure = "Exposure" });
        Scores.Read(offset.Transform(data)).AssertEqual(Scores.Read(exposure.Transform(data)), component.Tolerance);

        var both = component.Fit(context, data, component.Roles with { Offset = "Offset", Exposure = "Exposure" });
        var sum = context.View(LawData.Rows(component).Select(row => row.With(copy => copy.Offset = 2 * row.Offset)));
        Scores.Read(component.Fit(context, sum, component.Roles with { Offset = "Offset" }).Transform(sum))
            .AssertEqual(Scores.Read(both.Transform(data)), component.Tolerance);
    }

    public static void Scoring_needs_features_alone(Component component)
    {
        var context = new MLContext(1);
        var rows = LawData.Rows(component);
        var model = component.Fit(context, context.View(rows), component.AllRoles);
        var bare = context.Data.LoadFromEnumerable(rows.Select(row => new FeatureRow { Features = row.Features }));
        var plain = context.View(rows.Select(row => row.With(copy => (copy.Offset, copy.Exposure, copy.Group, copy.Category) = (0, 1, "", ""))));
        Scores.Read(model.Transform(plain), without: ColumnNames.LogDensity)
            .AssertEqual(Scores.Read(model.Transform(bare), without: ColumnNames.LogDensity), component.Tolerance);
        var schema = model.GetOutputSchema(bare.Schema);
        if (component.HasLabel && schema.GetColumnOrNull(ColumnNames.LogDensity) is not null)
        {
            Assert.DoesNotContain(Scores.Read(model.Transform(bare))[ColumnNames.LogDensity], float.IsFinite);
            Assert.DoesNotContain(Scores.Read(model.Transform(plain))[ColumnNames.LogDensity], float.IsNaN);
        }
    }

    public static void A_cache_changes_nothing(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        var cached = context.Transforms.CopyColumns("Copy", "A").AppendCacheCheckpoint(context)
            .Append(component.Trainer(context));
        Scores.Read(component.Fit(context, data).Transform(data))
            .AssertEqual(Scores.Read(cached.Fit(data).Transform(data)));
    }

    internal static void AssertSameScores(Component component, Scores left, Scores right)
    {
        var (first, second) = (left.Slots(component.Score), right.Slots(component.Score));
        Assert.Equal(first.Count, second.Count);
        for (int i = 0; i < first.Count; i++)
            foreach (var (one, other) in first[i].Zip(second[i]))
                Scores.AssertClose(one, other, component.Tolerance, $"score of row {i}");
    }

    private static void AssertSameModel(Component component, string features)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        var other = component.Fit(context, data, component.Roles with { Features = features });
        Scores.Read(component.Fit(context, data).Transform(data)).AssertEqual(Scores.Read(other.Transform(data)));
    }
}
