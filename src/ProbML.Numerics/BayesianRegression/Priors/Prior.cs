namespace ProbML;

/// <summary>What is believed of one coefficient before the data: ln p(β) and its derivatives.</summary>
/// <remarks>Immutable; equal priors compare equal, and print as they are parsed: "normal(0,2.5)".</remarks>
public abstract record Prior
{
    /// <summary>Whether ∫ p(β) dβ is finite.</summary>
    public virtual bool IsProper => true;

    /// <summary>Whether ln p has a gradient and a curvature everywhere.</summary>
    public virtual bool IsSmooth => true;

    /// <summary>The centre.</summary>
    public abstract double Location { get; }

    /// <summary>ln p(β), normalising terms included; 0 for a flat prior.</summary>
    public abstract double LogDensity(double value);

    /// <summary>∂ ln p/∂β.</summary>
    public abstract double Gradient(double value);

    /// <summary>∂² ln p/∂β².</summary>
    public abstract double Curvature(double value);

    /// <summary>A draw.</summary>
    /// <exception cref="InvalidOperationException">The prior is flat.</exception>
    public abstract double Draw(Random random);

    /// <summary>As it is parsed: "normal(0,2.5)".</summary>
    public abstract override string ToString();

    /// <summary>The prior of a text such as "normal(0,2.5)", "student-t(4,0,2.5)", "cauchy(0,1)", "laplace(0,1)",
    /// "horseshoe(0.1)", "regularised-horseshoe(0.1,2.5,4)" (an infinite slab: "regularised-horseshoe(0.1,infinity)") or "flat".</summary>
    /// <exception cref="FormatException">There is no such prior.</exception>
    public static Prior Parse(string text) => PriorText.Parse(text);

    internal static double CheckScale(double scale, string name) => scale > 0 && double.IsFinite(scale)
        ? scale
        : throw new ArgumentOutOfRangeException(name, scale, $"The {name} of a prior must be a positive finite number.");

    internal static double CheckLocation(double location, string name) => double.IsFinite(location)
        ? location
        : throw new ArgumentOutOfRangeException(name, location, $"The {name} of a prior must be a finite number.");
}
