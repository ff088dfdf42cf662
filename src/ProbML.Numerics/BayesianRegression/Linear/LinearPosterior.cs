namespace ProbML.Fitting;

/// <summary>The posterior of a linear regression: coefficients of z are Student t (normal for ν = ∞).</summary>
internal sealed record LinearPosterior
{
    /// <summary>The coordinates z of what follows.</summary>
    public required RowTransform Transform { get; init; }

    /// <summary>The location, [q].</summary>
    public required double[] Mean { get; init; }

    /// <summary>The squared scale, [q, q]: the covariance where ν = ∞.</summary>
    public required double[] Covariance { get; init; }

    /// <summary>ν.</summary>
    public double DegreesOfFreedom { get; init; } = double.PositiveInfinity;

    /// <summary>The squared scale of the noise at weight one: 1/b, or b_N/a_N.</summary>
    public required double Noise { get; init; }

    /// <summary>ln p(y | X); NaN where a prior is improper.</summary>
    public required double LogEvidence { get; init; }

    /// <summary>γ, the coefficients that the data determine.</summary>
    public required double EffectiveParameters { get; init; }

    /// <summary>The precision of the coefficients' common prior; NaN where there is none.</summary>
    public double PriorPrecision { get; init; } = double.NaN;

    /// <summary>The precision of each feature's own prior, +∞ where it was left out, [d]; empty where there is none.</summary>
    public double[] Relevances { get; init; } = [];

    /// <summary>Sweeps or evaluations.</summary>
    public int Iterations { get; init; }

    /// <summary>Whether the hyperparameters reached their optimum.</summary>
    public bool Converged { get; init; } = true;

    /// <summary>What factor makes squared scales variances: ν / (ν − 2), +∞ for ν ≤ 2.</summary>
    public double VarianceFactor => double.IsPositiveInfinity(DegreesOfFreedom)
        ? 1
        : DegreesOfFreedom > 2 ? DegreesOfFreedom / (DegreesOfFreedom - 2) : double.PositiveInfinity;

    public void Write(BinaryWriter writer)
    {
        Transform.Write(writer);
        writer.WriteArray(Mean);
        writer.WriteArray(Covariance);
        writer.WriteArray(Relevances);
        writer.WriteArray((double[])[DegreesOfFreedom, Noise, LogEvidence, EffectiveParameters, PriorPrecision]);
        writer.Write(Iterations);
        writer.Write(Converged);
    }

    public static LinearPosterior Read(BinaryReader reader)
    {
        var transform = RowTransform.Read(reader);
        double[] mean = reader.ReadDoubleArray("coefficients"), covariance = reader.ReadDoubleArray("covariance");
        double[] relevances = reader.ReadDoubleArray("relevances"), numbers = reader.ReadDoubleArray("hyperparameters");
        if (mean.Length != transform.Width || covariance.Length != mean.Length * mean.Length || numbers.Length != 5
            || relevances.Length != 0 && relevances.Length != transform.FeatureCount)
            throw new FormatException("The model's parts do not fit each other: it is damaged.");
        return new()
        {
            Transform = transform,
            Mean = mean,
            Covariance = covariance,
            Relevances = relevances,
            DegreesOfFreedom = numbers[0],
            Noise = numbers[1],
            LogEvidence = numbers[2],
            EffectiveParameters = numbers[3],
            PriorPrecision = numbers[4],
            Iterations = reader.ReadInt32(),
            Converged = reader.ReadBoolean(),
        };
    }
}
