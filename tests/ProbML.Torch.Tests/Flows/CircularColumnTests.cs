using ProbML.Flows;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.Flows;

/// <summary>Columns that are angles: hours of the day, whose busy time lies about midnight, and a number that depends on them.</summary>
public sealed class CircularColumnTests
{
    private const double Nan = double.NaN;
    private static readonly string[] names = ["load", "hour"];

    public static TheoryData<FlowKind, FlowMixing, FlowNoise> Flows => new()
    {
        { FlowKind.NeuralSpline, FlowMixing.Usual, FlowNoise.StandardNormal },
        { FlowKind.RealNvp, FlowMixing.Reverse, FlowNoise.GaussianMixture },
        { FlowKind.MaskedAutoregressive, FlowMixing.Usual, FlowNoise.StudentT },
        { FlowKind.NeuralSplineAutoregressive, FlowMixing.None, FlowNoise.Normal },
        { FlowKind.InverseAutoregressive, FlowMixing.Random, FlowNoise.StandardNormal },
    };

    [Theory, MemberData(nameof(Flows))]
    public void The_density_is_one_of_the_circle(FlowKind kind, FlowMixing mixing, FlowNoise noise)
    {
        using var model = Fit(new() { Kind = kind, Mixing = mixing, Noise = noise, MixtureComponents = 3 });
        double Log(double load, double hour) => FlowRows.Score(model, [load, hour])[2];
        foreach (double load in (double[])[-1, 2.5])
        {
            Assert.Equal(Log(load, 0), Log(load, 24));
            Assert.Equal(Log(load, 1.5), Log(load, 1.5 - 240), 1e-4);
            Assert.Equal(Log(load, 1e-4), Log(load, 24 - 1e-4), 5e-3);                 // nothing jumps where the day ends
        }
        const int Hours = 60, Loads = 160;
        const double Width = 24.0 / Hours, Height = 16.0 / Loads;
        double[] grid =
        [
            .. Enumerable.Range(0, Hours).SelectMany(i => Enumerable.Range(0, Loads)
                .SelectMany(k => new[] { (k + 0.5) * Height - 8, (i + 0.5) * Width })),
        ];
        float[] scores = FlowRows.Score(model, grid);
        double total = 0;
        for (int i = 0; i < Hours * Loads; i++)
            total += Math.Exp(scores[3 * i + 2]) * Width * Height;
        Assert.Equal(1, total, 5e-3);
        double[] drawn = model.Sample(500, new(4));
        Assert.All(Enumerable.Range(0, 500), i => Assert.InRange(drawn[2 * i + 1], 0, 24 - 1e-9));
        int angle = ((CircularNoise)model.Parts.Noise).IsCircular[0] ? 0 : 1;                  // a permutation may have moved it
        float[] again = FlowRows.Score(model, drawn);
        Assert.All(Enumerable.Range(0, 500), i => Assert.InRange(again[3 * i + angle], -3.1416f, 3.1416f));
    }

    [Fact]
    public void It_learns_what_lies_about_the_end_of_the_day()
    {
        using var model = Fit(new() { Kind = FlowKind.NeuralSpline }, rows: 3000, epochs: 20);
        double[] test = Draw(1000, seed: 9);
        float[] scores = FlowRows.Score(model, test);
        double found = Enumerable.Range(0, 1000).Average(i => scores[3 * i + 2]);
        double truth = Enumerable.Range(0, 1000).Average(i => LogDensity(test[2 * i], test[2 * i + 1]));
        Assert.InRange(truth - found, -0.05, 0.12);
    }

    [Theory]
    [InlineData(FlowKind.NeuralSpline)]
    [InlineData(FlowKind.NeuralSplineAutoregressive)]
    public void A_missing_hour_has_a_direction_and_the_rest_a_density(FlowKind kind)
    {
        using var model = Fit(new() { Kind = kind, Mixing = kind == FlowKind.NeuralSpline ? FlowMixing.Usual : FlowMixing.None }, epochs: 6);
        double[] row = [0.4, Nan], deviations = new double[2];
        var (logDensity, error) = model.Impute(row, deviations, 2000, new(3));
        const int Points = 2400;
        float[] scores = FlowRows.Score(model, [.. Enumerable.Range(0, Points).SelectMany(i => new[] { 0.4, (i + 0.5) * 24 / Points })]);
        double sum = 0, cos = 0, sin = 0;
        for (int i = 0; i < Points; i++)
        {
            double density = Math.Exp(scores[3 * i + 2]) * 24 / Points, angle = 2 * Math.PI * (i + 0.5) / Points;
            (sum, cos, sin) = (sum + density, cos + density * Math.Cos(angle), sin + density * Math.Sin(angle));
        }
        Assert.InRange(error, 0, 0.1);
        Assert.Equal(Math.Log(sum), logDensity, 4 * error + 2e-3);
        double hour = Math.Atan2(sin, cos) * 12 / Math.PI, away = Math.IEEERemainder(row[1] - hour, 24);
        Assert.Equal(0, away, 1.0);
        double spread = Math.Sqrt(-2 * Math.Log(Math.Sqrt(cos * cos + sin * sin) / sum)) * 12 / Math.PI;
        Assert.Equal(spread, deviations[1], 0.15 * spread);
        Assert.All(Enumerable.Range(0, 200), i => Assert.InRange(model.SampleGiven([0.4, Nan], 200, 64, new(5))[2 * i + 1], 0, 24));
    }

    [Fact]
    public void A_single_angle_starts_where_it_is_said_to_and_is_saved()
    {
        double[] degrees = [.. Enumerable.Range(0, 300).Select(i => 180 + 40 * Math.Sin(i) + 10 * Math.Cos(7.3 * i))];
        var options = new FlowOptions
        {
            Layers = 2, Training = FlowRows.Small().Training,
            Preprocessing = new Dictionary<string, ColumnPreprocessing> { ["longitude"] = ColumnPreprocessing.Circular(360, low: -180) },
        };
        using var model = new FlowFitter(options).Fit(MatrixDesign.WithoutResponse(degrees, ["longitude"]), TrainingMonitor.None);
        Assert.Equal(new CircularMap(-180, 360), model.Maps[0]);
        Assert.False(model.IsCount[0]);
        float[] scores = FlowRows.Score(model, [-180, 180, 540, 170]);
        Assert.Equal((scores[1], scores[1]), (scores[3], scores[5]));
        double total = FlowRows.Score(model, [.. Enumerable.Range(0, 3600).Select(i => 0.1 * i)]).Where((_, i) => i % 2 == 1).Sum(s => 0.1 * Math.Exp(s));
        Assert.Equal(1, total, 1e-4);
        Assert.All(model.Sample(300, new(1)), x => Assert.InRange(x, -180, 180 - 1e-9));
        using var read = FlowRows.Reread(model);
        Assert.Equal(scores, FlowRows.Score(read, [-180, 180, 540, 170]));
        Assert.Equal(model.Sample(20, new(7)), read.Sample(20, new(7)));
    }

    [Fact]
    public void The_map_of_an_angle_is_of_its_period()
    {
        var map = new CircularMap(-180, 360);
        Assert.Equal(-Math.PI, map.Forward(180), 1e-12);
        Assert.Equal(0, map.Forward(720), 1e-12);
        Assert.True(double.IsNaN(map.Forward(double.PositiveInfinity)) && double.IsNaN(map.Forward(Nan)));
        for (double x = -179; x < 180; x += 7)
            Assert.Equal(x, map.Inverse(map.Forward(x)), 1e-9);
        Assert.Equal(-180, map.Inverse(Math.PI));
        Assert.Equal(Math.Log(2 * Math.PI / 360), map.LogSlope(3));
    }

    [Fact]
    public void The_base_is_uniform_on_angles_and_its_own_on_others()
    {
        using var mixed = new CircularBase([true, false, true], new StandardNormalBase(1));
        using var noise = tensor(new float[,] { { 1, 0.5f, -2 }, { 3, -1, 0 } });
        using var found = mixed.LogDensity(noise);
        double[] expected = [.. new[] { 0.5, -1 }.Select(u => -0.5 * u * u - 0.5 * Math.Log(2 * Math.PI) - 2 * Math.Log(2 * Math.PI))];
        Assert.Equal(expected[0], found[0].item<float>(), 1e-5);
        Assert.Equal(expected[1], found[1].item<float>(), 1e-5);
        Assert.Throws<ArgumentException>(() => { new CircularBase([true, false], null).Dispose(); });
        Assert.Throws<ArgumentException>(() => new CircularColumns([true], new RationalQuadraticSpline()));
    }

    [Fact]
    public void What_does_not_go_with_angles_is_named()
    {
        var options = Options(new());
        Assert.Contains("continuous flow has no circular", Message(options with { Kind = FlowKind.Continuous }), StringComparison.Ordinal);
        Assert.Contains("Mixing = Usual, None", Message(options with { Mixing = FlowMixing.LuLinear }), StringComparison.Ordinal);
        Assert.Contains("Normalization = None", Message(options with { Normalization = FlowNormalization.ActNorm }), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ColumnPreprocessing.Circular(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ColumnPreprocessing.Circular(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => ColumnPreprocessing.Circular(1e-9, low: 1e12));

        static string Message(FlowOptions wrong) => Assert.Throws<ArgumentOutOfRangeException>(wrong.Validate).Message;
    }

    private static FlowOptions Options(FlowOptions options) => options with
    {
        Layers = 3, Hidden = [16], Training = FlowRows.Small().Training,
        Preprocessing = new Dictionary<string, ColumnPreprocessing> { ["hour"] = ColumnPreprocessing.Circular(24) },
    };

    private static FlowModel Fit(FlowOptions options, int rows = 600, int epochs = 3)
    {
        options = Options(options);
        return new FlowFitter(options with { Training = options.Training with { Epochs = epochs } })
            .Fit(MatrixDesign.WithoutResponse(Draw(rows), names), TrainingMonitor.None);
    }

    /// <summary>An hour of von Mises' distribution about half past eleven at night, κ = 2, and a load of mean cos hour.</summary>
    private static double[] Draw(int count, int seed = 1)
    {
        var random = new Random(seed);
        var rows = new double[2 * count];
        for (int i = 0; i < count; i++)
        {
            double angle;
            do
                angle = (2 * random.NextDouble() - 1) * Math.PI;
            while (random.NextDouble() > Math.Exp(2 * (Math.Cos(angle) - 1)));
            double hour = 23.5 + angle * 12 / Math.PI;
            rows[2 * i + 1] = hour - 24 * Math.Floor(hour / 24);
            rows[2 * i] = Math.Cos(hour * Math.PI / 12) + 0.5 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }
        return rows;
    }

    private static double LogDensity(double load, double hour)
    {
        const double BesselOfTwo = 2.2795853023360673;                    // I₀(2)
        double angle = (hour - 23.5) * Math.PI / 12, z = (load - Math.Cos(hour * Math.PI / 12)) / 0.5;
        return 2 * Math.Cos(angle) - Math.Log(24 * BesselOfTwo) - 0.5 * z * z - Math.Log(0.5) - 0.5 * Math.Log(2 * Math.PI);
    }
}
