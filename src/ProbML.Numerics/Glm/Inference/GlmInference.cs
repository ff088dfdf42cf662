using System.Globalization;
using ProbML.Fitting;

namespace ProbML;

/// <summary>What all inference from a fitted model needs.</summary>
internal static class GlmInference
{
    /// <exception cref="ArgumentException">The design has other features than the model.</exception>
    public static void Check(Design design, GlmModel model)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(model);
        if (design.FeatureCount != model.FeatureCount)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The design has {design.FeatureCount} features, the model was fitted to {model.FeatureCount}. "
                + $"Give the design that the model was fitted to."), nameof(design));
    }

    /// <exception cref="InvalidOperationException">The rows are not those of the fit.</exception>
    public static void CheckRows(long positiveRows, GlmModel model)
    {
        if (positiveRows != model.Statistics.PositiveRows)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The design has {positiveRows} rows of positive weight, the model was fitted to "
                + $"{model.Statistics.PositiveRows}. Give the design that the model was fitted to."));
    }

    /// <summary>Where the model stands.</summary>
    public static GlmPoint Point(GlmModel model)
    {
        var parts = model.Parts;
        return new GlmPoint(parts.Family, parts.Link, parts.Transform, parts.Scaled);
    }

    /// <summary>The rows of T, each coefficient of [1, x] from those of z; null for aliased ones.</summary>
    public static double[]?[] Directions(GlmModel model)
    {
        var parts = model.Parts;
        double[] t = parts.Transform.ToOriginal(out int rows);
        int q = parts.Transform.Width;
        return [.. Enumerable.Range(0, rows).Select(i => parts.Aliasing.ContainsKey(i) ? null : t[(i * q)..((i + 1) * q)])];
    }

    /// <summary>The two-sided quantile: normal where the dispersion is known, Student's t otherwise.</summary>
    public static double Quantile(GlmModel model, double level) => GlmCoefficientTable.Quantile(model.Parts, level);

    /// <summary>T (ZᵀWZ)⁻¹, a row for each estimated coefficient: what a score does to it, [p][q].</summary>
    public static double[][] Influence(GlmModel model)
    {
        int q = model.Parts.Transform.Width;
        double[] c = model.Parts.Covariance;
        return [.. Directions(model).OfType<double[]>().Select(t => Enumerable.Range(0, q)
            .Select(k => System.Numerics.Tensors.TensorPrimitives.Dot<double>(t, c.AsSpan(k * q, q))).ToArray())];
    }

    /// <summary>The model's coefficients with another covariance; z where the dispersion is known, else t.</summary>
    public static IReadOnlyList<GlmCoefficient> Table(GlmModel model, double[,] covariance, long degreesOfFreedom)
    {
        bool known = model.IsDispersionKnown;
        double quantile = known ? NormalDistribution.Quantile(0.5 + model.Level / 2)
            : degreesOfFreedom > 0 ? StudentT.Quantile(0.5 + model.Level / 2, degreesOfFreedom)
            : double.NaN;
        int kept = 0;
        return [.. model.Coefficients.Select(c =>
        {
            if (c.IsAliased)
                return c;
            double error = Math.Sqrt(covariance[kept, kept]), statistic = c.Estimate / error;
            kept++;
            double p = !double.IsFinite(statistic) ? double.NaN
                : known ? NormalDistribution.TwoSided(statistic)
                : StudentT.TwoSided(statistic, degreesOfFreedom);
            return c with
            {
                StandardError = error,
                Statistic = statistic,
                PValue = p,
                Lower = c.Estimate - quantile * error,
                Upper = c.Estimate + quantile * error,
            };
        })];
    }

    /// <summary>The level asked for, or the model's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not strictly between 0 and 1.</exception>
    public static double Level(GlmModel model, double? level)
    {
        double wanted = level ?? model.Level;
        return wanted is > 0 and < 1
            ? wanted
            : throw new ArgumentOutOfRangeException(nameof(level), wanted, "The level must lie strictly between 0 and 1.");
    }
}
