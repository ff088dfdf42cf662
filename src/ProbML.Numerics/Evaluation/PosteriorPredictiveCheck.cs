namespace ProbML.Evaluation;

/// <summary>Whether data that the model makes look like the data it was fitted to, in one respect T.</summary>
/// <remarks>Rubin (1984); Gelman, Meng &amp; Stern (1996).</remarks>
public sealed class PosteriorPredictiveCheck
{
    private readonly double[] replicated;

    private PosteriorPredictiveCheck(double observed, double[] replicated) =>
        (Observed, this.replicated) = (observed, replicated);

    /// <summary>T(y), of the data.</summary>
    public double Observed { get; }

    /// <summary>T(y*), of each replicated set, [S].</summary>
    public IReadOnlyList<double> Replicated => replicated;

    /// <summary>P(T(y*) ≥ T(y)), a tie counting one half: near 0 or 1 the model does not make such data.</summary>
    public double PValue => replicated.Average(t => t > Observed ? 1 : t == Observed ? 0.5 : 0);

    /// <summary>Compares a statistic of the data with that of replicated data.</summary>
    /// <param name="response">y, [n].</param>
    /// <param name="replications">[S, n], row-major: for each posterior draw a new response of the same rows.</param>
    /// <param name="statistic">T.</param>
    /// <exception cref="ArgumentException">The replications are no whole sets of n, or there are none.</exception>
    public static PosteriorPredictiveCheck Of(
        ReadOnlySpan<double> response, ReadOnlySpan<double> replications, Func<ReadOnlySpan<double>, double> statistic)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        if (response.IsEmpty || replications.IsEmpty || replications.Length % response.Length != 0)
            throw new ArgumentException(
                $"{replications.Length} replicated responses are no whole sets of {response.Length}.",
                nameof(replications));
        var found = new double[replications.Length / response.Length];
        for (int s = 0; s < found.Length; s++)
            found[s] = statistic(replications.Slice(s * response.Length, response.Length));
        return new(statistic(response), found);
    }
}
