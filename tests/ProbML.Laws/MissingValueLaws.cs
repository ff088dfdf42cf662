using Microsoft.ML;

namespace ProbML.Laws;

/// <summary>Bad rows are left out of training with one warning, and get NaN when scored.</summary>
public static class MissingValueLaws
{
    public static void Bad_rows_are_skipped_with_one_warning(Component component)
    {
        var context = new MLContext(1);
        var warnings = new List<string>();
        var logged = new List<string>();
        context.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                logged.Add(e.RawMessage);
        };
        var rows = LawData.Rows(component);
        var bad = LawData.Rows(component, count: 6)
            .Select(row => row.With(copy => copy.Features = [.. row.Features])).ToList();
        bad[0].Features[1] = component.TakesMissingValues ? float.PositiveInfinity : float.NaN;
        bad[1].Features[3] = float.PositiveInfinity;
        bad[2].Features[0] = float.NegativeInfinity;
        if (component.TakesWeight)
        {
            bad[3].Weight = float.NaN;
            bad[4].Weight = -1;
            bad[5].Weight = float.PositiveInfinity;
        }
        else
        {
            bad.RemoveRange(3, 3);
        }
        if (component.TakesOffset)
            bad.Add(rows[3].With(copy => copy.Offset = double.NaN));
        if (component.TakesExposure)
        {
            bad.Add(rows[1].With(copy => copy.Exposure = 0));
            bad.Add(rows[2].With(copy => copy.Exposure = -2));
        }
        if (component.Task == PredictionTask.Regression)
            bad.Add(rows[0].With(copy => copy.Number = float.NaN));
        if (component.Task == PredictionTask.MulticlassClassification)
            bad.Add(rows[0].With(copy => copy.Level = uint.MaxValue));
        if (component.HasGroups)
            bad.Add(rows[4].With(copy => copy.Group = ""));
        var mixed = context.View(rows[..100].Concat(bad).Concat(rows[100..]));
        var monitor = new TrainingMonitor { Warning = warnings.Add };
        var model = component.Fit(context, mixed, component.AllRoles, monitor);

        string read = component.HasLabel ? "features/label/weight" : "features/weight";
        read += component.HasGroups ? "/group" : "";
        string message = $"Skipped {bad.Count} instances with missing {read} during training";
        Assert.Single(warnings, message);
        Assert.Single(logged, text => text.Contains(message, StringComparison.Ordinal));
        var clean = context.View(rows);
        Scores.Read(component.Fit(context, clean, component.AllRoles).Transform(clean))
            .AssertEqual(Scores.Read(model.Transform(clean)), component.Tolerance);
    }

    public static void No_valid_rows_are_refused(Component component)
    {
        var context = new MLContext(1);
        var bad = LawData.Rows(component, count: 5)
            .Select(row => row.With(copy => copy.Features = [float.PositiveInfinity, 0, 0, 0]));
        foreach (var rows in new[] { [], bad })
        {
            var error = Assert.Throws<InvalidOperationException>(() => component.Fit(context, context.View(rows)));
            Assert.StartsWith("No valid training instances found, ", error.Message, StringComparison.Ordinal);
        }
    }

    public static void A_missing_feature_gives_a_missing_score(Component component)
    {
        if (component.TakesMissingValues)
            return;
        var context = new MLContext(1);
        var rows = LawData.Rows(component);
        var model = component.Fit(context, context.View(rows));
        rows[3] = rows[3].With(copy => copy.Features = [0, float.NaN, 0, 0]);
        var scores = Scores.Read(model.Transform(context.View(rows)));
        Assert.All(scores.Slots(component.Score)[3], score => Assert.True(float.IsNaN(score)));
        Assert.Single(scores[component.Score], float.IsNaN);
        if (scores.Names.Contains(ColumnNames.PredictedLabel))
            Assert.Equal(0, scores[ColumnNames.PredictedLabel][3]);
    }

    public static void A_missing_feature_is_not_observed(Component component)
    {
        if (!component.TakesMissingValues)
            return;
        var context = new MLContext(1);
        var rows = LawData.Rows(component);
        foreach (var row in rows.Where(row => row.Id % 5 == 0))
            row.Features = [row.Features[0], float.NaN, row.Features[2], row.Features[3]];
        var scores = Scores.Read(component.Fit(context, context.View(rows)).Transform(context.View(rows)));
        Assert.All(scores.Slots(component.Score), row => Assert.All(row, score => Assert.True(float.IsFinite(score))));
    }
}
