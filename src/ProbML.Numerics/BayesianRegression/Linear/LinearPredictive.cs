namespace ProbML;

/// <summary>The distribution of a new observation: mean + √(latent + noise) · T, T Student's t, normal for ν = ∞.</summary>
/// <param name="Mean">The mean (of a t with ν ≤ 1, the median).</param>
/// <param name="LatentSquaredScale">The squared scale of xᵀβ.</param>
/// <param name="NoiseSquaredScale">The squared scale of the noise.</param>
/// <param name="DegreesOfFreedom">ν.</param>
public readonly record struct LinearPredictive(
    double Mean, double LatentSquaredScale, double NoiseSquaredScale, double DegreesOfFreedom)
{
    /// <summary>The scale.</summary>
    public double Scale => Math.Sqrt(LatentSquaredScale + NoiseSquaredScale);

    /// <summary>The standard deviation; +∞ for ν ≤ 2.</summary>
    public double StandardDeviation => Scale * Factor;

    /// <summary>The standard deviation of xᵀβ alone.</summary>
    public double Epistemic => Math.Sqrt(LatentSquaredScale) * Factor;

    /// <summary>The standard deviation of the noise alone.</summary>
    public double Aleatoric => Math.Sqrt(NoiseSquaredScale) * Factor;

    private double Factor => double.IsPositiveInfinity(DegreesOfFreedom) ? 1
        : DegreesOfFreedom > 2 ? Math.Sqrt(DegreesOfFreedom / (DegreesOfFreedom - 2)) : double.PositiveInfinity;

    /// <summary>ln p(y).</summary>
    public double LogDensity(double y) => StudentT.LogDensity((y - Mean) / Scale, DegreesOfFreedom) - Math.Log(Scale);

    /// <summary>The y that a new observation stays below with this probability.</summary>
    public double Quantile(double probability) => Mean + Scale * StudentT.Quantile(probability, DegreesOfFreedom);
}
