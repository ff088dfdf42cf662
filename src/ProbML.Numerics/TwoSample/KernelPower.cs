namespace ProbML.TwoSample;

/// <summary>Finds the kernel width at which the MMD test would have most power.</summary>
internal static class KernelPower
{
    private static readonly double[] Factors = [1.0 / 16, 1.0 / 8, 1.0 / 4, 1.0 / 2, 1, 2, 4, 8, 16];

    /// <summary>The γ, among multiples of the median's, of the largest MMD²/σ.</summary>
    public static double Best(double[] x, double[] y, int d, double medianGamma)
    {
        int n = Math.Min(x.Length, y.Length) / d;          // the variance is one of pairs
        double[] xx = Distances.Squared(x[..(n * d)], x[..(n * d)], d);
        double[] yy = Distances.Squared(y[..(n * d)], y[..(n * d)], d);
        double[] xy = Distances.Squared(x[..(n * d)], y[..(n * d)], d);
        return Factors.Select(factor => factor * medianGamma).MaxBy(gamma => Ratio(xx, yy, xy, n, gamma));
    }

    /// <summary>MMD² over its standard deviation. Liu et al. (2020), Learning deep kernels, eqs. 4–5.</summary>
    private static double Ratio(double[] xx, double[] yy, double[] xy, int n, double gamma)
    {
        double sum = 0, diagonal = 0, squares = 0;
        for (int i = 0; i < n; i++)
        {
            double row = 0;
            for (int j = 0; j < n; j++)
            {
                double h = Math.Exp(-gamma * xx[i * n + j]) + Math.Exp(-gamma * yy[i * n + j])
                    - Math.Exp(-gamma * xy[i * n + j]) - Math.Exp(-gamma * xy[j * n + i]);
                row += h;
                diagonal += i == j ? h : 0;
            }
            sum += row;
            squares += row * row;
        }
        double count = n, mmd = (sum - diagonal) / (count * (count - 1));
        double variance = 4 * squares / (count * count * count) - 4 * sum * sum / (count * count * count * count);
        return mmd / Math.Sqrt(Math.Max(variance, 0) + 1e-8);
    }
}
