using MathNet.Numerics.Distributions;
using Microsoft.ML.Data;

namespace FlowDensity;

/// <summary>A point on one of five blades, turned the further it lies out.</summary>
internal sealed class Pinwheel
{
    private const int Blades = 5;

    [VectorType(2)]
    public float[] Point { get; set; } = [];

    public static IEnumerable<Pinwheel> Draw(int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            double a = Normal.Sample(random, 1, 0.3), b = Normal.Sample(random, 0, 0.1);
            double angle = 2 * Math.PI * random.Next(Blades) / Blades + Math.Sqrt(a * a + b * b);
            yield return new()
            {
                Point =
                [
                    (float)(2 * (a * Math.Cos(angle) - b * Math.Sin(angle))),
                    (float)(2 * (a * Math.Sin(angle) + b * Math.Cos(angle))),
                ],
            };
        }
    }

    /// <summary>ln p: turning by an angle that depends on the radius keeps areas.</summary>
    public static double LogDensity(Pinwheel row)
    {
        double x = row.Point[0] / 2, y = row.Point[1] / 2, radius = Math.Sqrt(x * x + y * y), sum = 0;
        for (int blade = 0; blade < Blades; blade++)
        {
            double angle = -(2 * Math.PI * blade / Blades + radius);
            double a = x * Math.Cos(angle) - y * Math.Sin(angle), b = x * Math.Sin(angle) + y * Math.Cos(angle);
            sum += Normal.PDF(1, 0.3, a) * Normal.PDF(0, 0.1, b);
        }
        return Math.Log(sum / Blades / 4);
    }
}

/// <summary>A cost that grows with age, and whose spread grows faster.</summary>
internal sealed class Claim
{
    [VectorType(1)]
    public float[] Age { get; set; } = [];

    public float Cost { get; set; }

    public static IEnumerable<Claim> Draw(int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            double age = 20 + 60 * random.NextDouble();
            yield return new() { Age = [(float)age], Cost = (float)(age * Math.Exp(Normal.Sample(random, 0, age / 80))) };
        }
    }
}
