namespace ProbML.Optimization;

/// <summary>Steps down noisy gradients, each coordinate by its own running scale.</summary>
/// <remarks>Kingma &amp; Ba (2015), Adam: A Method for Stochastic Optimization, algorithm 1.</remarks>
/// <param name="count">Coordinates.</param>
internal sealed class Adam(int count)
{
    private const double Decay1 = 0.9, Decay2 = 0.999, Epsilon = 1e-8;

    private readonly double[] first = new double[count], second = new double[count];
    private int steps;

    /// <summary>x ← x − rate · m̂ / (√v̂ + ε).</summary>
    public void Step(Span<double> x, ReadOnlySpan<double> gradient, double rate)
    {
        double[] step = gradient.ToArray();
        Scale(step, rate);
        for (int i = 0; i < x.Length; i++)
            x[i] -= step[i];
    }

    /// <summary>rate · m̂ / (√v̂ + ε), in the place of the gradient.</summary>
    public void Scale(Span<double> gradient, double rate)
    {
        steps++;
        double bias1 = 1 - Math.Pow(Decay1, steps), bias2 = 1 - Math.Pow(Decay2, steps);
        for (int i = 0; i < gradient.Length; i++)
        {
            first[i] = Decay1 * first[i] + (1 - Decay1) * gradient[i];
            second[i] = Decay2 * second[i] + (1 - Decay2) * gradient[i] * gradient[i];
            gradient[i] = rate * (first[i] / bias1) / (Math.Sqrt(second[i] / bias2) + Epsilon);
        }
    }

    /// <summary>A rate that falls to a hundredth over so many steps.</summary>
    public static double Falling(double rate, int step, int steps) => rate * Math.Pow(0.01, (double)step / steps);
}
