using ProbML.Flows;

namespace ProbML.Torch.Tests.Flows;

/// <summary>Small data with structure, and small flows.</summary>
internal static class FlowRows
{
    public static string[] Names { get; } = ["height", "weight", "ring"];

    /// <summary>[n, 3]: two correlated columns in units far from 1, and one that turns about with the first.</summary>
    public static double[] Draw(int count, int seed = 1)
    {
        var random = new Random(seed);
        var rows = new double[count * 3];
        for (int i = 0; i < count; i++)
        {
            double a = Normal(), b = Normal(), c = Normal();
            rows[i * 3] = 170 + 10 * a;
            rows[i * 3 + 1] = 0.002 * (a + 0.5 * b);
            rows[i * 3 + 2] = 1e6 + 1000 * (Math.Sin(2 * a) + 0.2 * c);
        }
        return rows;

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    /// <summary>ln p of a row of <see cref="Draw"/>.</summary>
    public static double LogDensity(ReadOnlySpan<double> x)
    {
        double a = (x[0] - 170) / 10, b = (x[1] / 0.002 - a) / 0.5, c = ((x[2] - 1e6) / 1000 - Math.Sin(2 * a)) / 0.2;
        return -0.5 * (a * a + b * b + c * c) - 1.5 * Math.Log(2 * Math.PI) - Math.Log(10 * 0.001 * 200);
    }

    public static MatrixDesign Design(int count = 600, int seed = 1) => MatrixDesign.WithoutResponse(Draw(count, seed), Names);

    public static FlowOptions Small(FlowKind kind = FlowKind.NeuralSpline) => new()
    {
        Kind = kind,
        Layers = 2,
        Hidden = [16],
        Training = new() { Epochs = 3, BatchSize = 64, ClipNorm = 5, Threads = 1, LearningRate = 3e-3, Seed = 2 },
    };

    /// <summary>A model that was written and read.</summary>
    public static FlowModel Reread(FlowModel model)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            model.Write(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        return FlowModel.Read(reader);
    }

    /// <summary>All columns of a model, [n, width].</summary>
    public static float[] Score<TModel>(TModel model, double[] rows)
        where TModel : class, IScoringModel<TModel>
    {
        int n = rows.Length / model.FeatureCount, width = model.Outputs.Sum(column => column.Width);
        var scores = new float[n * width];
        model.Score(new(n, model.FeatureCount, rows), new(scores, width));
        return scores;
    }
}
