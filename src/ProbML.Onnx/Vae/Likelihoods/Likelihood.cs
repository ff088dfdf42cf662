namespace ProbML.Vae;

/// <summary>The distribution p(x | z) of one column, or of one group of columns, given what a decoder computes from z.</summary>
/// <remarks>
/// A column takes <see cref="ParametersPerColumn"/> numbers; those of a group of w columns lie kind by kind,
/// [first parameter of each column | second of each]. Densities are those of the columns as they are in the data. NaN is
/// unobserved: it adds nothing to a density. Immutable; equal likelihoods compare equal, and <c>ToString</c> gives what
/// <see cref="Likelihoods.Parse"/> reads.
/// </remarks>
public abstract record Likelihood
{
    private protected Likelihood()
    {
    }

    /// <summary>How many numbers of the decoder belong to a column.</summary>
    public abstract int ParametersPerColumn { get; }

    /// <summary>The values it may take, in words.</summary>
    public abstract string Support { get; }

    /// <summary>Whether a column may take a value.</summary>
    public abstract bool Supports(double value);

    /// <summary>ln p(x | parameters), over the columns that are observed.</summary>
    /// <param name="x">[w]; NaN: unobserved.</param>
    /// <param name="parameters">[w · parameters per column].</param>
    public abstract double LogDensity(ReadOnlySpan<double> x, ReadOnlySpan<float> parameters);

    /// <summary>E[x], [w].</summary>
    /// <param name="parameters">[w · parameters per column].</param>
    /// <param name="mean">[w].</param>
    public abstract void Mean(ReadOnlySpan<float> parameters, Span<double> mean);

    /// <summary>Var[x], [w].</summary>
    /// <param name="parameters">[w · parameters per column].</param>
    /// <param name="variance">[w].</param>
    public abstract void Variance(ReadOnlySpan<float> parameters, Span<double> variance);

    /// <summary>A draw of x, [w].</summary>
    /// <param name="parameters">[w · parameters per column].</param>
    /// <param name="random">Where it comes from.</param>
    /// <param name="x">[w].</param>
    public abstract void Draw(ReadOnlySpan<float> parameters, Random random, Span<double> x);

    /// <summary>1 / (1 + e^−a).</summary>
    private protected static double Sigmoid(double logit)
    {
        double decay = Math.Exp(-Math.Abs(logit));
        return (logit < 0 ? decay : 1) / (1 + decay);
    }
}
