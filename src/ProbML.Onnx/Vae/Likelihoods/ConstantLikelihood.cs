namespace ProbML.Vae;

/// <summary>A column that did not vary in training: left out of every density, and generated as it was.</summary>
/// <param name="Value">Its value.</param>
public sealed record ConstantLikelihood(double Value) : Likelihood
{
    /// <inheritdoc/>
    public override int ParametersPerColumn => 0;

    /// <inheritdoc/>
    public override string Support => "finite";

    /// <inheritdoc/>
    public override bool Supports(double value) => double.IsFinite(value);

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<double> x, ReadOnlySpan<float> parameters) => 0;

    /// <inheritdoc/>
    public override void Mean(ReadOnlySpan<float> parameters, Span<double> mean) => mean.Fill(Value);

    /// <inheritdoc/>
    public override void Variance(ReadOnlySpan<float> parameters, Span<double> variance) => variance.Clear();

    /// <inheritdoc/>
    public override void Draw(ReadOnlySpan<float> parameters, Random random, Span<double> x) => x.Fill(Value);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"constant({Value:R})");
}
