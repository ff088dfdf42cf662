namespace ProbML;

/// <summary>Draws of a Gamma of unit scale, and of what follows from it.</summary>
/// <remarks>Marsaglia &amp; Tsang (2000), ACM Trans. Math. Softw. 26.</remarks>
internal static class RandomGamma
{
    /// <summary>A draw with the density xᵃ⁻¹ e⁻ˣ / Γ(a).</summary>
    public static double Draw(Random random, double shape)
    {
        if (shape < 1)
            return Draw(random, shape + 1) * Math.Pow(Uniform(random), 1 / shape);
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = RandomNormal.Draw(random), v = 1 + c * x;
            if (v <= 0)
                continue;
            v = v * v * v;
            if (Math.Log(Uniform(random)) < 0.5 * x * x + d - d * v + d * Math.Log(v))
                return d * v;
        }
    }

    private static double Uniform(Random random) => 1 - random.NextDouble();
}
