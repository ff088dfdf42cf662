namespace ProbML.GaussianProcesses;

/// <summary>k = B_ij, B = W Wᵀ + diag(κ), i and j the outputs that a feature of x and z names: what several outputs have in common.</summary>
/// <remarks>
/// Times a kernel of the other features it is the intrinsic coregionalisation model, and a sum of such products the linear model of
/// coregionalisation: Bonilla, Chai &amp; Williams (2008); Álvarez, Rosasco &amp; Lawrence (2012), §4.2. Times a white kernel, without
/// loadings, it is a noise variance for each output.
/// </remarks>
public sealed record CoregionalisationKernel : Kernel
{
    private readonly KernelVector<double> loadings, variances;

    /// <summary>A kernel of so many outputs.</summary>
    /// <param name="outputs">P ≥ 1.</param>
    /// <param name="rank">R ≥ 0, the columns of W: how many functions the outputs share.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public CoregionalisationKernel(int outputs, int rank = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        (Outputs, Rank) = (outputs, rank);
        var start = new double[outputs * rank];
        for (int i = 0; i < outputs; i++)
            for (int r = 0; r < rank; r++)
                start[i * rank + r] = Math.Cos(Math.PI * r * (i + 0.5) / outputs) / Math.Sqrt(rank);
        loadings = KernelVector.Create<double>(start);
        variances = KernelVector.Create<double>([.. Enumerable.Repeat(0.5, outputs)]);
    }

    /// <summary>P.</summary>
    public int Outputs { get; }

    /// <summary>R.</summary>
    public int Rank { get; }

    /// <summary>W, [P, R], row-major.</summary>
    public KernelVector<double> Loadings
    {
        get => loadings;
        init => loadings = value?.Count == Outputs * Rank && value.All(double.IsFinite)
            ? value
            : throw new ArgumentException(
                $"{Outputs} outputs of rank {Rank} have {Outputs * Rank} finite loadings, not {value?.ToString() ?? "none"}.", nameof(Loadings));
    }

    /// <summary>κ &gt; 0, [P].</summary>
    public KernelVector<double> Variances
    {
        get => variances;
        init => variances = value?.Count == Outputs && value.All(one => one > 0 && double.IsFinite(one))
            ? value
            : throw new ArgumentException(
                $"{Outputs} outputs have {Outputs} variances above zero, not {value?.ToString() ?? "none"}.", nameof(Variances));
    }

    /// <summary>The feature that names the output, from 0; it is not standardised.</summary>
    public int Dim { get; init; }

    /// <summary>The feature's value for the first output; the others follow.</summary>
    public int First { get; init; }

    /// <inheritdoc/>
    public override int ParameterCount => Outputs * (Rank + 1);

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames =>
    [
        .. Enumerable.Range(0, Outputs * Rank).Select(k => $"loading[{k / Rank},{k % Rank}]"),
        .. Enumerable.Range(0, Outputs).Select(i => $"variance[{i}]"),
    ];

    internal override IEnumerable<int> IndexDims => [Dim];

    /// <summary>B, [P, P].</summary>
    public double[] Covariance()
    {
        var b = new double[Outputs * Outputs];
        for (int i = 0; i < Outputs; i++)
            Covariances(i, b.AsSpan(i * Outputs, Outputs));
        return b;
    }

    /// <summary>Which output a number names; −1: none.</summary>
    internal int Place(double index)
    {
        double place = index - First;
        return place >= 0 && place < Outputs && place == Math.Floor(place) ? (int)place : -1;
    }

    /// <inheritdoc/>
    public override void Row(in KernelRow row, Span<double> values)
    {
        int own = Place(row.X[Dim]);
        Span<double> b = new double[Outputs];
        if (own >= 0)
            Covariances(own, b);
        var others = row.Others(Dim);
        for (int j = 0; j < values.Length; j++)
            values[j] = own >= 0 && Place(others[j]) is >= 0 and var other ? b[other] : double.NaN;
    }

    /// <inheritdoc/>
    public override void AddGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        int own = Place(row.X[Dim]);
        if (own < 0)
            return;
        var others = row.Others(Dim);
        Span<double> sums = new double[Outputs];
        for (int j = 0; j < weights.Length; j++)
        {
            if (Place(others[j]) is >= 0 and var other)
                sums[other] += weights[j];
        }
        AddGradient(own, sums, gradient);
    }

    /// <inheritdoc/>
    public override void AddInputGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        // An output's name does not move.
    }

    /// <inheritdoc/>
    public override double Diagonal(ReadOnlySpan<double> x)
    {
        int own = Place(x[Dim]);
        if (own < 0)
            return double.NaN;
        double sum = variances[own];
        for (int r = 0; r < Rank; r++)
            sum += loadings[own * Rank + r] * loadings[own * Rank + r];
        return sum;
    }

    /// <inheritdoc/>
    public override void AddDiagonalGradient(ReadOnlySpan<double> x, double weight, Span<double> gradient)
    {
        int own = Place(x[Dim]);
        if (own < 0)
            return;
        Span<double> sums = new double[Outputs];
        sums[own] = weight;
        AddGradient(own, sums, gradient);
    }

    /// <inheritdoc/>
    public override void GetFreeParameters(Span<double> free)
    {
        for (int k = 0; k < loadings.Count; k++)
            free[k] = loadings[k];
        for (int i = 0; i < Outputs; i++)
            free[loadings.Count + i] = Math.Log(variances[i]);
    }

    /// <inheritdoc/>
    public override Kernel With(ReadOnlySpan<double> free)
    {
        var moved = new double[Outputs];
        for (int i = 0; i < Outputs; i++)
            moved[i] = Math.Exp(free[loadings.Count + i]);
        return this with { Loadings = KernelVector.Create(free[..loadings.Count]), Variances = KernelVector.Create<double>(moved) };
    }

    /// <inheritdoc/>
    public override Kernel ForFeatures(int features) => Dim >= 0 && Dim < features
        ? this
        : throw new ArgumentException($"Outputs are named by feature {Dim}, but there are {features}, counted from 0.", nameof(features));

    /// <inheritdoc/>
    public override string ToString() => string.Concat(
        $"coregion(outputs={Outputs}, rank={Rank}, dim={Dim}",
        First == 0 ? "" : $", first={First}",
        Rank == 0 ? "" : $", loadings={loadings}",
        $", variances={variances})");

    internal override (int Feature, string Must)? Fault(ReadOnlySpan<double> x) => Place(x[Dim]) >= 0
        ? null
        : (Dim, $"must be a whole number from {First} to {First + Outputs - 1}, an output's");

    /// <summary>B_ij for all j.</summary>
    private void Covariances(int i, Span<double> b)
    {
        for (int j = 0; j < Outputs; j++)
        {
            b[j] = i == j ? variances[i] : 0;
            for (int r = 0; r < Rank; r++)
                b[j] += loadings[i * Rank + r] * loadings[j * Rank + r];
        }
    }

    /// <summary>Adds Σⱼ sⱼ ∂B_ij/∂φ.</summary>
    private void AddGradient(int i, ReadOnlySpan<double> sums, Span<double> gradient)
    {
        for (int j = 0; j < Outputs; j++)
        {
            for (int r = 0; r < Rank; r++)
            {
                gradient[i * Rank + r] += sums[j] * loadings[j * Rank + r];
                gradient[j * Rank + r] += sums[j] * loadings[i * Rank + r];
            }
        }
        gradient[Outputs * Rank + i] += sums[i] * variances[i];
    }
}
