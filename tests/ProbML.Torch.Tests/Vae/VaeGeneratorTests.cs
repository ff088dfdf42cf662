using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Vae;

namespace ProbML.Torch.Tests.Vae;

/// <summary>What a fitted autoencoder generates, and its export, through data views.</summary>
public sealed class VaeGeneratorTests
{
    private static readonly Lazy<(MLContext Context, IDataView Data, ProbabilisticTransformer<VaeModel> Transformer)> Fitted =
        new(Fit);

    [Fact]
    public void Samples_look_like_the_training_rows()
    {
        var (context, _, transformer) = Fitted.Value;
        var view = transformer.Model.Sample(context, 3_000, seed: 2, columnName: "Features");
        float[][] rows = [.. view.GetColumn<float[]>("Features")];
        Assert.Equal(3_000, rows.Length);
        Assert.Equal(rows, view.GetColumn<float[]>("Features"));                   // read again, made again alike
        Assert.NotEqual(
            rows[0], transformer.Model.Sample(context, 1, seed: 3).GetColumn<float[]>("Features").Single());
        VBuffer<ReadOnlyMemory<char>> slots = default;
        view.Schema["Features"].GetSlotNames(ref slots);
        Assert.Equal(MixedRows.Names, slots.DenseValues().Select(name => name.ToString()).ToArray());

        double[] truth = MixedRows.Draw(3_000, seed: 30, missing: 0);
        foreach (int j in new[] { 0, 1, 2, 3, 4, 5, 6 })
        {
            double mean = Enumerable.Range(0, 3_000).Average(i => truth[i * 7 + j]);
            double deviation = Math.Sqrt(Enumerable.Range(0, 3_000).Average(i => Math.Pow(truth[i * 7 + j] - mean, 2)));
            Assert.Equal(mean, rows.Average(row => row[j]), 0.25 * deviation);
        }
        Assert.All(rows, row =>
        {
            Assert.Equal(1, row[1] + row[2] + row[3]);
            Assert.True(row[4] >= 0 && row[4] == MathF.Floor(row[4]));
            Assert.True(row[5] is 0 or 1);
        });
        double correlation = Correlation([.. rows.Select(row => (double)row[0])], [.. rows.Select(row => (double)row[6])]);
        Assert.InRange(correlation, 0.6, 1);                                       // 0.92 in the data
    }

    [Fact]
    public void Reconstructions_explain_the_rows()
    {
        var (context, data, transformer) = Fitted.Value;
        float[][] rows = [.. data.GetColumn<float[]>("Features")];
        float[][] made = [.. transformer.Model.Reconstruct(context, data).GetColumn<float[]>("Features")];
        double[] truth = [.. rows.Select(row => (double)row[0]).Where(value => !double.IsNaN(value))];
        double[] mean = [.. rows.Zip(made).Where(one => !float.IsNaN(one.First[0])).Select(one => (double)one.Second[0])];
        Assert.InRange(Correlation(truth, mean), 0.85, 1);
    }

    [Fact]
    public void Imputed_views_keep_what_was_known()
    {
        var (context, data, transformer) = Fitted.Value;
        var imputed = transformer.Model.Impute(context, data);
        float[][] rows = [.. data.GetColumn<float[]>("Features")];
        float[][] filled = [.. imputed.GetColumn<float[]>("Features")];
        float[][] deviations = [.. imputed.GetColumn<float[]>("FeaturesStandardDeviation")];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < 7; j++)
            {
                Assert.True(float.IsFinite(filled[i][j]));
                if (float.IsNaN(rows[i][j]))
                    Assert.True(deviations[i][j] > 0);
                else
                    Assert.Equal((rows[i][j], 0f), (filled[i][j], deviations[i][j]));
            }
        }
    }

    [Fact]
    public void Interpolation_begins_and_ends_at_the_reconstructions()
    {
        var (context, data, transformer) = Fitted.Value;
        var two = context.Data.TakeRows(data, 2);
        float[][] ends = [.. transformer.Model.Reconstruct(context, two).GetColumn<float[]>("Features")];
        float[][] rows = [.. data.GetColumn<float[]>("Features").Take(2)];
        float[][] line = [.. transformer.Model.Interpolate(context, rows[0], rows[1], 5).GetColumn<float[]>("Features")];
        Assert.Equal(5, line.Length);
        for (int j = 0; j < 7; j++)
        {
            Assert.Equal(ends[0][j], line[0][j], 1e-3f);
            Assert.Equal(ends[1][j], line[4][j], 1e-3f);
        }
    }

    [Fact]
    public void Wrong_columns_are_named()
    {
        var (context, data, transformer) = Fitted.Value;
        var missing = Assert.Throws<ArgumentException>(() => transformer.Model.Impute(context, data, "Feature"));
        Assert.StartsWith("The data have no column 'Feature'; they have Features.", missing.Message, StringComparison.Ordinal);
        var narrow = transformer.Model.Sample(context, 1, columnName: "Narrow");
        var other = context.Data.LoadFromEnumerable([new VectorRow { Values = [1, 2] }]);
        var error = Assert.Throws<ArgumentException>(() => transformer.Model.Reconstruct(context, other, "Values"));
        Assert.StartsWith("The column 'Values' must be a vector of 7 Single or Double", error.Message, StringComparison.Ordinal);
        Assert.Single(narrow.GetColumn<float[]>("Narrow"));
    }

    [Theory]
    [InlineData(PosteriorCovariance.Diagonal)]
    [InlineData(PosteriorCovariance.Full)]
    public void Latent_columns_export_as_they_score(PosteriorCovariance covariance)
    {
        var options = new VaeOptions
        {
            LatentSize = 3,
            UpperLatentSizes = [2],
            UpperHidden = [4],
            Posterior = covariance,
            Architecture = new MlpArchitecture { Hidden = [6] },
            Columns = VaeColumns.LatentStandardDeviation | VaeColumns.Elbo,
            Training = new() { Epochs = 2, Threads = 1 },
        };
        using var model = new VaeFitter(options).Fit(MixedRows.Design(60), TrainingMonitor.None);
        double[] rows = MixedRows.Draw(20, seed: 8);
        var scores = new float[20 * 11];
        model.Score(new(20, 7, rows), new(scores, 11));

        var graph = new OnnxGraph();
        var features = graph.Input("Features", OnnxElement.Single, 7);
        Assert.Contains(
            "'Elbo' needs random draws",
            Assert.Throws<NotSupportedException>(() => model.Emit(graph, new(features))).Message,
            StringComparison.Ordinal);
        var values = model.Emit(graph, new(features), [true, true, false]);
        graph.Output("Mean", values[0], 5);
        graph.Output("Deviation", values[1], 5);
        using var session = new OnnxSession(graph.ToBytes());
        float[] mean = new float[100], deviation = new float[100];
        session.Run(
            20,
            [OnnxBinding.Of("Features", rows.Select(value => (float)value).ToArray())],
            [OnnxBinding.Of("Mean", mean), OnnxBinding.Of("Deviation", deviation)]);
        for (int i = 0; i < 20; i++)
        {
            for (int k = 0; k < 5; k++)
            {
                Assert.Equal(scores[i * 11 + k], mean[i * 5 + k], 1e-5f);
                Assert.Equal(scores[i * 11 + 5 + k], deviation[i * 5 + k], 1e-5f);
            }
        }
    }

    private static (MLContext, IDataView, ProbabilisticTransformer<VaeModel>) Fit()
    {
        var context = new MLContext(seed: 1);
        double[] rows = MixedRows.Draw(600, seed: 20);
        var schema = SchemaDefinition.Create(typeof(VectorRow));
        VectorColumn.Describe(schema["Values"], "Features", MixedRows.Names);
        var data = context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 600).Select(i => new VectorRow
            {
                Values = Array.ConvertAll(rows[(i * 7)..(i * 7 + 7)], value => (float)value),
            }),
            schema);
        var trainer = context.Transforms.VariationalAutoencoder("Latent", "Features", new()
        {
            LatentSize = 2,
            FindsCounts = true,
            Architecture = new MlpArchitecture { Hidden = [32] },
            Training = new() { Seed = 2, Epochs = 80, BatchSize = 64, LearningRate = 5e-3, Threads = 1 },
        });
        return (context, data, trainer.Fit(data));
    }

    private static double Correlation(double[] x, double[] y)
    {
        double mx = x.Average(), my = y.Average();
        double xy = x.Zip(y).Sum(one => (one.First - mx) * (one.Second - my));
        return xy / Math.Sqrt(x.Sum(one => Math.Pow(one - mx, 2)) * y.Sum(one => Math.Pow(one - my, 2)));
    }

    private sealed class VectorRow
    {
        public float[] Values { get; set; } = [];
    }
}
