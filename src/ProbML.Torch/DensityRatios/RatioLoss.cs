namespace ProbML.DensityRatios;

/// <summary>Which Bregman divergence between the true ratio and the network's is made small; f = ln r.</summary>
/// <remarks>Sugiyama, Suzuki &amp; Kanamori (2012), Density-ratio matching under the Bregman divergence; Menon &amp; Ong (2016).</remarks>
public enum RatioLoss
{
    /// <summary>E_p ln(1 + e⁻ᶠ) + E_q ln(1 + eᶠ): a classifier's, noise-contrastive estimation's.</summary>
    Logistic,

    /// <summary>½ E_q r² − E_p r: least-squares importance fitting; largest ratios matter most.</summary>
    LeastSquares,

    /// <summary>E_p e^(−f/2) + E_q e^(f/2): boosting's.</summary>
    Exponential,

    /// <summary>E_q r − E_p ln r: KLIEP's, without its constraint.</summary>
    KullbackLeibler,
}
