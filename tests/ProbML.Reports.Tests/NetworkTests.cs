using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Flows;
using ProbML.Reports.Facts;
using ProbML.Reports.Rows;
using ProbML.Vae;
using static ProbML.Reports.Tests.Page;
using static ProbML.Reports.Tests.Rows;

namespace ProbML.Reports.Tests;

/// <summary>Autoencoders and flows, whose models are ONNX graphs.</summary>
public sealed class NetworkTests
{
    private static readonly TrainingOptions Quick = new() { Epochs = 4, BatchSize = 64, LearningRate = 5e-3, Threads = 1, Seed = 1 };

    [Theory, InlineData(2), InlineData(3)]
    public void An_autoencoder_has_a_map_and_reconstructions(int latent)
    {
        VaeOptions options = new() { LatentSize = latent, Architecture = new MlpArchitecture { Hidden = [16] }, Training = Quick };
        using var model = Context.Transforms.VariationalAutoencoder("Latent", "Features", options).Fit(Make(200));
        var report = model.CreateReport(Make(150, 2), new() { LabelColumnName = "Level" });
        Check(report);
        Assert.Equal(["Model", "Training", "Latent map", "Reconstructions"], Titles(report));
        Assert.Contains("coloured by Level", Plot(report, "latent").AlternativeText, StringComparison.Ordinal);
        Check(model.CreateReport());
        Assert.Equal(["Model", "Training", "Reconstructions"], Titles(model.CreateReport()));
    }

    [Fact]
    public void Images_are_shown_as_images()
    {
        var random = new Random(1);
        var schema = SchemaDefinition.Create(typeof(Image));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 64);
        var images = Context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 200).Select(_ => new Image { Features = Picture(random.Next(8)) }).ToList(), schema);
        VaeAnomalyOptions options = new() { Autoencoder = new() { LatentSize = 2, Architecture = new MlpArchitecture { Hidden = [16] }, Training = Quick } };
        using var model = Context.AnomalyDetection.Trainers.VariationalAutoencoder("Features", options).Fit(images);
        var report = model.CreateReport(images);
        Check(report);
        Assert.Equal(["Model", "Training", "Anomalies", "Latent map", "Reconstructions"], Titles(report));
        Assert.Contains("images", Plot(report, "reconstructions").AlternativeText, StringComparison.Ordinal);
        double found = report.Sections[2].Tables[0].Rows[0][1] is var text ? double.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0;
        Assert.Equal(model.Model.Threshold, found, 1e-4 * Math.Abs(found));

        static float[] Picture(int row) => [.. Enumerable.Range(0, 64).Select(k => k / 8 == row ? 1f : 0f)];
    }

    [Fact]
    public void A_flow_over_two_columns_has_a_heat_map()
    {
        var two = Context.Transforms.CustomMapping<Rows.Row, Pair>((row, pair) => pair.Plane = [row.Number, row.Positive], null).Fit(Make(300)).Transform(Make(300));
        using var model = Context.Transforms.NormalizingFlow("Noise", "Plane", new() { Layers = 2, Hidden = [16], Training = Quick }).Fit(two);
        var report = model.CreateReport(two);
        Check(report);
        Assert.Equal(["Model", "Training", "Density"], Titles(report));
        Assert.Equal(3, report.Sections[2].Plots.Count);
        var logs = model.Transform(two).GetColumn<float>("LogDensity").Select(value => (double)value).ToArray();
        Assert.Equal(logs.Average(), double.Parse(Cell(report, "Log density of the rows", "mean", "nats"), System.Globalization.CultureInfo.InvariantCulture), 1e-3);
        using var detector = Context.AnomalyDetection.Trainers.NormalizingFlow("Plane", new() { Flow = new() { Layers = 2, Hidden = [16], Training = Quick } }).Fit(two);
        var anomalies = detector.CreateReport(two);
        Check(anomalies);
        Assert.Equal(["Model", "Training", "Anomalies", "Density"], Titles(anomalies));
    }

    [Fact]
    public void A_conditional_flow_is_judged_by_its_own_law()
    {
        double[] levels = [0.05, 0.5, 0.9];
        using var model = Context.Regression.Trainers.ConditionalFlow("Positive", options: new() { Hidden = [16], QuantileLevels = levels, Training = Quick }).Fit(Make(300));
        var data = Make(200, 2);
        var report = model.CreateReport(data);
        Check(report);
        Assert.Equal(["Model", "Training", "Scores", "Residuals", "Calibration", "Predictions along features"], Titles(report));
        Assert.Contains("the flow's own distribution", report.Sections[3].Text, StringComparison.Ordinal);

        var facts = PipelineFacts.Of(model, model.Transform(data).Schema, null);
        var rows = (NumberRows)new ScoringPass(facts, model.Transform(data), new()).Run();
        for (int k = 0; k < levels.Length; k++)
        {
            SampledRow[] at = [.. rows.Sample.Select(row => row with { Label = row.Vector[k] })];
            foreach (var (below, through) in ResponseLaws.Of(facts, at)!.Probabilities(at))
            {
                Assert.Equal(levels[k], through, 2e-3);
                Assert.Equal(below, through);
            }
        }
    }

    private sealed class Image
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class Pair
    {
        [VectorType(2)]
        public float[] Plane { get; set; } = [];
    }
}
