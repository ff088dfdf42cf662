using ProbML.TwoSample;

namespace ProbML.DensityRatios;

/// <summary>r(x) = Σ θₗ exp(−‖x − cₗ‖² / (2σ²)), θ ≥ 0, about centres c of the numerator's rows.</summary>
public sealed class KernelDensityRatio : IDensityRatio
{
    private readonly double[] centres, coefficients;

    internal KernelDensityRatio(double[] centres, int featureCount, double bandwidth, double[] coefficients) =>
        (this.centres, FeatureCount, Bandwidth, this.coefficients) = (centres, featureCount, bandwidth, coefficients);

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <summary>σ.</summary>
    public double Bandwidth { get; }

    /// <summary>c, [b, d], row-major.</summary>
    public IReadOnlyList<double> Centres => centres;

    /// <summary>θ, [b].</summary>
    public IReadOnlyList<double> Coefficients => coefficients;

    /// <summary>λ; 0 where the method has none.</summary>
    public double Regularization { get; internal init; }

    /// <summary>The share α of the numerator in the denominator that r is relative to; 0: the plain ratio.</summary>
    public double Alpha { get; internal init; }

    /// <summary>The estimate of the divergence that the method is about: Pearson's of least squares, KL of KLIEP.</summary>
    public double Divergence { get; internal init; }

    /// <summary>r(x), ≥ 0; relative to the mixture where <see cref="Alpha"/> &gt; 0: p/(α p + (1 − α) q).</summary>
    /// <param name="x">[d].</param>
    public double Ratio(ReadOnlySpan<double> x)
    {
        if (x.Length != FeatureCount)
            throw new ArgumentException($"{x.Length} features were given; the ratio has {FeatureCount}.", nameof(x));
        double sum = 0;
        for (int l = 0; l < coefficients.Length; l++)
            if (coefficients[l] > 0)
                sum += coefficients[l] * Math.Exp(
                    -Distances.Squared(x, centres.AsSpan(l * FeatureCount, FeatureCount)) / (2 * Bandwidth * Bandwidth));
        return double.IsNaN(TensorSum(x)) ? double.NaN : sum;
    }

    /// <inheritdoc/>
    public double LogRatio(ReadOnlySpan<double> x) => Math.Log(Ratio(x));

    private static double TensorSum(ReadOnlySpan<double> x) => System.Numerics.Tensors.TensorPrimitives.Sum(x);
}
