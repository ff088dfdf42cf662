using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>A kernel made of others.</summary>
public abstract record CompositeKernel : Kernel
{
    private readonly Kernel[] parts;

    private protected CompositeKernel(params Kernel[] parts) => this.parts = parts;

    /// <summary>The kernels that it is made of, two or more.</summary>
    public IReadOnlyList<Kernel> Parts => parts;

    /// <inheritdoc/>
    public override int ParameterCount => parts.Sum(part => part.ParameterCount);

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames =>
        [.. parts.SelectMany((part, i) => part.ParameterNames.Select(name => $"parts[{i}].{name}"))];

    internal override IEnumerable<int> IndexDims => parts.SelectMany(part => part.IndexDims).Distinct();

    /// <inheritdoc/>
    public override void GetFreeParameters(Span<double> free)
    {
        foreach (var part in parts)
        {
            part.GetFreeParameters(free);
            free = free[part.ParameterCount..];
        }
    }

    /// <inheritdoc/>
    public override Kernel With(ReadOnlySpan<double> free)
    {
        var moved = new Kernel[parts.Length];
        for (int i = 0; i < parts.Length; free = free[parts[i].ParameterCount..], i++)
            moved[i] = parts[i].With(free[..parts[i].ParameterCount]);
        return Of(moved);
    }

    /// <inheritdoc/>
    public override Kernel ForFeatures(int features) => Of([.. parts.Select(part => part.ForFeatures(features))]);

    /// <inheritdoc/>
    public override Kernel Over(KernelVector<int> dims) => Of([.. parts.Select(part => part.Over(dims))]);

    /// <inheritdoc/>
    public virtual bool Equals(CompositeKernel? other) =>
        other is not null && EqualityContract == other.EqualityContract && parts.SequenceEqual(other.parts);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(EqualityContract);
        foreach (var part in parts)
            hash.Add(part);
        return hash.ToHashCode();
    }

    internal override (int Feature, string Must)? Fault(ReadOnlySpan<double> x)
    {
        foreach (var part in parts)
        {
            if (part.Fault(x) is { } fault)
                return fault;
        }
        return null;
    }

    private protected abstract Kernel Of(Kernel[] others);
}

/// <summary>k = Σ kᵢ: the sum of independent functions.</summary>
public sealed record SumKernel : CompositeKernel
{
    private SumKernel(Kernel[] parts)
        : base(parts)
    {
    }

    internal static SumKernel Of(Kernel left, Kernel right) => new(
    [
        .. left is SumKernel first ? first.Parts : [left],
        .. right is SumKernel second ? second.Parts : [right],
    ]);

    /// <inheritdoc/>
    public override void Row(in KernelRow row, Span<double> values)
    {
        using var scratch = new Scratch(row.Count);
        Parts[0].Row(row, values);
        foreach (var part in Parts.Skip(1))
        {
            part.Row(row, scratch.Span);
            TensorPrimitives.Add(values, scratch.Span, values);
        }
    }

    /// <inheritdoc/>
    public override void AddGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        foreach (var part in Parts)
        {
            part.AddGradient(row, weights, gradient[..part.ParameterCount]);
            gradient = gradient[part.ParameterCount..];
        }
    }

    /// <inheritdoc/>
    public override void AddInputGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        foreach (var part in Parts)
            part.AddInputGradient(row, weights, gradient);
    }

    /// <inheritdoc/>
    public override double Diagonal(ReadOnlySpan<double> x)
    {
        double sum = 0;
        foreach (var part in Parts)
            sum += part.Diagonal(x);
        return sum;
    }

    /// <inheritdoc/>
    public override double WhiteDiagonal(ReadOnlySpan<double> x)
    {
        double sum = 0;
        foreach (var part in Parts)
            sum += part.WhiteDiagonal(x);
        return sum;
    }

    /// <inheritdoc/>
    public override void AddDiagonalGradient(ReadOnlySpan<double> x, double weight, Span<double> gradient)
    {
        foreach (var part in Parts)
        {
            part.AddDiagonalGradient(x, weight, gradient[..part.ParameterCount]);
            gradient = gradient[part.ParameterCount..];
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" + ", Parts);

    private protected override Kernel Of(Kernel[] others) => new SumKernel(others);
}

/// <summary>k = Π kᵢ.</summary>
public sealed record ProductKernel : CompositeKernel
{
    private ProductKernel(Kernel[] parts)
        : base(parts)
    {
    }

    internal static ProductKernel Of(Kernel left, Kernel right) => new(
    [
        .. left is ProductKernel first ? first.Parts : [left],
        .. right is ProductKernel second ? second.Parts : [right],
    ]);

    /// <inheritdoc/>
    public override void Row(in KernelRow row, Span<double> values)
    {
        using var scratch = new Scratch(row.Count);
        Parts[0].Row(row, values);
        foreach (var part in Parts.Skip(1))
        {
            part.Row(row, scratch.Span);
            TensorPrimitives.Multiply(values, scratch.Span, values);
        }
    }

    /// <inheritdoc/>
    public override void AddGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        using var scratch = new Scratch(row.Count);
        for (int i = 0; i < Parts.Count; i++)
        {
            WeightsOf(i, row, weights, scratch.Span);
            Parts[i].AddGradient(row, scratch.Span, gradient[..Parts[i].ParameterCount]);
            gradient = gradient[Parts[i].ParameterCount..];
        }
    }

    /// <inheritdoc/>
    public override void AddInputGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        using var scratch = new Scratch(row.Count);
        for (int i = 0; i < Parts.Count; i++)
        {
            WeightsOf(i, row, weights, scratch.Span);
            Parts[i].AddInputGradient(row, scratch.Span, gradient);
        }
    }

    /// <inheritdoc/>
    public override double Diagonal(ReadOnlySpan<double> x)
    {
        double product = 1;
        foreach (var part in Parts)
            product *= part.Diagonal(x);
        return product;
    }

    /// <inheritdoc/>
    public override double WhiteDiagonal(ReadOnlySpan<double> x)
    {
        double whole = 1;
        foreach (var part in Parts)
            whole *= part.Diagonal(x) + part.WhiteDiagonal(x);
        return whole - Diagonal(x);
    }

    /// <inheritdoc/>
    public override void AddDiagonalGradient(ReadOnlySpan<double> x, double weight, Span<double> gradient)
    {
        for (int i = 0; i < Parts.Count; i++)
        {
            double others = weight;
            for (int j = 0; j < Parts.Count; j++)
                others *= j == i ? 1 : Parts[j].Diagonal(x);
            Parts[i].AddDiagonalGradient(x, others, gradient[..Parts[i].ParameterCount]);
            gradient = gradient[Parts[i].ParameterCount..];
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(" * ", Parts.Select(part => part is SumKernel ? $"({part})" : part.ToString()));

    private protected override Kernel Of(Kernel[] others) => new ProductKernel(others);

    /// <summary>The weights times every other part.</summary>
    private void WeightsOf(int part, in KernelRow row, ReadOnlySpan<double> weights, Span<double> product)
    {
        using var scratch = new Scratch(row.Count);
        weights.CopyTo(product);
        for (int j = 0; j < Parts.Count; j++)
        {
            if (j == part)
                continue;
            Parts[j].Row(row, scratch.Span);
            TensorPrimitives.Multiply(product, scratch.Span, product);
        }
    }
}
