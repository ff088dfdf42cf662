namespace ProbML;

/// <summary>A log density on ℝᵐ up to a constant, with its gradient. Thread-safe: chains ask side by side.</summary>
public interface ILogDensity
{
    /// <summary>m.</summary>
    int Dimension { get; }

    /// <summary>ln p(u) + constant, and its gradient; −∞ or NaN outside the support.</summary>
    /// <param name="position">u, [m].</param>
    /// <param name="gradient">∇ ln p, [m].</param>
    double Evaluate(ReadOnlySpan<double> position, Span<double> gradient);
}
