using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace ProbML.Glm;

/// <summary>One-hot columns of many levels through an ML.NET pipeline.</summary>
public sealed class SparseFeatureTests
{
    private const int Levels = 300;

    [Fact]
    public void Many_levels_are_fitted_saved_and_scored_sparse()
    {
        var context = new MLContext(1);
        var data = context.Data.LoadFromEnumerable(Rows());
        var pipeline = context.Transforms.Categorical.OneHotEncoding("Level")
            .Append(context.Transforms.Concatenate("Features", "Level", "X"))
            .Append(context.Regression.Trainers.PoissonRegression("Count"));
        var model = pipeline.Fit(data);
        var glm = model.LastTransformer.Model;
        Assert.True(glm.TakesSparseRows);
        Assert.Equal(1, glm.Coefficients.Count(c => c.IsAliased));
        Assert.All(glm.Coefficients.Where(c => !c.IsAliased), c => Assert.True(c.StandardError > 0));

        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        context.Model.Save(model, data.Schema, path);
        var loaded = new MLContext(2).Model.Load(path, out _);
        File.Delete(path);
        var scores = Scored(model.Transform(data));
        Assert.Equal(scores, Scored(loaded.Transform(data)));
        Assert.All(scores, row => Assert.True(row.Score > 0 && row.ScoreStandardError > 0 && row.LowerBound <= row.Score));
        var engine = context.Model.CreatePredictionEngine<Row, Prediction>(loaded);
        Assert.Equal(scores[7], engine.Predict(Rows().ElementAt(7)));
    }

    [Fact]
    public void A_row_with_a_number_missing_is_left_out()
    {
        var context = new MLContext(1);
        var rows = Rows().ToList();
        rows[3].X = float.NaN;
        var warnings = new List<string>();
        var pipeline = context.Transforms.Categorical.OneHotEncoding("Level")
            .Append(context.Transforms.Concatenate("Features", "Level", "X"))
            .Append(context.Regression.Trainers.PoissonRegression(
                "Count", monitor: new TrainingMonitor { Warning = warnings.Add }));
        var data = context.Data.LoadFromEnumerable(rows);
        var model = pipeline.Fit(data);
        Assert.Equal(rows.Count - 1, model.LastTransformer.Model.Statistics.Rows);
        Assert.Contains(warnings, text => text.StartsWith("Skipped 1 instances", StringComparison.Ordinal));
        Assert.True(float.IsNaN(Scored(model.Transform(data))[3].Score));
    }

    private static List<Prediction> Scored(IDataView view) =>
        [.. new MLContext().Data.CreateEnumerable<Prediction>(view, reuseRowObject: false)];

    private static IEnumerable<Row> Rows()
    {
        var random = new Random(5);
        for (int i = 0; i < 3000; i++)
        {
            int level = i < Levels ? i : random.Next(Levels);
            float x = (float)random.NextDouble();
            yield return new Row { Level = $"level {level}", X = x, Count = 1 + random.Next(3 + level % 4) };
        }
    }

    private sealed class Row
    {
        public string Level { get; set; } = "";

        public float X { get; set; }

        public float Count { get; set; }
    }

    private sealed record Prediction
    {
        public float Score { get; set; }

        public float ScoreStandardError { get; set; }

        public float LowerBound { get; set; }
    }
}
