namespace ProbML.Vae;

/// <summary>What a variational autoencoder says of a row beside its latent mean.</summary>
[Flags]
public enum VaeColumns
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The standard deviation of each latent dimension, given the row.</summary>
    LatentStandardDeviation = 1,

    /// <summary>E_q[ln p(x | z)] − KL(q ‖ p) ≤ ln p(x), in nats.</summary>
    Elbo = 2,

    /// <summary>−E_q[ln p(x | z)], in nats: Elbo is −ReconstructionError − KL.</summary>
    ReconstructionError = 4,

    /// <summary>ln p(x), estimated by importance sampling with q(z | x), in nats.</summary>
    LogLikelihood = 8,
}
