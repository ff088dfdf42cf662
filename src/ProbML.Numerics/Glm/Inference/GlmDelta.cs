using ProbML.Fitting;

namespace ProbML;

/// <summary>A function of the coefficients, with its standard error and interval.</summary>
/// <param name="Estimate">f(β̂).</param>
/// <param name="StandardError">√(∇fᵀ V ∇f).</param>
/// <param name="Lower">The lower end of the interval.</param>
/// <param name="Upper">The upper end of the interval.</param>
public sealed record DeltaInterval(double Estimate, double StandardError, double Lower, double Upper);

/// <summary>The delta method: f(β̂) ± quantile · √(∇fᵀ V ∇f).</summary>
/// <remarks>
/// The gradient is numerical, Richardson's extrapolation of central differences at 0.004 and 0.002 standard errors. The quantile
/// is normal where the dispersion is known, Student's t otherwise. Cox (1998); Casella &amp; Berger (2002), §5.5.4.
/// </remarks>
public static class GlmDelta
{
    /// <summary>The interval of any smooth function of the coefficients.</summary>
    /// <param name="model">The fitted model.</param>
    /// <param name="function">f, of all coefficients in the model's order, aliased ones zero.</param>
    /// <param name="level">The level, in (0, 1); null: the model's.</param>
    /// <param name="covariance">V of the estimated coefficients, [p, p], such as a robust one; null: the model's.</param>
    /// <exception cref="ArgumentException">The covariance has another size, or the function is not finite near β̂.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is not strictly between 0 and 1.</exception>
    public static DeltaInterval Interval(
        GlmModel model, Func<double[], double> function, double? level = null, double[,]? covariance = null) =>
        Of(model, function, level, covariance);

    /// <summary>The interval of any smooth function of the parameters of a multinomial, ordinal or Tobit model.</summary>
    /// <inheritdoc cref="Interval(GlmModel, Func{double[], double}, double?, double[,])"/>
    public static DeltaInterval Interval(
        VectorGlmModel model, Func<double[], double> function, double? level = null, double[,]? covariance = null) =>
        Of(model, function, level, covariance);

    private static DeltaInterval Of(
        IFittedModel model, Func<double[], double> function, double? level, double[,]? covariance)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(function);
        double wanted = GlmInference.Level(model, level);
        var v = covariance ?? model.Covariance;
        int[] kept = [.. Enumerable.Range(0, model.Coefficients.Count).Where(j => !model.Coefficients[j].IsAliased)];
        if (v.GetLength(0) != kept.Length || v.GetLength(1) != kept.Length)
            throw new ArgumentException(
                $"The covariance must be [{kept.Length}, {kept.Length}], one row for each estimated coefficient.", nameof(covariance));
        double[] beta = [.. model.Coefficients.Select(c => c.IsAliased ? 0 : c.Estimate)];
        double[] gradient = [.. kept.Select((place, j) => Slope(place, Math.Sqrt(v[j, j])))];
        double estimate = function([.. beta]), variance = 0;
        for (int i = 0; i < kept.Length; i++)
        {
            for (int j = 0; j < kept.Length; j++)
                variance += gradient[i] * v[i, j] * gradient[j];
        }
        double error = Math.Sqrt(Math.Max(0, variance)), reach = GlmInference.Quantile(model, wanted) * error;
        if (!double.IsFinite(estimate) || double.IsNaN(error))
            throw new ArgumentException("The function is not finite at the estimates or near them.", nameof(function));
        return new DeltaInterval(estimate, error, estimate - reach, estimate + reach);

        double Slope(int place, double unit)
        {
            if (unit == 0)
                return 0;
            double wide = Difference(place, 0.004 * unit), narrow = Difference(place, 0.002 * unit);
            return narrow + (narrow - wide) / 3;
        }

        double Difference(int place, double h)
        {
            double[] up = [.. beta], down = [.. beta];
            (up[place], down[place]) = (beta[place] + h, beta[place] - h);
            return (function(up) - function(down)) / (up[place] - down[place]);
        }
    }
}
