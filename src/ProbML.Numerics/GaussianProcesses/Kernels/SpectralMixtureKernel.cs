namespace ProbML.GaussianProcesses;

/// <summary>k = Σ_q w_q Π_d exp(−2π² Δ_d² s²_qd) cos(2π Δ_d μ_qd): a spectral density that is a mixture of normals.</summary>
/// <remarks>Wilson &amp; Adams (2013), eq. 12.</remarks>
public sealed record SpectralMixtureKernel : FeatureKernel
{
    private readonly KernelVector<double> weights = [1], frequencies = [0.5], bandwidths = [0.5];

    /// <summary>A mixture of normals in each feature's frequency.</summary>
    /// <param name="weights">w, [Q], positive.</param>
    /// <param name="frequencies">μ, [Q, d] row-major, positive: in cycles a unit of the feature.</param>
    /// <param name="bandwidths">s, [Q, d], positive: their standard deviations.</param>
    /// <exception cref="ArgumentException">Their lengths do not fit together.</exception>
    public SpectralMixtureKernel(
        KernelVector<double> weights, KernelVector<double> frequencies, KernelVector<double> bandwidths)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(frequencies);
        ArgumentNullException.ThrowIfNull(bandwidths);
        if (weights.Count == 0 || frequencies.Count != bandwidths.Count || frequencies.Count % weights.Count != 0
            || frequencies.Count == 0)
        {
            throw new ArgumentException(
                $"A spectral mixture of {weights.Count} components has as many frequencies as bandwidths, the same number for "
                + $"each component; there are {frequencies.Count} and {bandwidths.Count}.",
                nameof(frequencies));
        }
        foreach (double value in weights.Concat(frequencies).Concat(bandwidths))
            Positive(value, nameof(weights));
        (this.weights, this.frequencies, this.bandwidths) = (weights, frequencies, bandwidths);
    }

    /// <summary>w, [Q].</summary>
    public KernelVector<double> Weights => weights;

    /// <summary>μ, [Q, d].</summary>
    public KernelVector<double> Frequencies => frequencies;

    /// <summary>s, [Q, d].</summary>
    public KernelVector<double> Bandwidths => bandwidths;

    /// <inheritdoc/>
    public override int ParameterCount => weights.Count + 2 * frequencies.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames =>
    [
        .. weights.Select((_, q) => $"weight[{q}]"),
        .. frequencies.Select((_, q) => $"frequency[{q}]"),
        .. bandwidths.Select((_, q) => $"bandwidth[{q}]"),
    ];

    private int PerComponent => frequencies.Count / weights.Count;

    /// <inheritdoc/>
    public override void Row(in KernelRow row, Span<double> values)
    {
        values.Clear();
        using var scratch = new Scratch(row.Count);
        for (int q = 0; q < weights.Count; q++)
        {
            Component(q, row, scratch.Span);
            for (int j = 0; j < values.Length; j++)
                values[j] += scratch.Span[j];
        }
    }

    /// <inheritdoc/>
    public override void AddGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        using var scratch = new Scratch(row.Count);
        var component = scratch.Span;
        int count = this.weights.Count, each = PerComponent;
        for (int q = 0; q < count; q++)
        {
            Component(q, row, component);
            for (int j = 0; j < component.Length; j++)
            {
                double value = weights[j] * component[j];
                gradient[q] += value;
                for (int d = 0; d < each; d++)
                {
                    double delta = row.X[Feature(d)] - row.Others(Feature(d))[j];
                    double turn = 2 * Math.PI * delta * frequencies[q * each + d];
                    double width = 2 * Math.PI * delta * bandwidths[q * each + d];
                    gradient[count + q * each + d] -= weights[j] * turn * WithSine(q, row, j, d);
                    gradient[count + (count + q) * each + d] -= value * width * width;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void AddInputGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        using var scratch = new Scratch(row.Count);
        var component = scratch.Span;
        int each = PerComponent;
        for (int q = 0; q < this.weights.Count; q++)
        {
            Component(q, row, component);
            for (int j = 0; j < component.Length; j++)
                for (int d = 0; d < each; d++)
                {
                    double delta = row.X[Feature(d)] - row.Others(Feature(d))[j], s = bandwidths[q * each + d];
                    gradient[Feature(d)] -= weights[j] * (component[j] * 4 * Math.PI * Math.PI * delta * s * s
                        + 2 * Math.PI * frequencies[q * each + d] * WithSine(q, row, j, d));
                }
        }
    }

    /// <inheritdoc/>
    public override double Diagonal(ReadOnlySpan<double> x) => weights.Sum();

    /// <inheritdoc/>
    public override void AddDiagonalGradient(ReadOnlySpan<double> x, double weight, Span<double> gradient)
    {
        for (int q = 0; q < weights.Count; q++)
            gradient[q] += weight * weights[q];
    }

    /// <inheritdoc/>
    public override void GetFreeParameters(Span<double> free)
    {
        int k = 0;
        foreach (double value in weights.Concat(frequencies).Concat(bandwidths))
            free[k++] = Math.Log(value);
    }

    /// <inheritdoc/>
    public override Kernel With(ReadOnlySpan<double> free)
    {
        var values = new double[ParameterCount];
        for (int k = 0; k < values.Length; k++)
            values[k] = Math.Exp(free[k]);
        int q = weights.Count, many = frequencies.Count;
        return new SpectralMixtureKernel(
            KernelVector.Create<double>(values.AsSpan(0, q)),
            KernelVector.Create<double>(values.AsSpan(q, many)),
            KernelVector.Create<double>(values.AsSpan(q + many, many))) { Dims = Dims };
    }

    /// <inheritdoc/>
    public override Kernel ForFeatures(int features)
    {
        CheckDims(features);
        return PerComponent == FeatureCount(features) ? this : throw new ArgumentException(
            $"The spectral mixture has {PerComponent} frequencies a component for {FeatureCount(features)} features.",
            nameof(features));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"spectral({Arguments($"weights={List(weights)}", $"frequencies={List(frequencies)}", $"bandwidths={List(bandwidths)}")})";

    private static string List(KernelVector<double> values) => values.Count == 1 ? $"[{values}]" : values.ToString();

    private void Component(int q, in KernelRow row, Span<double> values)
    {
        values.Fill(weights[q]);
        int each = PerComponent;
        for (int d = 0; d < each; d++)
        {
            var others = row.Others(Feature(d));
            double x = row.X[Feature(d)], mu = frequencies[q * each + d], s = bandwidths[q * each + d];
            for (int j = 0; j < values.Length; j++)
            {
                double turn = 2 * Math.PI * (x - others[j]), width = turn * s;
                values[j] *= Math.Exp(-0.5 * width * width) * Math.Cos(turn * mu);
            }
        }
    }

    /// <summary>A component with the cosine of one feature replaced by its sine: it cannot be divided out where it is zero.</summary>
    private double WithSine(int q, in KernelRow row, int j, int feature)
    {
        double product = weights[q];
        int each = PerComponent;
        for (int d = 0; d < each; d++)
        {
            double turn = 2 * Math.PI * (row.X[Feature(d)] - row.Others(Feature(d))[j]);
            double width = turn * bandwidths[q * each + d], angle = turn * frequencies[q * each + d];
            product *= Math.Exp(-0.5 * width * width) * (d == feature ? Math.Sin(angle) : Math.Cos(angle));
        }
        return product;
    }
}
