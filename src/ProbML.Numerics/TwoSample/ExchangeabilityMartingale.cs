namespace ProbML.TwoSample;

/// <summary>A bet, row by row, that numbers stop coming from the distribution of those before: capital that on average never grows while they do.</summary>
/// <remarks>
/// A number's conformal p-value, its smoothed rank among all before it, is uniform and independent of the earlier ones as long as
/// all come from one distribution (Vovk, Gammerman &amp; Shafer 2005, §8.1). The capital bets on p by the Simple Jumper (Vovk et al.
/// 2021, Retrain or not retrain, algorithm 1), so P(it ever reaches c) ≤ 1/c (Ville 1939). Its Shiryaev–Roberts form forgets a calm past: P(it
/// reaches c within t numbers) ≤ t/c.
/// </remarks>
public sealed class ExchangeabilityMartingale
{
    private const double JumpRate = 0.01;

    private readonly double[] capitals = [1.0 / 3, 1.0 / 3, 1.0 / 3];

    /// <summary>A martingale that has not bet yet.</summary>
    public ExchangeabilityMartingale()
    {
    }

    internal ExchangeabilityMartingale(MartingaleState state)
    {
        capitals = [.. state.Capitals];
        (LogCapital, LogShiryaevRoberts) = (state.LogCapital, state.LogShiryaevRoberts);
        (LogCusum, SinceChange) = (state.LogCusum, state.SinceChange);
    }

    internal MartingaleState State => new([.. capitals], LogCapital, LogShiryaevRoberts, LogCusum, SinceChange);

    /// <summary>ln of the capital, 0 at the start.</summary>
    public double LogCapital { get; private set; }

    /// <summary>ln of the Shiryaev–Roberts statistic R ← (1 + R) × the last bet's factor; −∞ at the start.</summary>
    public double LogShiryaevRoberts { get; private set; } = double.NegativeInfinity;

    /// <summary>ln of the CUSUM statistic W ← max(1, W) × the factor.</summary>
    public double LogCusum { get; private set; }

    /// <summary>How many numbers ago the CUSUM statistic last started: an estimate of when a change came.</summary>
    public long SinceChange { get; private set; }

    /// <summary>Bets on a p-value.</summary>
    /// <param name="pValue">In [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public void Observe(double pValue)
    {
        if (!(pValue is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(pValue), pValue, "A p-value must lie between 0 and 1.");
        double total = 0;
        for (int k = 0; k < capitals.Length; k++)
        {
            // They sum to one; each moves a little to the others, then bets on small, no or large p.
            double held = (1 - JumpRate) * capitals[k] + JumpRate / capitals.Length;
            total += capitals[k] = held * (1 + (k - 1) * (pValue - 0.5));
        }
        for (int k = 0; k < capitals.Length; k++)
            capitals[k] /= total;
        double factor = Math.Log(total);
        LogCapital += factor;
        LogShiryaevRoberts = factor + Elementary.Softplus(LogShiryaevRoberts);
        SinceChange = LogCusum <= 0 ? 1 : SinceChange + 1;
        LogCusum = Math.Max(0, LogCusum) + factor;
    }
}
