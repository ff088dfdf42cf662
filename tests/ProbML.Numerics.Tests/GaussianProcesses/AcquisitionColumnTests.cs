using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Acquisition columns of a fitted process.</summary>
public sealed class AcquisitionColumnTests
{
    private const int N = 25, Own = 7;

    private static readonly double[] features = [.. Enumerable.Range(0, N).Select(i => 10 * Math.Abs(Math.Sin(7.1 * i)))];

    private static readonly double[] response =
        [.. features.Select((x, i) => 50 + 8 * Math.Sin(x) + 0.3 * x + 1.5 * Math.Cos(91.7 * i))];

    private static readonly double[] asked = [.. Enumerable.Range(0, 40).Select(i => 0.3 * i - 1)];

    private static readonly Acquisition[] all =
    [
        Acquisition.ExpectedImprovement(0.2), Acquisition.LogExpectedImprovement(), Acquisition.ProbabilityOfImprovement(),
        Acquisition.ConfidenceBound(1.5), Acquisition.MaximumVariance,
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Columns_are_integrals_over_the_functions_own_draws(bool maximise)
    {
        var model = Fit(new() { Columns = all, Maximise = maximise });
        string[] names = ["ExpectedImprovement", "LogExpectedImprovement", "ProbabilityOfImprovement", "UpperConfidenceBound", "MaximumVariance"];
        Assert.Equal(names, model.Outputs.Skip(Own).Select(column => column.Name));
        const int Draws = 4000;
        double[] draws = model.Sample(asked, Draws, seed: 5);
        double best = model.Best!.Value, sign = maximise ? 1 : -1;
        float[][] rows = Scores(model, asked);
        for (int i = 0; i < asked.Length; i++)
        {
            double[] gain = [.. Enumerable.Range(0, Draws).Select(s => sign * (draws[s * asked.Length + i] - best))];
            double[] improvement = [.. gain.Select(g => Math.Max(g - 0.2, 0))];
            double error = 4.5 * Math.Sqrt(improvement.Select(g => g * g).Average() / Draws) + 1e-3;
            Assert.Equal(improvement.Average(), rows[i][Own], error);
            Assert.Equal(gain.Select(g => Math.Max(g, 0)).Average(), Math.Exp(rows[i][Own + 1]), error + 0.01);
            double share = gain.Count(g => g > 0) / (double)Draws;
            Assert.Equal(share, rows[i][Own + 2], 4.5 * Math.Sqrt(0.25 / Draws));
            Assert.Equal(sign * rows[i][0] + 1.5 * rows[i][3], rows[i][Own + 3], 1e-3);
            Assert.Equal(rows[i][3] * rows[i][3], rows[i][Own + 4], 1e-3);
        }
    }

    [Fact]
    public void Small_values_of_a_response_are_large_ones_of_its_negative()
    {
        var low = Fit(new() { Columns = all });
        var high = Fit(new() { Columns = all, Maximise = true }, [.. response.Select(y => -y)]);
        Assert.Equal(low.Best!.Value, -high.Best!.Value, 1e-9);
        foreach (var (one, two) in Scores(low, asked).Zip(Scores(high, asked)))
            for (int k = Own; k < Own + all.Length; k++)
                Assert.Equal(one[k], two[k], 1e-4 * Math.Max(1, Math.Abs(one[k])));
    }

    [Fact]
    public void The_best_value_is_the_best_posterior_mean_of_a_row_or_as_given()
    {
        var model = Fit(new());
        var means = new double[N];
        model.PredictLatent(features, means, default);
        Assert.Equal(means.Min(), model.Best!.Value, 1e-12);
        Assert.Equal(44, Fit(new() { Best = 44 }).Best);
        var moved = model.WithBest(44);
        Assert.Equal(44, moved.Best);
        Assert.All(Scores(model, asked).Zip(Scores(moved, asked)), pair => Assert.Equal(pair.First[..Own], pair.Second[..Own]));
        Assert.Contains(Scores(model, asked).Zip(Scores(moved, asked)), pair => pair.First[Own] != pair.Second[Own]);
        Assert.Equal(44, moved.WithLevel(0.5).Best);

        // Offsets are part of the response, and of its best value.
        var offset = Fit(new(), [.. response.Select(y => y + 3)], offsets: [.. response.Select(_ => 3.0)]);
        Assert.Equal(model.Best!.Value + 3, offset.Best!.Value, 1e-6);
        Assert.Null(Fit(null).Best);
        Assert.Throws<InvalidOperationException>(() => Fit(null).WithBest(1));
    }

    [Fact]
    public void Saved_and_read_the_columns_are_the_same()
    {
        var model = Fit(new() { Columns = all, Maximise = true });
        using var stream = new MemoryStream();
        model.Write(new BinaryWriter(stream));
        stream.Position = 0;
        var read = GaussianProcessModel.Read(new BinaryReader(stream));
        Assert.Equal(model.Outputs, read.Outputs);
        Assert.Equal(Scores(model, asked), Scores(read, asked));
    }

    [Fact]
    public void Acquisitions_print_and_parse_and_what_is_none_is_refused()
    {
        foreach (var one in all)
            Assert.Equal(one, Acquisition.Parse(one.ToString()!));
        Assert.Equal(Acquisition.ExpectedImprovement(), Acquisition.Parse(" EI "));
        foreach (string wrong in (string[])["ie", "ei(x)", "ei(1", "ucb(-1)", "variance(2)"])
            Assert.Contains(wrong, Assert.Throws<FormatException>(() => Acquisition.Parse(wrong)).Message, StringComparison.Ordinal);
        AcquisitionColumns[] refused =
        [
            new() { Columns = [] }, new() { Best = double.NaN },
            new() { Columns = [Acquisition.ExpectedImprovement(), Acquisition.ExpectedImprovement(1)] },
        ];
        Assert.All(refused, one => Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProcessFitter(new() { Acquisition = one })));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new GaussianProcessFitter(new() { Acquisition = new(), Likelihood = GaussianProcessLikelihood.Poisson }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProcessClassFitter(["a", "b"], new() { Acquisition = new() }));
    }

    private static GaussianProcessModel Fit(AcquisitionColumns? columns, double[]? y = null, double[]? offsets = null) =>
        new GaussianProcessFitter(new()
        {
            Kernel = new RbfKernel { Lengthscale = [0.4] }, Optimize = false, Likelihood = GaussianProcessLikelihood.Gaussian(0.05),
            Acquisition = columns,
        }).Fit(new MatrixDesign(features, y ?? response, offsets: offsets), TrainingMonitor.None);

    private static float[][] Scores(GaussianProcessModel model, double[] x)
    {
        int width = model.Outputs.Count;
        var values = new float[x.Length * width];
        model.Score(new RowBlock(x.Length, 1, x), new OutputBlock(values, width));
        return [.. values.Chunk(width)];
    }
}
