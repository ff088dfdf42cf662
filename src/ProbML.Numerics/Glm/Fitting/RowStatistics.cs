namespace ProbML.Fitting;

/// <summary>What a summary needs of the rows at the final coefficients, besides the information.</summary>
/// <param name="family">The family.</param>
/// <param name="link">The link.</param>
/// <param name="dispersion">The φ at which the log-likelihood is taken.</param>
/// <param name="nullPredictor">The null model's η, offset aside.</param>
internal sealed class RowStatistics(IFamily family, ILinkFunction link, double dispersion, double nullPredictor)
{
    /// <summary>Pearson's X² = Σ w (y − μ)² / V(μ).</summary>
    public double PearsonChiSquared { get; private set; }

    /// <summary>Σ ln p(y; μ, φ, w), by the family's convention.</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>The deviance of the null model.</summary>
    public double NullDeviance { get; private set; }

    public void Clear() => (PearsonChiSquared, LogLikelihood, NullDeviance) = (0, 0, 0);

    public void Add(double y, in MeanPoint mean, double weight, double offset)
    {
        double residual = family.Residual(y, mean);
        PearsonChiSquared += weight * (residual * (residual / family.UnitVariance(mean)));
        LogLikelihood += family.LogLikelihood(y, mean, dispersion, weight);
        NullDeviance += weight * family.UnitDeviance(y, link.Inverse(nullPredictor + offset));
    }

    public void Merge(RowStatistics other)
    {
        PearsonChiSquared += other.PearsonChiSquared;
        LogLikelihood += other.LogLikelihood;
        NullDeviance += other.NullDeviance;
    }
}
