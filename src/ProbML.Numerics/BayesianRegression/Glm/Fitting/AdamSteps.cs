namespace ProbML.Fitting;

/// <summary>Adam's moves along stochastic gradients, the step size falling to a hundredth of the first.</summary>
/// <remarks>Kingma &amp; Ba (2015), algorithm 1.</remarks>
internal sealed class AdamSteps(int count, double stepSize, int steps)
{
    private const double FirstDecay = 0.9, SecondDecay = 0.999, Least = 1e-8;

    private readonly double[] first = new double[count], second = new double[count];

    /// <summary>rate · m̂ / (√v̂ + ε) of each number, in the place of its gradient.</summary>
    /// <param name="gradient">[count].</param>
    /// <param name="step">From 1.</param>
    public void Move(Span<double> gradient, int step)
    {
        double rate = stepSize * Math.Pow(0.01, (double)step / steps);
        double firstShare = 1 - Math.Pow(FirstDecay, step), secondShare = 1 - Math.Pow(SecondDecay, step);
        for (int k = 0; k < gradient.Length; k++)
        {
            first[k] = FirstDecay * first[k] + (1 - FirstDecay) * gradient[k];
            second[k] = SecondDecay * second[k] + (1 - SecondDecay) * gradient[k] * gradient[k];
            gradient[k] = rate * (first[k] / firstShare / (Math.Sqrt(second[k] / secondShare) + Least));
        }
    }
}
