namespace ProbML.Fitting;

/// <summary>What a summary needs of the rows at the final coefficients, besides the information.</summary>
/// <param name="family">The family.</param>
/// <param name="link">The link.</param>
/// <param name="dispersion">The φ at which the log-likelihood is taken.</param>
/// <param name="nullPredictor">The null model's η, offset aside.</param>
internal sealed class RowStatistics(IFamily family, ILinkFunction link, double dispersion, double nullPredictor)
{
    /// <summary>Statistics that are known already; no row is added to them.</summary>
    public RowStatistics(double pearsonChiSquared, double logLikelihood, double nullDeviance)
        : this(null!, null!, 1, 0) =>
        (PearsonChiSquared, LogLikelihood, NullDeviance) = (pearsonChiSquared, logLikelihood, nullDeviance);

    /// <summary>The null model's unit deviances of the responses 0, 1, 2, ... without an offset; NaN: not yet asked for.</summary>
    private readonly double[] nullDeviances = [.. Enumerable.Repeat(double.NaN, 64)];

    /// <summary>The φ at which the log-likelihood is taken.</summary>
    public double Dispersion => dispersion;

    /// <summary>The null model's η, offset aside.</summary>
    public double NullPredictor => nullPredictor;

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
        NullDeviance += weight * NullUnitDeviance(y, offset);
    }

    private double NullUnitDeviance(double y, double offset)
    {
        int whole = (int)y;
        bool isKept = offset == 0 && whole == y && whole >= 0 && whole < nullDeviances.Length;
        if (isKept && !double.IsNaN(nullDeviances[whole]))
            return nullDeviances[whole];
        double deviance = family.UnitDeviance(y, link.Inverse(nullPredictor + offset));
        if (isKept)
            nullDeviances[whole] = deviance;
        return deviance;
    }

    public void Write(BinaryWriter writer) => writer.WriteArray([PearsonChiSquared, LogLikelihood, NullDeviance]);

    public void Read(BinaryReader reader)
    {
        double[] numbers = reader.ReadDoubles(3, "statistics");
        (PearsonChiSquared, LogLikelihood, NullDeviance) = (numbers[0], numbers[1], numbers[2]);
    }

    public void Merge(RowStatistics other)
    {
        PearsonChiSquared += other.PearsonChiSquared;
        LogLikelihood += other.LogLikelihood;
        NullDeviance += other.NullDeviance;
    }
}
