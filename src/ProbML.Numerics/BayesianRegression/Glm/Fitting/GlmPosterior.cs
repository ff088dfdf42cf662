namespace ProbML.Fitting;

/// <summary>The posterior of (b, τ): a normal, a point (no covariance), or draws.</summary>
internal sealed record GlmPosterior
{
    /// <summary>The coordinates of b.</summary>
    public required RowTransform Transform { get; init; }

    /// <summary>Whether τ = ln φ comes last.</summary>
    public required bool HasTau { get; init; }

    /// <summary>τ where it is known.</summary>
    public required double KnownLogDispersion { get; init; }

    /// <summary>The mean (or mode), [n].</summary>
    public required double[] Mean { get; init; }

    /// <summary>[n, n], or empty.</summary>
    public double[] Covariance { get; init; } = [];

    /// <summary>[S, n], chain after chain, or empty.</summary>
    public double[] Draws { get; init; } = [];

    /// <summary>ln p(y | X), its bound or its approximation; NaN where it is not known.</summary>
    public double LogEvidence { get; init; } = double.NaN;

    public int Iterations { get; init; }

    public bool Converged { get; init; }

    public SamplerDiagnostics? Diagnostics { get; init; }

    public int Dimension => Mean.Length;

    public void Write(BinaryWriter writer)
    {
        Transform.Write(writer);
        writer.Write(HasTau);
        writer.Write(KnownLogDispersion);
        writer.WriteArray(Mean);
        writer.WriteArray(Covariance);
        writer.WriteArray(Draws);
        writer.Write(LogEvidence);
        writer.Write(Iterations);
        writer.Write(Converged);
        writer.Write(Diagnostics is not null);
        Diagnostics?.Write(writer);
    }

    public static GlmPosterior Read(BinaryReader reader)
    {
        var posterior = new GlmPosterior
        {
            Transform = RowTransform.Read(reader),
            HasTau = reader.ReadBoolean(),
            KnownLogDispersion = reader.ReadDouble(),
            Mean = reader.ReadDoubleArray("coefficients"),
            Covariance = reader.ReadDoubleArray("covariance"),
            Draws = reader.ReadDoubleArray("draws"),
            LogEvidence = reader.ReadDouble(),
            Iterations = reader.ReadInt32(),
            Converged = reader.ReadBoolean(),
            Diagnostics = reader.ReadBoolean() ? SamplerDiagnostics.Read(reader) : null,
        };
        int n = posterior.Transform.Width + (posterior.HasTau ? 1 : 0);
        return posterior.Mean.Length == n && n > 0 && posterior.Covariance.Length is var size && (size == 0 || size == n * n)
            && posterior.Draws.Length % n == 0
            ? posterior
            : throw new FormatException("The posterior's parts do not fit each other: the model is damaged.");
    }
}
