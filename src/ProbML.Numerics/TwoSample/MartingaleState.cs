namespace ProbML.TwoSample;

/// <summary>Where a martingale stands, to go on from there.</summary>
/// <param name="Capitals">The shares of the three bets, which sum to one.</param>
/// <param name="LogCapital">ln of the capital.</param>
/// <param name="LogShiryaevRoberts">ln of the Shiryaev–Roberts statistic.</param>
/// <param name="LogCusum">ln of the CUSUM statistic.</param>
/// <param name="SinceChange">How many numbers ago that started.</param>
internal sealed record MartingaleState(
    IReadOnlyList<double> Capitals, double LogCapital, double LogShiryaevRoberts, double LogCusum, long SinceChange)
{
    /// <summary>Whether a martingale can stand there.</summary>
    public bool IsSound => Capitals is { Count: 3 } && Capitals.All(share => share > 0) && Math.Abs(Capitals.Sum() - 1) < 1e-9
        && double.IsFinite(LogCapital) && !double.IsNaN(LogShiryaevRoberts) && !double.IsPositiveInfinity(LogShiryaevRoberts)
        && double.IsFinite(LogCusum) && SinceChange >= 0;
}
