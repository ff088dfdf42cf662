namespace ProbML.GaussianProcesses;

/// <summary>How a response y scatters about the function f of a Gaussian process.</summary>
public abstract record GaussianProcessLikelihood
{
    private protected GaussianProcessLikelihood()
    {
    }

    /// <summary>y ~ N(f, σ²).</summary>
    /// <param name="noiseVariance">σ² ≥ 0 where the search starts, in the unit the target is fitted in; null: a tenth of its variance.</param>
    /// <param name="isFixed">Whether σ² stays as it is; 0 must.</param>
    /// <exception cref="ArgumentOutOfRangeException">The variance is negative or not finite, or zero and not fixed.</exception>
    public static GaussianProcessLikelihood Gaussian(double? noiseVariance = null, bool isFixed = false) =>
        new GaussianNoise(noiseVariance, isFixed);

    /// <summary>Two classes: P(Y = 1 | f) = 1/(1 + e^(−f)), or Φ(f).</summary>
    /// <param name="link">Logit or probit; null: logit.</param>
    /// <exception cref="ArgumentException">The link is another one.</exception>
    public static BernoulliLikelihood Bernoulli(ILinkFunction? link = null) => new(link);

    /// <summary>Counts of mean e^f.</summary>
    public static PoissonLikelihood Poisson { get; } = new();

    /// <summary>Counts of mean μ = e^f and variance μ + μ²/θ.</summary>
    /// <param name="theta">θ &gt; 0, where the search starts.</param>
    /// <exception cref="ArgumentOutOfRangeException">θ is not positive.</exception>
    public static NegativeBinomialLikelihood NegativeBinomial(double theta = 1) => new() { Theta = theta };

    /// <summary>y = f + σ t, t of Student's distribution: outliers do not pull.</summary>
    /// <param name="degreesOfFreedom">ν &gt; 0, which stays as it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">ν is not positive.</exception>
    public static StudentTLikelihood StudentT(double degreesOfFreedom = 4) => new() { DegreesOfFreedom = degreesOfFreedom };

    /// <summary>y ~ N(f, e^g): normal noise that changes with x, its logarithm g a second Gaussian process.</summary>
    /// <param name="noiseKernel">The kernel of g, where the search starts; null: RBF.</param>
    public static HeteroscedasticLikelihood Heteroscedastic(Kernel? noiseKernel = null) =>
        noiseKernel is null ? new() : new() { NoiseKernel = noiseKernel };

    /// <summary>The process of the noise variance's logarithm; null: the noise does not change with x.</summary>
    internal virtual LatentPosterior? LogNoise => null;

    /// <summary>What is fitted may be shifted and scaled, as a normal response may.</summary>
    internal virtual bool ScalesTarget => false;

    /// <summary>Its parameters by name.</summary>
    internal virtual IReadOnlyList<(string Name, double Value)> NamedParameters => [];

    /// <summary>The distribution of a new response, f being normal.</summary>
    /// <param name="mean">E(f).</param>
    /// <param name="variance">Var(f).</param>
    /// <param name="white">The variance that a white kernel adds, at this input.</param>
    internal virtual ResponsePrediction Predict(double mean, double variance, double white) => throw NoRegression();

    /// <summary>As <see cref="Predict(double, double, double)"/>, where the noise variance is e^g.</summary>
    /// <param name="mean">E(f).</param>
    /// <param name="variance">Var(f).</param>
    /// <param name="white">The variance that a white kernel adds, at this input.</param>
    /// <param name="logNoise">E(g).</param>
    /// <param name="logNoiseVariance">Var(g).</param>
    internal virtual ResponsePrediction Predict(double mean, double variance, double white, double logNoise, double logNoiseVariance) =>
        Predict(mean, variance, white);

    /// <summary>The same as ONNX operators: the model's columns, null where one is not wanted or has no input.</summary>
    internal virtual OnnxReal?[] Emit(OnnxLatent latent, OnnxRows rows, ReadOnlySpan<bool> wanted) => throw NoRegression();

    internal virtual void Write(BinaryWriter writer) => throw NoRegression();

    internal static GaussianProcessLikelihood Read(BinaryReader reader)
    {
        string name = reader.ReadString();
        return name switch
        {
            GaussianNoise.Name => GaussianNoise.ReadBody(reader),
            HeteroscedasticLikelihood.Name => HeteroscedasticLikelihood.ReadBody(reader),
            _ => LikelihoodText.Read(name),
        };
    }

    private NotSupportedException NoRegression() => new($"{this} is no likelihood of a Gaussian-process regression.");
}

/// <summary>The distribution of a new response.</summary>
/// <param name="Mean">Its mean.</param>
/// <param name="Epistemic">The variance of its mean: what is not known of f.</param>
/// <param name="Aleatoric">The variance that stays when f is known.</param>
internal abstract record ResponsePrediction(double Mean, double Epistemic, double Aleatoric)
{
    /// <summary>Its variance.</summary>
    public double Variance => Epistemic + Aleatoric;

    /// <summary>The value that it stays below with a probability.</summary>
    public abstract double Quantile(double probability);

    /// <summary>ln p(y).</summary>
    public abstract double LogDensity(double y);
}

/// <summary>A latent function in an ONNX graph, with what a likelihood needs to know besides.</summary>
/// <param name="Mean">E(f), [n, 1].</param>
/// <param name="Variance">Var(f), [n, 1]; null: not wanted.</param>
/// <param name="White">What a white kernel adds, [n, 1]; null: not wanted.</param>
/// <param name="Scaling">How the target was scaled.</param>
/// <param name="Level">The level of intervals.</param>
internal sealed record OnnxLatent(
    OnnxReal Mean, OnnxReal? Variance, OnnxReal? White, GaussianProcessScaling Scaling, double Level)
{
    /// <summary>E(g), g the logarithm of the noise variance, [n, 1]; null: not wanted, or the noise does not change.</summary>
    public OnnxReal? LogNoise { get; init; }

    /// <summary>Var(g), [n, 1].</summary>
    public OnnxReal? LogNoiseVariance { get; init; }
}

/// <summary>A normal response.</summary>
internal sealed record NormalPrediction(double Mean, double Epistemic, double Aleatoric)
    : ResponsePrediction(Mean, Epistemic, Aleatoric)
{
    public override double Quantile(double probability) =>
        Mean + Math.Sqrt(Variance) * NormalDistribution.Quantile(probability);

    public override double LogDensity(double y) =>
        NormalDistribution.LogDensity((y - Mean) / Math.Sqrt(Variance)) - 0.5 * Math.Log(Variance);
}

/// <summary>Normal noise.</summary>
internal sealed record GaussianNoise(double? NoiseVariance, bool IsFixed) : GaussianProcessLikelihood
{
    public const string Name = "gaussian";

    /// <summary>Where a search starts without a value: this part of the target's variance.</summary>
    private const double UsualPart = 0.1;

    public double? NoiseVariance { get; } = NoiseVariance is null or (>= 0 and < double.PositiveInfinity)
        && (IsFixed || NoiseVariance is not 0)
        ? NoiseVariance
        : throw new ArgumentOutOfRangeException(
            nameof(NoiseVariance), NoiseVariance, "The noise variance must be positive and finite, or zero and fixed.");

    internal override bool ScalesTarget => true;

    internal override IReadOnlyList<(string Name, double Value)> NamedParameters => [("noise_variance", NoiseVariance ?? double.NaN)];

    /// <summary>σ² where a search starts.</summary>
    public double Start(double targetVariance) => NoiseVariance ?? UsualPart * targetVariance;

    internal override ResponsePrediction Predict(double mean, double variance, double white) =>
        new NormalPrediction(mean, variance, NoiseVariance!.Value + white);

    internal override OnnxReal?[] Emit(OnnxLatent latent, OnnxRows rows, ReadOnlySpan<bool> wanted)
    {
        var columns = new OnnxReal?[BayesianColumns.Of(PredictionTask.Regression).Count];
        var scope = latent.Mean.Scope;
        double scale = latent.Scaling.TargetScale;
        var mean = latent.Scaling.TargetShift + scale * latent.Mean;
        if (rows.Offset.Exists)
            mean += scope.Double(rows.Offset);
        if (wanted.Wants(BayesianColumns.Score))
            columns[BayesianColumns.Score] = mean;
        if (latent.Variance is not { } variance || latent.White is not { } white)
            return columns;
        var noise = NoiseVariance!.Value + white;
        var deviation = scale * (variance + noise).Sqrt();
        var half = NormalDistribution.Quantile(0.5 + latent.Level / 2) * deviation;
        if (wanted.Wants(BayesianColumns.StandardDeviation))
            columns[BayesianColumns.StandardDeviation] = deviation;
        if (wanted.Wants(BayesianColumns.Epistemic))
            columns[BayesianColumns.Epistemic] = scale * variance.Sqrt();
        if (wanted.Wants(BayesianColumns.Aleatoric))
            columns[BayesianColumns.Aleatoric] = scale * noise.Sqrt();
        if (wanted.Wants(BayesianColumns.Lower))
            columns[BayesianColumns.Lower] = mean - half;
        if (wanted.Wants(BayesianColumns.Upper))
            columns[BayesianColumns.Upper] = mean + half;
        if (wanted.Wants(BayesianColumns.LogDensity) && rows.Response.Exists)
            columns[BayesianColumns.LogDensity] =
                ((scope.Double(rows.Response) - mean) / deviation).NormalLogDensity() - deviation.Log();
        return columns;
    }

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Name);
        writer.Write(NoiseVariance ?? double.NaN);
        writer.Write(IsFixed);
    }

    public static GaussianNoise ReadBody(BinaryReader reader) =>
        new(reader.ReadDouble() is var value && double.IsNaN(value) ? null : value, reader.ReadBoolean());
}
