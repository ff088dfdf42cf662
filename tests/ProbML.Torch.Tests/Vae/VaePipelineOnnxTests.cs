using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Laws;
using ProbML.Onnx.Tests;
using ProbML.Vae;

namespace ProbML.Torch.Tests.Vae;

/// <summary>A whole pipeline with an autoencoder in its middle becomes one ONNX file.</summary>
public sealed class VaePipelineOnnxTests
{
    private readonly MLContext context = new(1);
    private readonly IDataView data;

    public VaePipelineOnnxTests()
    {
        double[] rows = MixedRows.Draw(300, seed: 3, missing: 0.1);
        data = context.Data.LoadFromEnumerable(Enumerable.Range(0, 300).Select(i => new Person
        {
            Raw = [.. rows[(7 * i)..(7 * i + 7)].Select(value => (float)value)],
            Weight = (float)(50 + 5 * (i % 5)),
            IsMember = i % 3 == 0,
        }));
    }

    [Fact]
    public void Normalised_encoded_and_regressed_with_intervals()
    {
        var model = Encoded().Append(context.Regression.Trainers.LinearRegression("Weight", "Latent")).Fit(data);
        AssertSame(model, ["Latent", "Score", "ScoreStandardError", "LowerBound", "UpperBound"]);
    }

    [Fact]
    public void Normalised_encoded_and_boosted()
    {
        var model = Encoded().Append(context.BinaryClassification.Trainers.LightGbm("IsMember", "Latent", numberOfIterations: 5)).Fit(data);
        AssertSame(model, ["Latent", "Score", "Probability"]);
    }

    [Fact]
    public void A_column_of_random_draws_is_refused_in_whole_sentences()
    {
        var model = Encoded(VaeColumns.Elbo).Fit(data);
        using var memory = new MemoryStream();
        var e = Assert.Throws<NotSupportedException>(() => context.Model.SaveAsOnnx(model, data.Schema, memory));
        Assert.Equal(
            "The column 'Elbo' cannot be written as ONNX: The column 'Elbo' needs random draws, which an ONNX file cannot make again alike. "
            + "Leave it out of the columns to export, or score with ProbML. Choose other outputs, or leave out that step.",
            e.Message);
    }

    private EstimatorChain<ProbabilisticTransformer<VaeModel>> Encoded(VaeColumns columns = default) =>
        context.Transforms.NormalizeMinMax("Features", "Raw")
            .Append(context.Transforms.VariationalAutoencoder(
                "Latent",
                "Features",
                new()
                {
                    LatentSize = 2,
                    Likelihood = Likelihoods.Gaussian,
                    Columns = columns,
                    Architecture = new MlpArchitecture { Hidden = [8] },
                    Training = new() { Epochs = 3, BatchSize = 50, Seed = 4, Threads = 1 },
                }));

    private void AssertSame(ITransformer model, string[] columns)
    {
        byte[] bytes = OnnxFile.Bytes(context, model, data.Schema, new() { Outputs = columns });
        using var file = new OnnxFile(bytes);
        Assert.Equal(["Raw"], file.Inputs);
        var expected = Scores.Read(model.Transform(data));
        var found = file.Score(data);
        Assert.Equal(columns.Order(), found.Keys.Order());
        foreach (string name in columns)
        {
            var slots = expected.Slots(name);
            for (int i = 0; i < slots.Count; i++)
            {
                for (int k = 0; k < slots[i].Length; k++)
                    Scores.AssertClose(slots[i][k], found[name][i][k], 1e-5, $"{name}[{k}] of row {i}");
            }
        }
        OnnxChecker.Check(bytes, infersTypes: false);
    }

    private sealed class Person
    {
        [VectorType(7)]
        public float[] Raw { get; set; } = [];

        public float Weight { get; set; }

        public bool IsMember { get; set; }
    }
}
