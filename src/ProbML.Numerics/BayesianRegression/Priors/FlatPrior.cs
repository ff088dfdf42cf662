namespace ProbML;

/// <summary>p(β) ∝ 1: nothing is said of the coefficient, and the data must say enough.</summary>
public sealed record FlatPrior : Prior
{
    /// <inheritdoc/>
    public override bool IsProper => false;

    /// <inheritdoc/>
    public override double Location => 0;

    /// <inheritdoc/>
    public override double LogDensity(double value) => 0;

    /// <inheritdoc/>
    public override double Gradient(double value) => 0;

    /// <inheritdoc/>
    public override double Curvature(double value) => 0;

    /// <inheritdoc/>
    public override double Draw(Random random) =>
        throw new InvalidOperationException("A flat prior cannot be drawn from. Choose a proper one, such as normal(0,2.5).");

    /// <inheritdoc/>
    public override string ToString() => "flat";
}
