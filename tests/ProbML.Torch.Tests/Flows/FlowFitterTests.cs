using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Flows;

namespace ProbML.Torch.Tests.Flows;

public sealed class FlowFitterTests
{
    public static TheoryData<FlowKind> Kinds => [.. Enum.GetValues<FlowKind>()];

    [Theory, MemberData(nameof(Kinds))]
    public void Noise_and_rows_are_two_sides_of_one_model(FlowKind kind)
    {
        using var model = new FlowFitter(FlowRows.Small(kind)).Fit(FlowRows.Design(), TrainingMonitor.None);
        Assert.True(model.Converged);
        double[] rows = model.Sample(50, new(5));
        float[] noise = FlowRows.Score(model, rows);
        var draw = new double[3];
        var random = new Random(5);
        for (int i = 0; i < 50; i++)
        {
            model.Parts.Noise.Sample(random, draw);
            for (int j = 0; j < 3; j++)
                Assert.Equal(draw[j], noise[i * 4 + j], 2e-3);        // there and back in Single
        }
    }

    [Fact]
    public void It_learns_a_density_whose_truth_is_known()
    {
        var options = FlowRows.Small() with
        {
            Layers = 3,
            Hidden = [32],
            Training = new()
            {
                Epochs = 25,
                BatchSize = 128,
                ClipNorm = 5,
                Threads = 1,
                LearningRate = 5e-3,
                Seed = 2,
                Schedule = LearningRateSchedule.Cosine(),
            },
        };
        using var model = new FlowFitter(options).Fit(FlowRows.Design(3000), TrainingMonitor.None);
        double[] test = FlowRows.Draw(2000, seed: 9);
        float[] scores = FlowRows.Score(model, test);
        double mean = Enumerable.Range(0, 2000).Average(i => scores[i * 4 + 3]);
        double truth = Enumerable.Range(0, 2000).Average(i => FlowRows.LogDensity(test.AsSpan(i * 3, 3)));
        Assert.InRange(mean, truth - 0.15, truth + 0.02);
    }

    [Fact]
    public void Conditional_log_densities_add_up_and_know_no_later_column()
    {
        var options = FlowRows.Small(FlowKind.MaskedAutoregressive) with
        {
            Mixing = FlowMixing.None,
            Columns = FlowColumns.LogDensity | FlowColumns.ConditionalLogDensity,
            Noise = FlowNoise.StudentT,
            Normalization = FlowNormalization.ActNorm,
        };
        using var model = new FlowFitter(options).Fit(FlowRows.Design(), TrainingMonitor.None);
        double[] rows = FlowRows.Draw(20, seed: 3);
        float[] before = FlowRows.Score(model, rows);
        double[] moved = [.. rows];
        for (int i = 0; i < 20; i++)
            moved[i * 3 + 2] += 300;
        float[] after = FlowRows.Score(model, moved);
        for (int i = 0; i < 20; i++)
        {
            var row = before.AsSpan(i * 7, 7);
            Assert.Equal(row[3], row[4] + row[5] + row[6], 1e-4);
            Assert.Equal(row[4], after[i * 7 + 4]);
            Assert.Equal(row[5], after[i * 7 + 5]);
            Assert.NotEqual(row[6], after[i * 7 + 6]);
        }
    }

    [Fact]
    public void Densities_are_those_of_the_original_columns()
    {
        // The same rows in other units: ln p falls by the logarithm of each unit.
        double[] rows = FlowRows.Draw(400);
        double[] scaled = [.. rows.Select((x, i) => x * (i % 3 == 0 ? 1000 : 1))];
        using var one = new FlowFitter(FlowRows.Small()).Fit(
            MatrixDesign.WithoutResponse(rows, FlowRows.Names), TrainingMonitor.None);
        using var other = new FlowFitter(FlowRows.Small()).Fit(
            MatrixDesign.WithoutResponse(scaled, FlowRows.Names), TrainingMonitor.None);
        var (first, second) = (FlowRows.Score(one, rows), FlowRows.Score(other, scaled));
        for (int i = 0; i < 400; i++)
            Assert.Equal(first[i * 4 + 3] - Math.Log(1000), second[i * 4 + 3], 2e-3);
    }

    public static TheoryData<string> Preprocessings => ["positive", "between", "quantiles"];

    [Theory, MemberData(nameof(Preprocessings))]
    public void A_density_over_a_preprocessed_column_integrates_to_1(string name)
    {
        var random = new Random(1);
        double[] rows = [.. Enumerable.Range(0, 500).Select(_ => 3 * Math.Pow(random.NextDouble(), 2) + 0.001)];
        var way = name switch
        {
            "positive" => ColumnPreprocessing.Positive,
            "between" => ColumnPreprocessing.Between(0, 4),
            _ => ColumnPreprocessing.Quantiles,
        };
        var options = FlowRows.Small() with { Preprocessing = new Dictionary<string, ColumnPreprocessing> { ["x"] = way } };
        using var model = new FlowFitter(options).Fit(MatrixDesign.WithoutResponse(rows, ["x"]), TrainingMonitor.None);
        const int Points = 40_000;
        double low = name == "quantiles" ? -6 : 0, high = name == "between" ? 4 : 30, cell = (high - low) / Points;
        double[] grid = [.. Enumerable.Range(0, Points).Select(i => low + (i + 0.5) * cell)];
        float[] scores = FlowRows.Score(model, grid);
        Assert.Equal(1, Enumerable.Range(0, Points).Sum(i => Math.Exp(scores[2 * i + 1])) * cell, 5e-3);
        Assert.All(model.Sample(200, new(1)), x => Assert.True(name == "quantiles" || (x > 0 && x < high * 10)));
        if (name == "quantiles")
            return;
        Assert.Equal(float.NegativeInfinity, FlowRows.Score(model, [-1.0])[1]);        // no mass there
    }

    [Fact]
    public void The_probabilities_of_counts_add_up_to_1()
    {
        var random = new Random(3);
        var rows = new double[800];
        for (int i = 0; i < 400; i++)
        {
            double x = random.NextDouble() * 3;
            (rows[2 * i], rows[2 * i + 1]) = (x, Math.Floor(4 * random.NextDouble() * x));
        }
        using var model = new FlowFitter(FlowRows.Small()).Fit(
            MatrixDesign.WithoutResponse(rows, ["x", "visits"]), TrainingMonitor.None);
        Assert.Equal([false, true], model.IsCount);
        var grid = new List<double>();
        const double Cell = 0.05;
        for (double x = -4; x < 8; x += Cell)
        {
            for (int y = -20; y < 40; y++)
                grid.AddRange([x, y]);
        }
        float[] scores = FlowRows.Score(model, [.. grid]);
        Assert.Equal(1, Enumerable.Range(0, scores.Length / 3).Sum(i => Math.Exp(scores[3 * i + 2])) * Cell, 0.01);
        Assert.Equal(float.NegativeInfinity, FlowRows.Score(model, [1, 1.5])[2]);       // no count
        double[] drawn = model.Sample(100, new(2));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(drawn[2 * i + 1], Math.Floor(drawn[2 * i + 1])));
    }

    [Theory]
    [InlineData(FlowKind.NeuralSpline)]
    [InlineData(FlowKind.MaskedAutoregressive)]
    public void Counts_export_as_they_score(FlowKind kind)
    {
        bool conditional = kind == FlowKind.MaskedAutoregressive;
        var random = new Random(4);
        var rows = new double[900];
        for (int i = 0; i < 300; i++)
        {
            double x = random.NextDouble() * 3;
            (rows[3 * i], rows[3 * i + 1], rows[3 * i + 2]) = (Math.Floor(4 * random.NextDouble() * x), x, random.Next(6));
        }
        var options = FlowRows.Small(kind);
        if (conditional)
            options = options with { Mixing = FlowMixing.None, Columns = FlowColumns.LogDensity | FlowColumns.ConditionalLogDensity };
        using var model = new FlowFitter(options).Fit(
            MatrixDesign.WithoutResponse(rows, ["visits", "x", "calls"]), TrainingMonitor.None);
        Assert.Equal([true, false, true], model.IsCount);
        double[] few = [.. rows[..60], 1, 0.5, 2.5, 1, double.NaN, 2, 3.25, 0.5, 2];
        const int Count = 23;
        int width = conditional ? 7 : 4;
        float[] scores = FlowRows.Score(model, few);
        var graph = new OnnxGraph();
        var emitted = model.Emit(graph, new(graph.Input("Features", OnnxElement.Single, 3)));
        graph.Output("Noise", emitted[0], 3);
        graph.Output("LogDensity", emitted[1], 1);
        if (conditional)
            graph.Output("Conditional", emitted[2], 3);
        using var session = new OnnxSession(graph.ToBytes());
        float[] noise = new float[Count * 3], density = new float[Count], conditionals = new float[Count * 3];
        OnnxBinding[] outputs = [OnnxBinding.Of("Noise", noise), OnnxBinding.Of("LogDensity", density)];
        session.Run(
            Count,
            [OnnxBinding.Of("Features", few.Select(value => (float)value).ToArray())],
            conditional ? [.. outputs, OnnxBinding.Of("Conditional", conditionals)] : outputs);
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal(scores[i * width + 3], density[i], 1e-4f);
            for (int j = 0; j < 3; j++)
            {
                Assert.Equal(scores[i * width + j], noise[i * 3 + j], 1e-4f);
                if (conditional)
                    Assert.Equal(scores[i * width + 4 + j], conditionals[i * 3 + j], 1e-4f);
            }
            if (conditional && i < 20)
                Assert.Equal(density[i], conditionals[i * 3] + conditionals[i * 3 + 1] + conditionals[i * 3 + 2], 1e-4f);
        }
        Assert.Equal(float.NegativeInfinity, density[20]);               // no count
        Assert.True(float.IsNaN(density[21]));
    }

    [Fact]
    public void One_seed_gives_one_model_and_a_saved_one_is_the_same()
    {
        using var first = new FlowFitter(FlowRows.Small()).Fit(FlowRows.Design(), TrainingMonitor.None);
        using var second = new FlowFitter(FlowRows.Small()).Fit(FlowRows.Design(), TrainingMonitor.None);
        Assert.Equal(Bytes(first), Bytes(second));
        using var reader = new BinaryReader(new MemoryStream(Bytes(first)));
        using var read = FlowModel.Read(reader);
        double[] rows = FlowRows.Draw(30, seed: 4);
        Assert.Equal(FlowRows.Score(first, rows), FlowRows.Score(read, rows));
        Assert.Equal(first.Sample(5, new(1)), read.Sample(5, new(1)));
    }

    [Fact]
    public void Rows_that_cannot_be_are_told_from_rows_that_are_not_known()
    {
        using var model = new FlowFitter(FlowRows.Small()).Fit(FlowRows.Design(), TrainingMonitor.None);
        double[] rows = [170, 0, 1e6, double.NaN, 0, 1e6, double.PositiveInfinity, 0, 1e6, 1e300, 0, 1e6, 400, 0, 1e6];
        float[] scores = FlowRows.Score(model, rows);
        Assert.True(float.IsFinite(scores[3]));
        Assert.True(float.IsNaN(scores[7]));
        Assert.True(float.IsNaN(scores[11]));
        Assert.Equal(float.NegativeInfinity, scores[15]);
        Assert.True(scores[19] < -100);
    }

    [Fact]
    public void Samples_come_as_a_data_view()
    {
        using var model = new FlowFitter(FlowRows.Small()).Fit(FlowRows.Design(), TrainingMonitor.None);
        var context = new MLContext(1);
        var view = model.Sample(context, 600, seed: 3, columnName: "New");
        var rows = view.GetColumn<float[]>(view.Schema["New"]).ToArray();
        Assert.Equal(600, rows.Length);
        Assert.Equal(rows, view.GetColumn<float[]>(view.Schema["New"]).ToArray());
        Assert.InRange(rows.Average(row => row[0]), 165, 175);
    }

    [Fact]
    public void False_alarms_are_as_rare_as_asked_and_p_values_even()
    {
        FlowAnomalyOptions options = new()
        {
            FalseAlarmRate = 0.05,
            Flow = FlowRows.Small() with { Training = FlowRows.Small().Training with { ValidationFraction = 0.4 } },
        };
        using var model = new FlowAnomalyFitter(options).Fit(FlowRows.Design(1500), TrainingMonitor.None);
        Assert.Equal(600, model.Calibration.Count);
        float[] usual = FlowRows.Score(model, FlowRows.Draw(2000, seed: 8));
        int alarms = Enumerable.Range(0, 2000).Count(i => usual[2 * i] > model.Threshold);
        Assert.InRange(alarms / 2000.0, 0.02, 0.09);
        Assert.InRange(Enumerable.Range(0, 2000).Average(i => usual[2 * i + 1]), 0.45, 0.55);
        float[] odd = FlowRows.Score(model, [170, 0.02, 1e6]);
        Assert.True(odd[0] > model.Threshold);
        Assert.Equal(1 / 601f, odd[1], 1e-6f);
    }

    private static byte[] Bytes(FlowModel model)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
            model.Write(writer);
        return stream.ToArray();
    }
}
