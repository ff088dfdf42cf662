using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Tests;

/// <summary>What is wrong with a multinomial, ordinal or Tobit trainer or its labels is said in time and in the data's words.</summary>
public sealed class ClassMistakeTests
{
    private static readonly string[] Order = ["low", "mid", "high"];

    private readonly MLContext context = new(1);

    [Fact]
    public void A_penalty_below_zero_is_refused_where_the_trainer_is_made()
    {
        var (classes, numbers) = (context.MulticlassClassification.Trainers, context.Regression.Trainers);
        Assert.Throws<ArgumentOutOfRangeException>("L2", () => classes.MultinomialRegression(l2: -1));
        Assert.Throws<ArgumentOutOfRangeException>("L2", () => classes.OrdinalRegression(l2: -1));
        Assert.Throws<ArgumentOutOfRangeException>("L2", () => numbers.TobitRegression(new TobitOptions { L2 = -1 }));
    }

    [Fact]
    public void Limits_the_wrong_way_round_are_refused_where_the_trainer_is_made()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            "Lower", () => context.Regression.Trainers.TobitRegression(new TobitOptions { Lower = 3, Upper = 1 }));
        Assert.Contains("must be below Upper, which is 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_outside_the_ordered_set_is_left_out_with_one_warning()
    {
        var rows = Rows().ToList();
        rows.Insert(4, new Row { Size = "huge", Features = [1] });
        var warnings = new List<string>();
        var model = Fit(rows, new TrainingMonitor { Warning = warnings.Add });
        Assert.Equal(1, model.Statistics.SkippedRows);
        Assert.Equal(Fit(Rows(), null).Coefficients, model.Coefficients);
        Assert.Single(warnings);
    }

    [Fact]
    public void A_class_that_is_never_seen_is_named()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Fit(Rows().Where(row => row.Size != "mid"), null));
        Assert.Contains("Class 'mid' of 'Size' has no rows", error.Message, StringComparison.Ordinal);
    }

    private OrdinalModel Fit(IEnumerable<Row> rows, TrainingMonitor? monitor)
    {
        var data = context.Data.LoadFromEnumerable(rows);
        var keys = context.Data.LoadFromEnumerable(Order.Select(name => new Key { Value = name }));
        return context.Transforms.Conversion.MapValueToKey("Size", keyData: keys)
            .Append(context.MulticlassClassification.Trainers.OrdinalRegression("Size", monitor: monitor))
            .Fit(data).LastTransformer.Model;
    }

    private static IEnumerable<Row> Rows()
    {
        var random = new Random(3);
        for (int i = 0; i < 60; i++)
        {
            float x = random.NextSingle();
            yield return new Row { Size = Order[Math.Clamp((int)(3 * (x + random.NextDouble() - 0.5)), 0, 2)], Features = [x] };
        }
    }

    private sealed class Row
    {
        public string Size { get; set; } = "";

        [VectorType(1)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Key
    {
        public string Value { get; set; } = "";
    }
}
