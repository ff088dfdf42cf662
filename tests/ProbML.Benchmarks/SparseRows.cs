namespace ProbML.Benchmarks;

/// <summary>Rows of one-hot columns and dense numbers, the same for us and for the peers.</summary>
internal sealed class SparseRows
{
    private SparseRows(int rows, int[] levels, int dense)
    {
        (Rows, Levels, Dense) = (rows, levels, dense);
        Level = new int[(long)rows * levels.Length];
        X = new float[(long)rows * dense];
        Binary = new float[rows];
        Counts = new float[rows];
    }

    public int Rows { get; }

    /// <summary>The number of levels of each one-hot column.</summary>
    public int[] Levels { get; }

    public int Dense { get; }

    /// <summary>[n, columns].</summary>
    public int[] Level { get; }

    /// <summary>[n, m].</summary>
    public float[] X { get; }

    public float[] Binary { get; }

    public float[] Counts { get; }

    public int FeatureCount => Levels.Sum() + Dense;

    /// <summary>Levels are skewed as real ones are: the k-th of L about as frequent as 1/√k.</summary>
    public static SparseRows Create(int rows, int[] levels, int dense, int seed)
    {
        var data = new SparseRows(rows, levels, dense);
        var random = new Random(seed);
        double[][] effects = [.. levels.Select(count => Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5).ToArray())];
        for (int i = 0; i < rows; i++)
        {
            double eta = -0.5;
            for (int c = 0; c < levels.Length; c++)
            {
                double u = random.NextDouble();
                int level = (int)(u * u * levels[c]);
                data.Level[(long)i * levels.Length + c] = level;
                eta += effects[c][level];
            }
            for (int j = 0; j < dense; j++)
            {
                float x = (float)(2 * random.NextDouble() - 1);
                data.X[(long)i * dense + j] = x;
                eta += x * (j % 3 - 1) * 0.5;
            }
            data.Binary[i] = random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0;
            double limit = Math.Exp(-Math.Exp(eta)), product = random.NextDouble();
            int count = 0;
            for (; product > limit; count++)
                product *= random.NextDouble();
            data.Counts[i] = count;
        }
        return data;
    }

    /// <summary>Writes level.i32, x.f32, binary.f32 and counts.f32 for the peers.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "level.i32"), Bytes<int>(Level));
        File.WriteAllBytes(Path.Combine(folder, "x.f32"), Bytes<float>(X));
        File.WriteAllBytes(Path.Combine(folder, "binary.f32"), Bytes<float>(Binary));
        File.WriteAllBytes(Path.Combine(folder, "counts.f32"), Bytes<float>(Counts));
    }

    private static byte[] Bytes<T>(ReadOnlySpan<T> values)
        where T : struct => System.Runtime.InteropServices.MemoryMarshal.AsBytes(values).ToArray();
}
