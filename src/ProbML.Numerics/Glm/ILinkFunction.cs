namespace ProbML;

/// <summary>A link g between the mean μ of a response and the linear predictor η = g(μ).</summary>
/// <remarks>McCullagh &amp; Nelder (1989), §2.2. Immutable; equal links compare equal.</remarks>
public interface ILinkFunction
{
    /// <summary>The name under which it is saved and parsed: "logit".</summary>
    string Name { get; }

    /// <summary>The mean as a formula of η, for people: "mu = exp(eta)".</summary>
    string Formula { get; }

    /// <summary>η = g(μ).</summary>
    double Link(double mean);

    /// <summary>μ = g⁻¹(η), and what goes with it.</summary>
    MeanPoint Inverse(double eta);

    /// <summary>
    /// Whether g⁻¹ is defined and monotone at η (the square root, reciprocal and power links: η &gt; 0).
    /// </summary>
    bool IsInDomain(double eta) => double.IsFinite(eta);
}
