using System.Globalization;

namespace ProbML;

/// <summary>How the dispersion φ of a family that leaves it free is found; it scales every covariance.</summary>
/// <remarks>McCullagh &amp; Nelder (1989), §8.3.6; Jørgensen (1997), §3.6.</remarks>
public sealed record GlmDispersion
{
    private readonly DispersionKind kind;

    private GlmDispersion(DispersionKind kind, double? value) => (this.kind, Value) = (kind, value);

    /// <summary>X² / (n − p), as R's <c>summary.glm</c>.</summary>
    public static GlmDispersion Pearson { get; } = new(DispersionKind.Pearson, null);

    /// <summary>D / (n − p).</summary>
    public static GlmDispersion Deviance { get; } = new(DispersionKind.Deviance, null);

    /// <summary>
    /// The φ of the largest likelihood under Var(Y) = φ V(μ)/w: D/n for the Gaussian and the inverse Gaussian; for the Gamma the
    /// solution of Σ w [ln(w/φ) − ψ(w/φ)] = D/2, as MASS's <c>gamma.shape</c>. Not for the Tweedie family.
    /// </summary>
    public static GlmDispersion MaximumLikelihood { get; } = new(DispersionKind.MaximumLikelihood, null);

    /// <summary>φ, where it is given: statistics are then z, not t, and intervals normal.</summary>
    public double? Value { get; }

    /// <summary>A known φ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a positive finite number.</exception>
    public static GlmDispersion Fixed(double value) => value > 0 && double.IsFinite(value)
        ? new(DispersionKind.Fixed, value)
        : throw new ArgumentOutOfRangeException(nameof(value), value, "A dispersion must be a positive finite number.");

    /// <summary>"Pearson", "Deviance", "MaximumLikelihood" or the number.</summary>
    public override string ToString() => Value is { } value ? value.ToString("R", CultureInfo.InvariantCulture) : kind.ToString();

    internal DispersionKind Kind => kind;

    /// <exception cref="ArgumentOutOfRangeException">The family does not leave φ free, or has no such estimate.</exception>
    internal void Check(IFamily family)
    {
        if (kind != DispersionKind.Pearson && !family.EstimatesDispersion)
            throw new ArgumentOutOfRangeException(
                nameof(family), family.Name, $"The dispersion of the {family.Name} family is 1: leave Dispersion as it is.");
        if (kind == DispersionKind.MaximumLikelihood && family is not (GaussianFamily or GammaFamily or InverseGaussianFamily))
            throw new ArgumentOutOfRangeException(
                nameof(family), family.Name, $"There is no maximum-likelihood dispersion for the {family.Name} family here.");
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write((int)kind);
        writer.Write(Value ?? 0);
    }

    internal static GlmDispersion Read(BinaryReader reader)
    {
        var kind = (DispersionKind)reader.ReadInt32();
        double value = reader.ReadDouble();
        return kind switch
        {
            DispersionKind.Pearson => Pearson,
            DispersionKind.Deviance => Deviance,
            DispersionKind.MaximumLikelihood => MaximumLikelihood,
            DispersionKind.Fixed when value > 0 => Fixed(value),
            _ => throw new FormatException("The model's choice of dispersion is not known: it is damaged."),
        };
    }
}

/// <summary>The choices; the values are part of the file format.</summary>
internal enum DispersionKind
{
    Pearson = 0,
    Deviance = 1,
    MaximumLikelihood = 2,
    Fixed = 3,
}
