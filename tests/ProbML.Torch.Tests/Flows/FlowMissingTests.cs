using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Flows;
using ProbML.Vae;

namespace ProbML.Torch.Tests.Flows;

/// <summary>What flows say of values that are missing.</summary>
public sealed class FlowMissingTests
{
    private const double Nan = double.NaN;

    private static readonly double[][] Patterns =
    [
        [172, Nan, -2.5, 10_300], [Nan, 0.1015, Nan, 9_700], [168, 0.099, Nan, Nan], [Nan, Nan, Nan, 10_500], [175, 0.102, -3.3, 10_100],
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_a_normal_distribution_its_own_conditionals(bool isTriangular)
    {
        const int Particles = 4000;
        using var model = isTriangular ? GaussianFlows.Triangular() : GaussianFlows.Linear();
        foreach (double[] pattern in Patterns)
        {
            var exact = GaussianFlows.Exact(model, pattern);
            double[] row = [.. pattern], deviations = new double[4];
            var (logDensity, error) = model.Impute(row, deviations, Particles, new(7));
            Assert.InRange(error, 0, 0.1);
            Assert.Equal(exact.LogDensity, logDensity, 4 * error + 1e-4);
            for (int j = 0; j < 4; j++)
            {
                // Draws that were resampled and moved are worth fewer.
                Assert.Equal(exact.Means[j], row[j], 8 * exact.Deviations[j] / Math.Sqrt(Particles));
                Assert.Equal(exact.Deviations[j], deviations[j], 0.1 * exact.Deviations[j]);
            }
        }
    }

    [Fact]
    public void Missing_columns_that_come_last_are_exact_where_the_flow_has_conditionals()
    {
        using var model = GaussianFlows.Triangular();
        double[] rows = [172, 0.1, Nan, Nan, 168, Nan, Nan, Nan, 172, 0.1, -2.9, 10_100, Nan, Nan, Nan, Nan];
        float[] scores = FlowRows.Score(model, rows);
        for (int i = 0; i < 3; i++)
        {
            var exact = GaussianFlows.Exact(model, rows[(4 * i)..(4 * i + 4)]);
            Assert.Equal(exact.LogDensity, scores[i * 6 + 5], 1e-4);
            Assert.Equal(i == 2 ? scores[i * 6 + 5] : float.NaN, scores[i * 6 + 4]);
            double[] row = rows[(4 * i)..(4 * i + 4)];
            var (logDensity, error) = model.Impute(row, new double[4], 64, new(1));
            Assert.Equal(exact.LogDensity, logDensity, 1e-4);
            Assert.Equal(0, error, 1e-7);
        }
        Assert.Equal(0, scores[^1]);                                     // of nothing, all is sure
        double[] none = [Nan, Nan, Nan, Nan];
        model.Impute(none, new double[4], 4000, new(2));
        var (mean, covariance) = GaussianFlows.Moments(model);
        for (int j = 0; j < 4; j++)
            Assert.Equal(mean[j], none[j], 4 * Math.Sqrt(covariance[j, j] / 4000));
    }

    [Theory]
    [InlineData(FlowKind.NeuralSpline)]
    [InlineData(FlowKind.MaskedAutoregressive)]
    public void The_density_of_what_is_known_is_an_integral_over_what_is_not(FlowKind kind)
    {
        var options = FlowRows.Small(kind) with { Mixing = kind == FlowKind.NeuralSpline ? FlowMixing.Usual : FlowMixing.None };
        using var model = new FlowFitter(options).Fit(FlowRows.Design(), TrainingMonitor.None);
        double[] row = [182, Nan, 1e6 + 300];
        const int Points = 4000;
        const double Low = -0.02, High = 0.02;
        double[] grid = [.. Enumerable.Range(0, Points).SelectMany(i => new[] { row[0], Low + (i + 0.5) * (High - Low) / Points, row[2] })];
        float[] scores = FlowRows.Score(model, grid);
        double[] densities = [.. Enumerable.Range(0, Points).Select(i => Math.Exp(scores[4 * i + 3]))];
        double total = densities.Sum();
        double mean = Enumerable.Range(0, Points).Sum(i => densities[i] * grid[3 * i + 1]) / total;
        double square = Enumerable.Range(0, Points).Sum(i => densities[i] * Math.Pow(grid[3 * i + 1] - mean, 2)) / total;
        var deviations = new double[3];
        var (logDensity, error) = model.Impute(row, deviations, 2000, new(3));
        Assert.InRange(error, 0, 0.1);
        Assert.Equal(Math.Log(total * (High - Low) / Points), logDensity, 4 * error + 2e-3);
        Assert.Equal(mean, row[1], 8 * Math.Sqrt(square / 2000));
        Assert.Equal(Math.Sqrt(square), deviations[1], 0.12 * Math.Sqrt(square));
    }

    [Fact]
    public void Counts_are_summed_over_and_drawn_whole()
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
        double sum = 0;
        for (int y = -15; y < 30; y++)
            sum += Math.Exp(model.Impute([Nan, y], new double[2], 1000, new(y + 20)).LogDensity);
        Assert.Equal(1, sum, 0.03);
        double[] drawn = model.SampleGiven([2.5, Nan], 300, 64, new(4));
        Assert.All(Enumerable.Range(0, 300), i =>
        {
            Assert.Equal(2.5, drawn[2 * i]);
            Assert.Equal(Math.Floor(drawn[2 * i + 1]), drawn[2 * i + 1]);
        });
        Assert.True(Enumerable.Range(0, 300).Select(i => drawn[2 * i + 1]).Distinct().Count() > 3);
    }

    [Fact]
    public void Views_keep_what_is_known_and_are_made_again_alike()
    {
        using var model = GaussianFlows.Linear();
        var context = new MLContext(1);
        var data = View(context, [[172, Nan, -2.5, 10_300], [170, 0.1, double.PositiveInfinity, Nan], [1e30, Nan, -3, 1e4], [170, 0.1, -3, 1e4]]);
        var imputed = model.Impute(context, data, particles: 64);
        float[][] filled = [.. imputed.GetColumn<float[]>("Features")];
        float[][] deviations = [.. imputed.GetColumn<float[]>("FeaturesStandardDeviation")];
        float[] densities = [.. imputed.GetColumn<float>("MarginalLogDensity")];
        Assert.Equal(filled, [.. imputed.GetColumn<float[]>("Features")]);
        Assert.Equal([172, -2.5f, 10_300], [filled[0][0], filled[0][2], filled[0][3]]);
        Assert.True(float.IsFinite(filled[0][1]) && deviations[0][1] > 0);
        Assert.Equal([0, 0, 0], [deviations[0][0], deviations[0][2], deviations[0][3]]);
        Assert.True(float.IsNaN(filled[1][3]) && float.IsNaN(densities[1]));            // infinite
        Assert.True(float.IsNaN(filled[2][1]) && float.IsNegativeInfinity(densities[2])); // so far out that Single overflows
        Assert.Equal(GaussianFlows.Exact(model, [170, 0.1, -3, 1e4]).LogDensity, densities[3], 1e-3);

        var drawn = model.SampleConditional(context, data, count: 50, seed: 3);
        float[][] rows = [.. drawn.GetColumn<float[]>("Features")];
        Assert.Equal(200, rows.Length);
        Assert.Equal(rows, [.. drawn.GetColumn<float[]>("Features")]);
        Assert.All(rows.Take(50), row => Assert.Equal((172, -2.5f), (row[0], row[2])));
        Assert.True(rows.Take(50).Select(row => row[1]).Distinct().Count() > 25);
        Assert.All(rows.Skip(50).Take(50), row => Assert.True(float.IsNaN(row[3])));
        Assert.All(rows.Skip(150), row => Assert.Equal([170f, 0.1f, -3f, 10_000f], row));
    }

    [Fact]
    public void Its_column_is_saved_and_not_exported()
    {
        using var model = GaussianFlows.Linear();
        using var read = FlowRows.Reread(model);
        double[] rows = [172, Nan, -2.5, 10_300];
        Assert.Equal(FlowRows.Score(model, rows), FlowRows.Score(read, rows));
        Assert.Contains(
            "'MarginalLogDensity' needs random draws",
            Assert.Throws<NotSupportedException>(() => { model.Emit(new OnnxGraph(), default); }).Message,
            StringComparison.Ordinal);
        var graph = new OnnxGraph();
        var emitted = model.Emit(graph, new(graph.Input("Features", OnnxElement.Single, 4)), [true, true, false]);
        Assert.True(emitted[1].Exists && !emitted[2].Exists);
        var both = model.With(parts => parts with { Columns = parts.Columns | FlowColumns.MarginalLogDensityStandardError });
        Assert.Equal(
            ["Noise", "LogDensity", "MarginalLogDensity", "MarginalLogDensityStandardError"], both.Outputs.Select(column => column.Name));
        Assert.Contains(
            "'MarginalLogDensityStandardError' needs random draws",
            Assert.Throws<NotSupportedException>(() => { both.Emit(new OnnxGraph(), default, [true, true, false, true]); }).Message,
            StringComparison.Ordinal);
        float[] scores = FlowRows.Score(both, rows);
        var (logDensity, error) = both.Impute([172, Nan, -2.5, 10_300], new double[4], FlowModel.ScoringParticles, RowNoise.Of(1, rows));
        Assert.Equal(((float)logDensity, (float)error), (scores[5], scores[6]));
        Assert.Equal(0, FlowRows.Score(both, [172, 0.1, -2.5, 10_300])[6]);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        using var model = GaussianFlows.Linear();
        var context = new MLContext(1);
        var data = View(context, [[172, Nan, -2.5, 10_300]]);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Impute(context, data, particles: 15));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.SampleConditional(context, data, count: -1));
        Assert.Contains(
            "no column 'Rows'",
            Assert.Throws<ArgumentException>(() => model.Impute(context, data, "Rows")).Message,
            StringComparison.Ordinal);
    }

    private static IDataView View(MLContext context, double[][] rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        VectorColumn.Describe(schema["Values"], "Features", ["height", "share", "depth", "price"]);
        return context.Data.LoadFromEnumerable(
            rows.Select(row => new Row { Values = Array.ConvertAll(row, value => (float)value) }), schema);
    }

    private sealed class Row
    {
        public float[] Values { get; set; } = [];
    }
}
