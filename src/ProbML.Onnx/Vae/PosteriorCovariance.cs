namespace ProbML.Vae;

/// <summary>The covariance of a Gaussian posterior q(z | x), or of the Gaussian that a flow begins with.</summary>
public enum PosteriorCovariance
{
    /// <summary>diag σ²: the latent dimensions are independent given x.</summary>
    Diagonal,

    /// <summary>L Lᵀ with a Cholesky factor L that the encoder computes.</summary>
    Full,
}
