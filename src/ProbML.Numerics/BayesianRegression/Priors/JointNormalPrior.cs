using ProbML.LinearAlgebra;

namespace ProbML;

/// <summary>β ~ N(mean, covariance), jointly; the posterior of one fit as the prior of the next.</summary>
public sealed class JointNormalPrior
{
    /// <summary>A joint normal.</summary>
    /// <param name="names">[p], "(Intercept)" for the intercept.</param>
    /// <param name="mean">[p].</param>
    /// <param name="covariance">[p, p], symmetric, positive definite.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, or the covariance is not positive definite.</exception>
    public JointNormalPrior(IReadOnlyList<string> names, IReadOnlyList<double> mean, double[,] covariance)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(covariance);
        int p = names.Count;
        if (mean.Count != p || covariance.GetLength(0) != p || covariance.GetLength(1) != p)
            throw new ArgumentException(
                $"{p} names need a mean of {p} numbers and a covariance of {p} by {p}, but there are {mean.Count} and "
                + $"{covariance.GetLength(0)} by {covariance.GetLength(1)}.", nameof(covariance));
        (Names, Mean) = ([.. names], [.. mean]);
        Covariance = (double[,])covariance.Clone();
        double[] factor = new double[p * p], scale = new double[p];
        for (int i = 0; i < p; i++)
        {
            scale[i] = Math.Sqrt(covariance[i, i]);
            if (!(scale[i] > 0 && double.IsFinite(scale[i] + mean[i])))
                throw new ArgumentException(
                    $"The prior of '{names[i]}' has mean {mean[i]:R} and variance {covariance[i, i]:R}: the mean must be finite "
                    + "and the variance positive.", nameof(covariance));
        }
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j < p; j++)
                factor[i * p + j] = covariance[i, j] / (scale[i] * scale[j]);
        }
        if (!Cholesky.TryFactor(factor, p, p, out int failed))
            throw new ArgumentException(
                $"The prior covariance is not positive definite: '{names[failed]}' depends on the ones before it.", nameof(covariance));
        LogDeterminant = Cholesky.LogDeterminant(factor, p, p) + 2 * scale.Sum(Math.Log);
        Precision = new double[p * p];
        Cholesky.InvertFromFactor(factor, p, p, Precision, p);
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j < p; j++)
                Precision[i * p + j] /= scale[i] * scale[j];
        }
    }

    /// <summary>[p].</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>[p].</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>[p, p].</summary>
    public double[,] Covariance { get; }

    /// <summary>ln |covariance|.</summary>
    internal double LogDeterminant { get; }

    /// <summary>The inverse of the covariance, [p, p].</summary>
    internal double[] Precision { get; }

    /// <summary>The places of these coefficients in the prior.</summary>
    /// <exception cref="InvalidOperationException">The prior is about other coefficients.</exception>
    internal int[] Places(IReadOnlyList<string> names)
    {
        var places = names.Select(name => Names.ToList().IndexOf(name)).ToArray();
        int absent = Array.IndexOf(places, -1);
        if (absent >= 0 || names.Count != Names.Count)
            throw new InvalidOperationException(
                $"The joint prior is about {Text(Names)}, but the coefficients are {Text(names)}. They must be the same.");
        return places;
    }

    private static string Text(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(12).Select(name => $"'{name}'")) + (names.Count > 12 ? ", ..." : "");
}
