namespace ProbML.GaussianProcesses;

/// <summary>Normal noise that changes with x: y ~ N(f(x), e^g(x)/ω), g ~ GP(ln σ², k_g) a second process.</summary>
/// <remarks>
/// Lázaro-Gredilla &amp; Titsias (2011), Variational Heteroscedastic Gaussian Process Regression. Hyperparameters of k_g are called
/// "noise.variance", "noise.lengthscale" and so on; "noise_mean" is ln σ².
/// </remarks>
public sealed record HeteroscedasticLikelihood : GaussianProcessLikelihood
{
    internal const string Name = "heteroscedastic";

    private readonly double? noiseVariance;

    /// <summary>k_g, of the logarithm of the noise variance, where the search starts.</summary>
    public Kernel NoiseKernel { get; init; } = new RbfKernel();

    /// <summary>σ² &gt; 0, in the unit the target is fitted in, where the search starts; null: a tenth of the target's variance.</summary>
    public double? NoiseVariance
    {
        get => noiseVariance;
        init => noiseVariance = value is null or (> 0 and < double.PositiveInfinity)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(NoiseVariance), value, "The noise variance must be positive and finite.");
    }

    /// <summary>q(g), once it is fitted.</summary>
    internal LatentPosterior? Posterior { get; init; }

    internal override LatentPosterior? LogNoise => Posterior;

    internal override bool ScalesTarget => true;

    internal override IReadOnlyList<(string Name, double Value)> NamedParameters
    {
        get
        {
            if (Posterior is not { } fitted)
                return [];
            double[] free = fitted.Kernel.FreeParameters();
            return
            [
                ("noise_mean", fitted.MeanConstant),
                .. fitted.Kernel.ParameterNames.Select((name, k) => (
                    Prefixed(name), HyperparameterRules.IsPositive(HyperparameterRules.Kind(name)) ? Math.Exp(free[k]) : free[k])),
            ];
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}({NoiseKernel})";

    /// <summary>What a hyperparameter of k_g is called.</summary>
    internal static string Prefixed(string name) => $"noise.{name}";

    internal override ResponsePrediction Predict(double mean, double variance, double white, double logNoise, double logNoiseVariance) =>
        HeteroscedasticPrediction.Of(mean, variance, white, logNoise, logNoiseVariance);

    internal override OnnxReal?[] Emit(OnnxLatent latent, OnnxRows rows, ReadOnlySpan<bool> wanted) =>
        HeteroscedasticOnnx.Emit(latent, rows, wanted);

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Name);
        (Posterior ?? throw new InvalidOperationException("The noise was not fitted.")).Write(writer);
    }

    internal static HeteroscedasticLikelihood ReadBody(BinaryReader reader)
    {
        var posterior = LatentPosterior.Read(reader);
        return Of(posterior);
    }

    /// <summary>As fitted.</summary>
    internal static HeteroscedasticLikelihood Of(LatentPosterior posterior) => new()
    {
        NoiseKernel = posterior.Kernel,
        NoiseVariance = Math.Exp(posterior.MeanConstant) is var variance && variance > 0 && double.IsFinite(variance)
            ? variance
            : throw new FormatException($"The mean {posterior.MeanConstant} of the log noise variance is no logarithm: the model is damaged."),
        Posterior = posterior,
    };
}
