namespace ProbML.GaussianProcesses;

/// <summary>p(y | f) of a number: what regression predicts with.</summary>
public abstract record ResponseLikelihood : LatentLikelihood
{
    private protected ResponseLikelihood()
    {
    }

    /// <summary>Whether responses are whole numbers.</summary>
    public virtual bool IsDiscrete => false;

    /// <summary>E(Y | f).</summary>
    public abstract double Mean(double f);

    /// <summary>Var(Y | f).</summary>
    public abstract double Variance(double f);

    /// <summary>P(Y ≤ y | f).</summary>
    public abstract double CumulativeProbability(double y, double f);

    /// <summary>The smallest y with P(Y ≤ y | f) ≥ p.</summary>
    public abstract double Quantile(double probability, double f);

    /// <summary>The constant mean of f from which a search starts: what the response's own mean and spread say.</summary>
    internal abstract double StartMean(double mean, double deviation);

    /// <summary>The likelihood from which a search starts, by the response's spread.</summary>
    internal virtual ResponseLikelihood ForSpread(double mean, double deviation) => this;

    private protected static double Positive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A likelihood's parameters must be positive and finite.");

    private protected static string? CountFault(double y) =>
        y >= 0 && y == Math.Floor(y) && y <= 1L << 53 ? null : "must be whole numbers ≥ 0";
}
