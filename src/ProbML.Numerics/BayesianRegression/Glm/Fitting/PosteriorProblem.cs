namespace ProbML.Fitting;

/// <summary>The log posterior of (b, τ) at a point, or its expectation under a normal b: value, gradient and −Hessian.</summary>
internal sealed record PosteriorPoint(double[] Position, double Value, double[] Gradient, double[] Information);

/// <summary>The posterior of a Bayesian GLM over a design, in coordinates b (and τ = ln φ, last, where it is unknown).</summary>
internal sealed class PosteriorProblem(
    Design design,
    IFamily family,
    ILinkFunction link,
    RowTransform transform,
    PriorTerms prior,
    DispersionPrior? dispersionPrior,
    double logDispersion,
    TrainingMonitor monitor,
    int? threads)
{
    public Design Design => design;

    public IFamily Family => family;

    public ILinkFunction Link => link;

    public RowTransform Transform => transform;

    public PriorTerms Prior => prior;

    /// <summary>Whether τ is among the unknown.</summary>
    public bool HasTau => dispersionPrior is not null;

    public DispersionPrior? DispersionPrior => dispersionPrior;

    /// <summary>τ where it is known.</summary>
    public double KnownLogDispersion => logDispersion;

    public TrainingMonitor Monitor => monitor;

    public int? Threads => threads;

    /// <summary>q, or q + 1 with τ.</summary>
    public int Dimension => transform.Width + (HasTau ? 1 : 0);

    /// <summary>One pass; null outside the domain.</summary>
    /// <param name="position">(b, τ), or the mean.</param>
    /// <param name="covariance">S of b, or empty.</param>
    public PosteriorPoint? Evaluate(double[] position, double[] covariance)
    {
        int q = transform.Width;
        double[] b = position[..q];
        double tau = HasTau ? position[q] : logDispersion;
        if (!Array.TrueForAll(position, double.IsFinite) || !double.IsNormal(Math.Exp(tau)))
            return null;
        var sum = design.Sum(
            () => new PosteriorSum(transform, new EtaLikelihood(family, link, tau), b, covariance, HasTau), monitor, threads);
        if (!sum.IsValid)
            return null;
        double[] gradient = [.. sum.Gradient, .. HasTau ? (double[])[sum.TauScore] : []], information = sum.Information();
        double value = sum.Value + prior.Add(b, covariance, gradient, information, Dimension);
        if (HasTau)
        {
            var (v, g, c) = dispersionPrior!.At(tau);
            value += v;
            gradient[q] += g;
            information[^1] -= c;
        }
        return double.IsFinite(value) && Array.TrueForAll(information, double.IsFinite)
            ? new(position, value, gradient, information)
            : null;
    }

    /// <summary>The name of an unknown.</summary>
    public string Name(int index) => index == transform.Width ? "the dispersion"
        : transform.Intercept && index == 0 ? "the intercept"
        : $"'{design.FeatureNames[transform.Columns[index - (transform.Intercept ? 1 : 0)]]}'";
}
