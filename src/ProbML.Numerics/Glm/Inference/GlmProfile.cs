using ProbML.Fitting;

namespace ProbML;

/// <summary>An interval of a parameter, from its profile likelihood.</summary>
/// <param name="Name">The coefficient's name, or "theta".</param>
/// <param name="Estimate">The estimate; NaN for an aliased coefficient.</param>
/// <param name="Lower">The lower end; −∞ where the profile never falls far enough, NaN where there is none.</param>
/// <param name="Upper">The upper end; +∞ where the profile never falls far enough, NaN where there is none.</param>
public sealed record ProfileInterval(string Name, double Estimate, double Lower, double Upper);

/// <summary>Profile-likelihood intervals of a model.</summary>
/// <param name="Level">Their level.</param>
/// <param name="Coefficients">One for each coefficient, in the model's order; NaN for aliased ones.</param>
/// <param name="Theta">The negative binomial's θ, where it was estimated; else null.</param>
/// <param name="Passes">How often the rows were read.</param>
public sealed record GlmProfileIntervals(
    double Level, IReadOnlyList<ProfileInterval> Coefficients, ProfileInterval? Theta, int Passes);

/// <summary>Profile-likelihood intervals: {v : 2(l(θ̂) − max l given βⱼ = v) ≤ χ²₁ quantile}.</summary>
/// <remarks>
/// Every other parameter is maximised again at each v, the negative binomial's θ included where it was estimated (MASS keeps
/// it fixed). Where the dispersion is estimated the difference of deviances is divided by it and the quantile is that of F
/// with 1 and n − p degrees of freedom, t's squared, as R's <c>confint.glm</c> has it; for the Gaussian family with the
/// identity link that is the t interval. Of multinomial, ordinal and Tobit models thresholds and ln σ are profiled as the
/// coefficients are. Of a ridge fit the penalised likelihood is profiled. The ends of all intervals are
/// sought together, in the same passes over the rows. Venzon &amp; Moolgavkar (1988), "A method for computing
/// profile-likelihood-based confidence intervals"; McCullagh &amp; Nelder (1989), §A.4.
/// </remarks>
public static class GlmProfile
{
    /// <summary>The intervals of all coefficients, and of θ where it was estimated.</summary>
    /// <param name="design">The rows that the model was fitted to.</param>
    /// <param name="model">The fitted model.</param>
    /// <param name="level">The level, in (0, 1); null: the model's.</param>
    /// <param name="monitor">Told of each pass; null: none.</param>
    /// <exception cref="ArgumentException">The design has other features than the model, or the fit has an L1 penalty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is not strictly between 0 and 1.</exception>
    /// <exception cref="OperationCanceledException">The monitor says so.</exception>
    public static GlmProfileIntervals Intervals(
        Design design, GlmModel model, double? level = null, TrainingMonitor? monitor = null)
    {
        GlmInference.Check(design, model);
        double wanted = GlmInference.Level(model, level);
        if (model.Options.L1 > 0)
            throw new ArgumentException("An L1 fit has no smooth likelihood to profile. Fit with L1 = 0.", nameof(model));
        var profiler = new GlmProfiler(design, model, monitor ?? TrainingMonitor.None);
        return profiler.Intervals(wanted);
    }

    /// <summary>The intervals of all coefficients of a multinomial, ordinal or Tobit model, thresholds and ln σ included.</summary>
    /// <param name="design">The rows that the model was fitted to.</param>
    /// <param name="model">The fitted model.</param>
    /// <param name="level">The level, in (0, 1); null: the model's.</param>
    /// <param name="monitor">Told of each pass; null: none.</param>
    /// <exception cref="ArgumentException">The design has other features than the model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is not strictly between 0 and 1.</exception>
    /// <exception cref="OperationCanceledException">The monitor says so.</exception>
    public static GlmProfileIntervals Intervals(
        Design design, VectorGlmModel model, double? level = null, TrainingMonitor? monitor = null)
    {
        GlmInference.Check(design, model);
        double wanted = GlmInference.Level(model, level);
        return new VectorProfiler(design, model, monitor ?? TrainingMonitor.None).Intervals(wanted);
    }
}
