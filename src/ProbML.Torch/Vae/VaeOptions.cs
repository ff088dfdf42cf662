namespace ProbML.Vae;

/// <summary>What a variational autoencoder maximises.</summary>
public enum VaeBound
{
    /// <summary>E_q[ln p(x | z)] − β KL(q ‖ p), with the divergence in closed form. Kingma &amp; Welling (2014), eq. 7.</summary>
    Elbo,

    /// <summary>E[ln 1/K Σ wₖ], the importance-weighted bound. Burda, Grosse &amp; Salakhutdinov (2016), eq. 8.</summary>
    ImportanceWeighted,
}

/// <summary>How a variational autoencoder is built, trained and scored.</summary>
public sealed record VaeOptions
{
    /// <summary>The dimension of z, or of z₁ where there are several stochastic layers; at least 1.</summary>
    public int LatentSize { get; init; } = 16;

    /// <summary>The dimensions of z₂, …, z_L of a deep latent Gaussian model; none: one stochastic layer.</summary>
    /// <remarks>Rezende, Mohamed &amp; Wierstra (2014); Burda, Grosse &amp; Salakhutdinov (2016), §3.</remarks>
    public IReadOnlyList<int> UpperLatentSizes { get; init; } = [];

    /// <summary>The networks between the data and z₁.</summary>
    public VaeArchitecture Architecture { get; init; } = new MlpArchitecture();

    /// <summary>Units of the hidden layers between z_l and z_{l+1}.</summary>
    public IReadOnlyList<int> UpperHidden { get; init; } = [128];

    /// <summary>The covariance of q(z | x), or where there is a flow, of what it begins with.</summary>
    public PosteriorCovariance Posterior { get; init; }

    /// <summary>What makes a posterior of another shape of the Gaussian; null: nothing.</summary>
    public PosteriorFlow? PosteriorFlow { get; init; }

    /// <summary>The distribution of columns not named in <see cref="ColumnLikelihoods"/>; null: found from the data.</summary>
    /// <remarks>
    /// Found are: one-hot groups, columns in a row whose names begin alike up to a dot, as OneHotEncoding and Concatenate name
    /// them, and of which never two are 1 and seldom none is: categorical; columns of zeros and ones alone: Bernoulli;
    /// others: Gaussian, or where <see cref="FindsCounts"/> is set and all values are whole and not negative, Poisson.
    /// </remarks>
    public Likelihood? Likelihood { get; init; }

    /// <summary>
    /// The distributions of columns by the name of a feature, or where none is called so, of the column it comes from:
    /// "Colour" is "Colour.red" and "Colour.blue", or as <c>DesignMatrix</c> names them "Colour=red" and "Colour=blue".
    /// </summary>
    public IReadOnlyDictionary<string, Likelihood> ColumnLikelihoods { get; init; } = new Dictionary<string, Likelihood>();

    /// <summary>Whether columns of whole numbers, not negative and not only 0 and 1, are taken for Poisson counts.</summary>
    public bool FindsCounts { get; init; }

    /// <summary>What is maximised.</summary>
    public VaeBound Bound { get; init; }

    /// <summary>Draws of z for a row and step, K; at least 1.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>β, the weight of the divergence; 1 gives the bound. Higgins et al. (2017).</summary>
    public double Beta { get; init; } = 1;

    /// <summary>λ nats: a latent dimension's divergence, its mean over the batch, counts as λ where it is less.</summary>
    /// <remarks>
    /// Kingma et al. (2016), eq. 15; by dimension for diagonal posteriors, else by the whole vector. Not for the
    /// importance-weighted bound.
    /// </remarks>
    public double FreeBits { get; init; }

    /// <summary>The share of training over which β rises from 0, in [0, 1]. Sønderby et al. (2016), §2.3.</summary>
    public double KlWarmUp { get; init; }

    /// <summary>The columns that the model gives beside the latent mean.</summary>
    public VaeColumns Columns { get; init; }

    /// <summary>Draws of z for a row where a column needs them, in scoring; 1 to 10,000.</summary>
    public int ScoringSamples { get; init; } = 32;

    /// <summary>How it is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range; the message names it.</exception>
    public void Validate()
    {
        Check(LatentSize >= 1, $"LatentSize must be at least 1, but is {LatentSize}.", nameof(LatentSize));
        ArgumentNullException.ThrowIfNull(UpperLatentSizes);
        Check(
            UpperLatentSizes.All(size => size >= 1),
            $"UpperLatentSizes must be at least 1 each, but are {string.Join(", ", UpperLatentSizes)}.",
            nameof(UpperLatentSizes));
        ArgumentNullException.ThrowIfNull(UpperHidden);
        Check(
            UpperHidden.All(units => units >= 1),
            $"UpperHidden must be at least 1 each, but are {string.Join(", ", UpperHidden)}.",
            nameof(UpperHidden));
        ArgumentNullException.ThrowIfNull(Architecture);
        Architecture.Validate();
        ArgumentNullException.ThrowIfNull(ColumnLikelihoods);
        Check(Enum.IsDefined(Posterior), $"Posterior has no value {(int)Posterior}.", nameof(Posterior));
        PosteriorFlow?.Validate();
        Check(Enum.IsDefined(Bound), $"Bound has no value {(int)Bound}.", nameof(Bound));
        Check(Samples >= 1, $"Samples must be at least 1, but is {Samples}.", nameof(Samples));
        Check(Beta >= 0 && double.IsFinite(Beta), $"Beta must be at least 0, but is {Beta}.", nameof(Beta));
        Check(FreeBits >= 0 && double.IsFinite(FreeBits), $"FreeBits must be at least 0, but is {FreeBits}.", nameof(FreeBits));
        Check(
            FreeBits == 0 || Bound == VaeBound.Elbo,
            "FreeBits bound the divergence of the ELBO; the importance-weighted bound has none. Set FreeBits to 0.",
            nameof(FreeBits));
        Check(KlWarmUp is >= 0 and <= 1, $"KlWarmUp must lie in [0, 1], but is {KlWarmUp}.", nameof(KlWarmUp));
        Check(
            ScoringSamples is >= 1 and <= 10_000,
            $"ScoringSamples must lie between 1 and 10,000, but is {ScoringSamples}.",
            nameof(ScoringSamples));
        ArgumentNullException.ThrowIfNull(Training);
        Training.Validate();
    }

    private static void Check(bool holds, string message, string name)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, message);
    }
}
