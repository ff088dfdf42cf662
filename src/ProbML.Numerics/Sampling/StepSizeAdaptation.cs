namespace ProbML;

/// <summary>Dual averaging of the step size. Hoffman &amp; Gelman (2014), §3.2.1, with its constants.</summary>
internal sealed class StepSizeAdaptation(double target)
{
    private const double Gamma = 0.05, Delay = 10, Decay = 0.75;

    private double centre, error, average;
    private int count;

    /// <summary>The averaged step size.</summary>
    public double Final => Math.Exp(average);

    public void Restart(double first) => (centre, error, average, count) = (Math.Log(10 * first), 0, 0, 0);

    /// <summary>The next step size, after an iteration of that acceptance.</summary>
    public double Update(double acceptance)
    {
        count++;
        double share = 1 / (count + Delay);
        error += share * (target - (double.IsFinite(acceptance) ? acceptance : 0) - error);
        double log = centre - Math.Sqrt(count) / Gamma * error, weight = Math.Pow(count, -Decay);
        average += weight * (log - average);
        return Math.Exp(log);
    }
}
