using ProbML.Evaluation;

namespace ProbML.TwoSample;

/// <summary>Divergences between the distributions p and q of two samples, from their log ratios ℓ(x) = ln p(x)/q(x).</summary>
/// <remarks>
/// Means of functions of ℓ over each sample: unbiased where ℓ is the true log ratio, and somewhat low where it comes from a
/// classifier that has not seen the rows. Logarithms are natural. Standard errors take ℓ for known.
/// </remarks>
/// <param name="KullbackLeibler">KL(p ‖ q) = E_p ℓ.</param>
/// <param name="ReverseKullbackLeibler">KL(q ‖ p) = −E_q ℓ.</param>
/// <param name="JensenShannon">½ E_p ln 2r/(1 + r) + ½ E_q ln 2/(1 + r), between 0 and ln 2.</param>
/// <param name="SquaredHellinger">1 − ½ (E_p r^−½ + E_q r^½), between 0 and 1 for the true ratio.</param>
/// <param name="TotalVariation">P_p(ℓ &gt; 0) − P_q(ℓ &gt; 0): how much better than chance the best classifier is.</param>
public sealed record FDivergences(
    Estimate KullbackLeibler,
    Estimate ReverseKullbackLeibler,
    Estimate JensenShannon,
    Estimate SquaredHellinger,
    Estimate TotalVariation)
{
    /// <summary>Estimates them from log ratios.</summary>
    /// <param name="numerator">ℓ at rows drawn from p, [n].</param>
    /// <param name="denominator">ℓ at rows drawn from q, [m].</param>
    public static FDivergences Of(ReadOnlySpan<double> numerator, ReadOnlySpan<double> denominator)
    {
        var sum = new FDivergenceSum();
        foreach (double log in numerator)
            sum.Add(log, isNumerator: true);
        foreach (double log in denominator)
            sum.Add(log, isNumerator: false);
        return sum.Finish();
    }

    internal void Write(BinaryWriter writer)
    {
        foreach (var one in (Estimate[])[KullbackLeibler, ReverseKullbackLeibler, JensenShannon, SquaredHellinger, TotalVariation])
        {
            writer.Write(one.Value);
            writer.Write(one.StandardError);
        }
    }

    internal static FDivergences Read(BinaryReader reader)
    {
        return new(Next(), Next(), Next(), Next(), Next());

        Estimate Next() => new(reader.ReadDouble(), reader.ReadDouble());
    }
}

/// <summary>The means that divergences are made of, over weighted rows.</summary>
internal sealed class FDivergenceSum
{
    private readonly MeanWithError[] numerator = new MeanWithError[4], denominator = new MeanWithError[4];

    public void Add(double logRatio, bool isNumerator, double weight = 1)
    {
        var sums = isNumerator ? numerator : denominator;
        double toward = isNumerator ? logRatio : -logRatio;
        sums[0].Add(toward, weight);
        sums[1].Add(Math.Log(2) - DensityRatios.LogLoss.Of(toward, 1), weight);
        sums[2].Add(Math.Exp(-0.5 * toward), weight);
        sums[3].Add(logRatio > 0 ? 1 : 0, weight);
    }

    public FDivergences Finish() => new(
        numerator[0].Estimate,
        denominator[0].Estimate,
        Combine(1, 0.5, 0.5, 0),
        Combine(2, -0.5, -0.5, 1),
        Combine(3, 1, -1, 0));

    private Estimate Combine(int k, double first, double second, double constant)
    {
        double a = first * numerator[k].StandardError, b = second * denominator[k].StandardError;
        return new(
            constant + first * numerator[k].Mean + second * denominator[k].Mean, Math.Sqrt(a * a + b * b));
    }
}
