using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Laws;

namespace ProbML.GaussianProcesses;

/// <summary>Several outputs in a pipeline: numbers name them, and the ONNX graph knows them.</summary>
public sealed class CoregionalisationPipelineTests
{
    [Fact]
    public void Numbers_name_outputs_and_the_exported_graph_agrees()
    {
        var context = new MLContext(seed: 1);
        string[] names = ["north", "south", "west"];
        Reading[] readings =
        [
            .. Enumerable.Range(0, 45).Select(i => new Reading
            {
                Time = 0.3f * (i / 3), Place = names[i % 3], Label = (i % 3 + 1) * MathF.Sin(0.3f * (i / 3)) + 0.1f * MathF.Cos(57.3f * i),
            }),
        ];
        var data = context.Data.LoadFromEnumerable(readings);
        var numbers = names.Select((name, k) => KeyValuePair.Create(name, k + 1f));
        var features = context.Transforms.Conversion.MapValue("Number", numbers, nameof(Reading.Place))
            .Append(context.Transforms.Concatenate("Features", nameof(Reading.Time), "Number"))
            .Fit(data).Transform(data);
        var trainer = context.Regression.Trainers.GaussianProcess(new()
        {
            Kernel = Kernel.Parse(
                "rbf(dims=[0]) * coregion(outputs=3, rank=2, dim=1, first=1) + white * coregion(outputs=3, rank=0, dim=1, first=1)"),
            Restarts = 0,
            MaximumIterations = 20,
        });
        var model = trainer.Fit(features);
        var rows = context.Data.LoadFromEnumerable(features.GetColumn<float[]>("Features")
            .Append([1, 2.5f]).Append([1, 4])
            .Select(row => new Row { Features = row }));
        var scored = model.Transform(rows);
        using var file = OnnxFile.Export(context, model, rows.Schema, new()
        {
            Inputs = ["Features"], Outputs = ["Score", "ScoreStandardDeviation", "EpistemicStandardDeviation", "LowerBound", "UpperBound"],
        });
        foreach (var (name, found) in file.Score(rows))
        {
            float[] expected = [.. scored.GetColumn<float>(name)];
            Assert.Equal(expected.Length, found.Count);
            for (int i = 0; i < expected.Length - 2; i++)
                Assert.Equal(expected[i], found[i][0], 1e-4f * Math.Max(1, Math.Abs(expected[i])));
            for (int i = expected.Length - 2; i < expected.Length; i++)                 // 2.5 and 4 name no output
                Assert.True(float.IsNaN(expected[i]) && float.IsNaN(found[i][0]), $"{name}: {expected[i]} and {found[i][0]}");
            Assert.All(expected[..^2], value => Assert.True(float.IsFinite(value)));
        }
        double[] b = ((CoregionalisationKernel)((ProductKernel)((SumKernel)model.Model.Kernel).Parts[0]).Parts[1]).Covariance();
        Assert.True(b[8] > b[0], "the third output moves three times as much as the first");
    }

    private sealed class Reading
    {
        public float Time { get; set; }

        public string Place { get; set; } = "";

        public float Label { get; set; }
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
