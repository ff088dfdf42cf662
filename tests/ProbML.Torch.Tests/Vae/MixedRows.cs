namespace ProbML.Torch.Tests.Vae;

/// <summary>Rows of every kind of column, driven by one hidden number, with values missing.</summary>
internal static class MixedRows
{
    public static string[] Names { get; } =
        ["height", "colour.red", "colour.green", "colour.blue", "visits", "member", "weight"];

    /// <summary>[n, 7]: real, one-hot of three, count, zero or one, real.</summary>
    public static double[] Draw(int count, int seed, double missing = 0.1)
    {
        var random = new Random(seed);
        var rows = new double[count * 7];
        for (int i = 0; i < count; i++)
        {
            var row = rows.AsSpan(i * 7, 7);
            double t = 2 * random.NextDouble() - 1;
            row[0] = 170 + 20 * t + 2 * Noise();
            row[1 + (t + 0.3 * Noise() < -0.3 ? 0 : t < 0.4 ? 1 : 2)] = 1;
            row[4] = Math.Floor(Math.Exp(1 + t) + random.NextDouble());
            row[5] = random.NextDouble() < 1 / (1 + Math.Exp(-4 * t)) ? 1 : 0;
            row[6] = 70 + 12 * t + 3 * Noise();
            if (random.NextDouble() < missing)
                row[random.Next(2) * 6] = double.NaN;
            if (random.NextDouble() < missing)
                row.Slice(1, 3).Fill(double.NaN);
            if (random.NextDouble() < missing)
                row[4] = double.NaN;
        }
        return rows;

        double Noise() => random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5;
    }

    public static MatrixDesign Design(int count = 400, int seed = 1, double missing = 0.1) =>
        MatrixDesign.WithoutResponse(Draw(count, seed, missing), Names);
}
