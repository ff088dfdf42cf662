using System.Globalization;
using System.Numerics.Tensors;
using ProbML.Fitting;

namespace ProbML;

/// <summary>What all inference from a fitted model needs.</summary>
internal static class GlmInference
{
    /// <exception cref="ArgumentException">The design has other features than the model.</exception>
    public static void Check(Design design, IFittedModel model)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(model);
        if (design.FeatureCount != model.FeatureCount)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The design has {design.FeatureCount} features, the model was fitted to {model.FeatureCount}. "
                + $"Give the design that the model was fitted to."), nameof(design));
    }

    /// <exception cref="InvalidOperationException">The rows are not those of the fit.</exception>
    public static void CheckRows(long positiveRows, IFittedModel model)
    {
        if (positiveRows != model.PositiveRows)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The design has {positiveRows} rows of positive weight, the model was fitted to "
                + $"{model.PositiveRows}. Give the design that the model was fitted to."));
    }

    /// <exception cref="ArgumentException">There is no covariance to take leverages and sandwiches from.</exception>
    public static void CheckCovariance(IFittedModel model, double[] covariance)
    {
        if (!Array.TrueForAll(covariance, double.IsFinite))
            throw new ArgumentException(
                "The model has no covariance: its information matrix is singular. Look at its Statistics.Status.", nameof(model));
    }

    /// <summary>Where the model stands.</summary>
    public static GlmPoint Point(GlmModel model)
    {
        var parts = model.Parts;
        return new GlmPoint(parts.Family, parts.Link, parts.Transform, parts.Scaled);
    }

    /// <summary>The rows of T, each coefficient of [1, x] from those of z; null for aliased ones.</summary>
    public static double[]?[] Directions(GlmModel model) =>
        Directions(model.Coefficients, model.Parts.Transform.ToOriginal(out _), model.Parts.Transform.Width);

    /// <summary>The rows of T of β = T b; null for aliased coefficients.</summary>
    /// <param name="coefficients">β, [R].</param>
    /// <param name="map">T, [R, P].</param>
    /// <param name="width">P.</param>
    public static double[]?[] Directions(IReadOnlyList<GlmCoefficient> coefficients, double[] map, int width) =>
        [.. coefficients.Select((c, i) => c.IsAliased ? null : map[(i * width)..((i + 1) * width)])];

    /// <summary>The two-sided quantile of Wald's intervals: normal where the dispersion is known, Student's t otherwise.</summary>
    public static double Quantile(IFittedModel model, double level) =>
        GlmCoefficientTable.Quantile(model.IsDispersionKnown, model.WaldDegreesOfFreedom, level);

    /// <summary>T (ZᵀWZ)⁻¹, a row for each estimated coefficient: what a score does to it, [p][q].</summary>
    public static double[][] Influence(GlmModel model)
    {
        int q = model.Parts.Transform.Width;
        double[] c = model.Parts.ModelCovariance;
        return [.. Directions(model).OfType<double[]>().Select(t => Enumerable.Range(0, q)
            .Select(k => TensorPrimitives.Dot<double>(t, c.AsSpan(k * q, q))).ToArray())];
    }

    /// <summary>The level asked for, or the model's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not strictly between 0 and 1.</exception>
    public static double Level(IFittedModel model, double? level)
    {
        double wanted = level ?? model.Level;
        return wanted is > 0 and < 1
            ? wanted
            : throw new ArgumentOutOfRangeException(nameof(level), wanted, "The level must lie strictly between 0 and 1.");
    }
}
