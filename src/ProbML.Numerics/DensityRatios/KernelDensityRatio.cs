namespace ProbML.DensityRatios;

/// <summary>r(x) = Σ θₗ exp(−Σⱼ (xⱼ − cₗⱼ)² / (2 σ² sⱼ²)), θ ≥ 0, about centres c of the numerator's rows.</summary>
public sealed class KernelDensityRatio : IDensityRatio
{
    private readonly double[] centres, scales, coefficients;

    internal KernelDensityRatio(KernelColumns columns, double bandwidth, double[] coefficients) =>
        (centres, scales, Bandwidth, this.coefficients) = (columns.Centres, columns.Scales, bandwidth, coefficients);

    /// <inheritdoc/>
    public int FeatureCount => scales.Length;

    /// <summary>σ, in units of <see cref="Scales"/>.</summary>
    public double Bandwidth { get; }

    /// <summary>c, [b, d], row-major.</summary>
    public IReadOnlyList<double> Centres => centres;

    /// <summary>s, [d]: the features' standard deviations over both samples; 1 where the bandwidth was given.</summary>
    public IReadOnlyList<double> Scales => scales;

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
        {
            if (coefficients[l] == 0)
                continue;
            double square = 0;
            for (int j = 0; j < x.Length; j++)
            {
                double apart = (x[j] - centres[l * x.Length + j]) / scales[j];
                square += apart * apart;
            }
            sum += coefficients[l] * Math.Exp(-square / (2 * Bandwidth * Bandwidth));
        }
        return double.IsNaN(TensorSum(x)) ? double.NaN : sum;
    }

    /// <inheritdoc/>
    public double LogRatio(ReadOnlySpan<double> x) => Math.Log(Ratio(x));

    private static double TensorSum(ReadOnlySpan<double> x) => System.Numerics.Tensors.TensorPrimitives.Sum(x);
}
