using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Flows;

namespace ProbML.Torch.Tests.Flows;

public sealed class ConditionalFlowTests
{
    private static ConditionalFlowOptions Small { get; } = new()
    {
        Hidden = [32, 32],
        Level = 0.8,
        QuantileLevels = [0.1, 0.5, 0.9],
        Training = new()
        {
            Epochs = 30,
            BatchSize = 100,
            ClipNorm = 5,
            LearningRate = 5e-3,
            Threads = 1,
            Seed = 3,
            Schedule = LearningRateSchedule.Cosine(),
        },
    };

    [Fact]
    public void It_finds_a_skewed_distribution_whose_width_changes()
    {
        using var model = new ConditionalFlowFitter(Small).Fit(Skewed(3000, 1), TrainingMonitor.None);
        foreach (double x in new[] { -0.8, 0, 0.8 })
        {
            float[] row = FlowRows.Score(model, [x]);
            double scale = Math.Exp(x);                      // y = 5 + eˣ (E − 1), E ~ Exp(1): mean 5, deviation eˣ
            Assert.Equal(5, row[0], 0.2 * scale);
            Assert.Equal(scale, row[1], 0.25 * scale);
            Assert.Equal(row[2], row[5], 1e-4f);             // an 80 % interval ends at the quantiles 0.1 and 0.9
            Assert.Equal(row[3], row[7], 1e-4f);
            Assert.Equal(5 + scale * (Math.Log(2) - 1), row[6], 0.2 * scale);
            Assert.Equal(5 + scale * (Math.Log(10) - 1), row[7], 0.35 * scale);
        }
        Assert.InRange(MeanLogDensity(model, 2000, 7), -1 - 0.2, -1 + 0.05);       // −E[ln(1 / eˣ)] − 1, x even about 0
    }

    [Fact]
    public void Its_density_integrates_to_1_and_gives_mean_deviation_and_quantiles()
    {
        using var model = new ConditionalFlowFitter(Small with { Training = Small.Training with { Epochs = 5 } })
            .Fit(Skewed(500, 2), TrainingMonitor.None);
        const int Points = 30_000;
        const double Low = -20, Cell = 60.0 / Points;
        double[] features = new double[Points], y = [.. Enumerable.Range(0, Points).Select(i => Low + (i + 0.5) * Cell)];
        Array.Fill(features, 0.3);
        float[] outputs = new float[Points * 8];
        model.Score(new(Points, 1, features, y), new(outputs, 8));
        double total = 0, mean = 0, square = 0, below = 0;
        for (int i = 0; i < Points; i++)
        {
            double mass = Math.Exp(outputs[8 * i + 4]) * Cell;
            total += mass;
            mean += mass * y[i];
            square += mass * y[i] * y[i];
            below += y[i] < outputs[8 * i + 7] ? mass : 0;
        }
        Assert.Equal(1, total, 1e-3);
        Assert.Equal(mean, outputs[0], 5e-3);
        Assert.Equal(Math.Sqrt(square - mean * mean), outputs[1], 5e-3);
        Assert.Equal(0.9, below, 2e-3);
        Assert.True(float.IsNaN(FlowRows.Score(model, [0.3])[4]));          // no label, no density of it
        Assert.True(float.IsNaN(FlowRows.Score(model, [double.NaN])[0]));
    }

    [Fact]
    public void Its_draws_have_its_quantiles()
    {
        using var model = new ConditionalFlowFitter(Small with { Training = Small.Training with { Epochs = 5 } })
            .Fit(Skewed(500, 2), TrainingMonitor.None);
        var context = new MLContext(1);
        var schema = SchemaDefinition.Create(typeof(Row));
        ProbML.Vae.VectorColumn.Describe(schema[nameof(Row.Features)], "Features", ["x"]);
        var data = context.Data.LoadFromEnumerable([new Row { Features = [0.3f] }, new Row { Features = [float.NaN] }], schema);
        const int Count = 20_000;
        var view = model.Sample(context, data, Count, seed: 4, labelColumnName: "y");
        float[] drawn = [.. view.GetColumn<float>("y")];
        Assert.Equal(drawn, view.GetColumn<float>("y"));
        Assert.All(drawn[Count..], y => Assert.True(float.IsNaN(y)));
        Assert.Equal(Count, view.GetColumn<float[]>("Features").Take(Count).Count(x => x[0] == 0.3f));
        float[] row = FlowRows.Score(model, [0.3f]);
        foreach (var (place, level) in new[] { (5, 0.1), (6, 0.5), (7, 0.9) })
            Assert.Equal(level, drawn[..Count].Count(y => y < row[place]) / (double)Count, 4 * Math.Sqrt(0.25 / Count));
        Assert.Equal(row[0], drawn[..Count].Average(), 4 * row[1] / Math.Sqrt(Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Sample(context, data, -1));
    }

    [Fact]
    public void A_constant_label_is_an_error_and_options_are_checked()
    {
        var flat = new MatrixDesign([1, 2, 3, 4], [7, 7, 7, 7], responseName: "price");
        var error = Assert.Throws<InvalidOperationException>(
            () => { new ConditionalFlowFitter(Small).Fit(flat, TrainingMonitor.None).Dispose(); });
        Assert.Contains("'price' is 7 in all 4 rows", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConditionalFlowFitter(Small with { QuantileLevels = [0.5, 0.5] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConditionalFlowFitter(Small with { Level = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConditionalFlowFitter(Small with { Layers = 0 }));
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
    }

    private static double MeanLogDensity(ConditionalFlowModel model, int count, int seed)
    {
        var (x, y) = Draw(count, seed);
        float[] outputs = new float[count * 8];
        model.Score(new(count, 1, x, y), new(outputs, 8));
        return Enumerable.Range(0, count).Average(i => Math.Max(outputs[8 * i + 4], -20));
    }

    private static MatrixDesign Skewed(int count, int seed)
    {
        var (x, y) = Draw(count, seed);
        return new(x, y);
    }

    private static (double[] X, double[] Y) Draw(int count, int seed)
    {
        var random = new Random(seed);
        var (x, y) = (new double[count], new double[count]);
        for (int i = 0; i < count; i++)
        {
            x[i] = 2 * random.NextDouble() - 1;
            y[i] = 5 + Math.Exp(x[i]) * (-Math.Log(1 - random.NextDouble()) - 1);
        }
        return (x, y);
    }
}
