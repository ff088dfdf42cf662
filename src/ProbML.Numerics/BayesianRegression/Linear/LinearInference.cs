namespace ProbML;

/// <summary>How Bayesian linear regression treats the noise and the scale of its coefficients.</summary>
/// <remarks>The likelihood is the same throughout: yᵢ ~ N(β₀ + xᵢᵀβ + offset, σ²/ωᵢ).</remarks>
public abstract record LinearInference
{
    /// <summary>Normal priors, known noise precision 1/σ²: the posterior is normal. Bishop (2006), §3.3.1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The precision is not a positive finite number.</exception>
    public static LinearInference KnownNoise(double precision) => new KnownNoiseInference(precision);

    /// <summary>
    /// β | σ² ~ N(m, σ² V), σ² ~ InverseGamma(shape, scale), V the priors' covariance: the posterior is a Student t.
    /// O'Hagan &amp; Forster (2004), §11.3.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not a positive finite number.</exception>
    public static LinearInference NormalInverseGamma(double shape = 0.5, double scale = 0.5) =>
        new NormalInverseGammaInference(shape, scale);

    /// <summary>β ~ N(0, I/α), α and the noise precision maximising the evidence. MacKay (1992), Neural Comput. 4.</summary>
    /// <param name="integrateIntercept">
    /// Whether the intercept's uncertainty is integrated out, under a flat prior; if not, x and y are centred and it is taken to be
    /// known, as in scikit-learn's BayesianRidge.
    /// </param>
    public static LinearInference Evidence(bool integrateIntercept = true) => new EvidenceInference(integrateIntercept, false);

    /// <summary>βⱼ ~ N(0, 1/αⱼ), each αⱼ maximising the evidence; columns whose αⱼ is infinite are left out.</summary>
    /// <remarks>Tipping (2001), JMLR 1; Tipping &amp; Faul (2003).</remarks>
    /// <param name="integrateIntercept">As of <see cref="Evidence"/>.</param>
    public static LinearInference AutomaticRelevance(bool integrateIntercept = true) => new EvidenceInference(integrateIntercept, true);

    internal static double Check(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"The {name} must be a positive finite number.");

    internal void Write(BinaryWriter writer)
    {
        var (kind, first, second) = this switch
        {
            KnownNoiseInference known => (0, known.Precision, 0.0),
            NormalInverseGammaInference gamma => (1, gamma.Shape, gamma.Scale),
            EvidenceInference evidence => (evidence.Relevance ? 3 : 2, evidence.IntegrateIntercept ? 1.0 : 0.0, 0.0),
            _ => throw new InvalidOperationException($"{this} cannot be saved."),
        };
        writer.Write(kind);
        writer.Write(first);
        writer.Write(second);
    }

    internal static LinearInference Read(BinaryReader reader)
    {
        int kind = reader.ReadInt32();
        double first = reader.ReadDouble(), second = reader.ReadDouble();
        return kind switch
        {
            0 => KnownNoise(first),
            1 => NormalInverseGamma(first, second),
            2 => Evidence(first == 1),
            3 => AutomaticRelevance(first == 1),
            _ => throw new FormatException($"There is no linear inference of number {kind}: the model is damaged."),
        };
    }
}

/// <summary>Known noise.</summary>
internal sealed record KnownNoiseInference(double Precision) : LinearInference
{
    public double Precision { get; } = Check(Precision, nameof(Precision));
}

/// <summary>Unknown noise with a conjugate prior.</summary>
internal sealed record NormalInverseGammaInference(double Shape, double Scale) : LinearInference
{
    public double Shape { get; } = Check(Shape, nameof(Shape));

    public double Scale { get; } = Check(Scale, nameof(Scale));
}

/// <summary>Precisions by maximum evidence.</summary>
internal sealed record EvidenceInference(bool IntegrateIntercept, bool Relevance) : LinearInference;
