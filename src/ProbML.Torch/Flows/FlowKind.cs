namespace ProbML.Flows;

/// <summary>What a flow's layers are.</summary>
public enum FlowKind
{
    /// <summary>Couplings by splines, alternating, with LU-linear maps between (NSF-C). Durkan et al. (2019).</summary>
    NeuralSpline,

    /// <summary>Affine couplings, alternating. Dinh, Sohl-Dickstein and Bengio (2017).</summary>
    RealNvp,

    /// <summary>Masked autoregressive layers, the order turned round between them. Papamakarios, Pavlakou and Murray (2017).</summary>
    MaskedAutoregressive,

    /// <summary>Autoregressive layers of splines, the order turned round between them (NSF-AR). Durkan et al. (2019).</summary>
    NeuralSplineAutoregressive,

    /// <summary>Masked autoregressive layers the other way: samples in one pass. Kingma et al. (2016).</summary>
    InverseAutoregressive,

    /// <summary>A differential equation, solved from the data to the noise (FFJORD). Grathwohl et al. (2019).</summary>
    Continuous,
}

/// <summary>What stands between the layers of a flow.</summary>
public enum FlowMixing
{
    /// <summary>What is usual for the kind.</summary>
    Usual,

    /// <summary>Nothing: autoregressive layers keep the columns' order, and the conditional densities are known.</summary>
    None,

    /// <summary>The columns in reverse order.</summary>
    Reverse,

    /// <summary>A random order.</summary>
    Random,

    /// <summary>A learned linear map, by its LU factors.</summary>
    LuLinear,
}

/// <summary>A learned scale and shift before each layer.</summary>
public enum FlowNormalization
{
    /// <summary>None.</summary>
    None,

    /// <summary>Activation normalization, begun from the data. Kingma and Dhariwal (2018).</summary>
    ActNorm,

    /// <summary>Batch normalization. Dinh, Sohl-Dickstein and Bengio (2017), §3.7.</summary>
    BatchNorm,
}

/// <summary>The density of a flow's noise.</summary>
public enum FlowNoise
{
    /// <summary>N(0, I).</summary>
    StandardNormal,

    /// <summary>N(μ, diag σ²), learned.</summary>
    Normal,

    /// <summary>Independent Student-t columns, their degrees of freedom learned: for heavy tails.</summary>
    StudentT,

    /// <summary>A learned mixture of normal distributions: for clusters.</summary>
    GaussianMixture,
}
