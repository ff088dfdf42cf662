namespace ProbML.Benchmarks;

/// <summary>Rows of a known generalized linear model, the same for us and for the peers.</summary>
internal sealed class SyntheticRows
{
    private SyntheticRows(int rows, int features)
    {
        (Rows, Features) = (rows, features);
        X = new float[(long)rows * features];
        Binary = new float[rows];
        Counts = new float[rows];
    }

    public int Rows { get; }

    public int Features { get; }

    /// <summary>[n, d]: standard normal, columns mildly correlated.</summary>
    public float[] X { get; }

    public float[] Binary { get; }

    public float[] Counts { get; }

    public static SyntheticRows Create(int rows, int features, int seed)
    {
        var data = new SyntheticRows(rows, features);
        var random = new Random(seed);
        var beta = new double[features];
        for (int j = 0; j < features; j++)
            beta[j] = 0.4 * Normal(random) / Math.Sqrt(features) * 3;
        for (int i = 0; i < rows; i++)
        {
            double eta = 0.3, common = 0.5 * Normal(random);
            for (int j = 0; j < features; j++)
            {
                float x = (float)(Normal(random) + common);
                data.X[(long)i * features + j] = x;
                eta += beta[j] * x;
            }
            data.Binary[i] = random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0;
            data.Counts[i] = Poisson(random, Math.Exp(0.4 * eta));
        }
        return data;
    }

    /// <summary>Writes x.f32, binary.f32 and counts.f32 for the peers.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, values) in new[] { ("x.f32", X), ("binary.f32", Binary), ("counts.f32", Counts) })
        {
            using var file = File.Create(Path.Combine(folder, name));
            for (int start = 0; start < values.Length; start += 1 << 20)
                file.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(
                    values.AsSpan(start, Math.Min(1 << 20, values.Length - start))));
        }
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static int Poisson(Random random, double mean)
    {
        double limit = Math.Exp(-Math.Min(mean, 500)), product = random.NextDouble();
        int count = 0;
        for (; product > limit; count++)
            product *= random.NextDouble();
        return count;
    }
}
