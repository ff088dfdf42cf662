using System.Buffers;

namespace ProbML.GaussianProcesses;

/// <summary>A covariance function k(x, z), and a value: kernels add, multiply, compare, print and parse.</summary>
/// <remarks>
/// Rasmussen &amp; Williams (2006), ch. 4. A kernel is computed a row at a time, and so are its derivatives: an optimizer needs
/// Σⱼ wⱼ ∂k(x, zⱼ)/∂θ, never the derivatives themselves, so nothing of size n × n × d is made. Positive
/// parameters are moved by their logarithms.
/// </remarks>
public abstract record Kernel
{
    private protected Kernel()
    {
    }

    /// <summary>How many parameters it has.</summary>
    public abstract int ParameterCount { get; }

    /// <summary>Fills k(x, zⱼ), [m].</summary>
    public abstract void Row(in KernelRow row, Span<double> values);

    /// <summary>Adds Σⱼ wⱼ ∂k(x, zⱼ)/∂φ for each free parameter φ.</summary>
    /// <param name="row">x and the zⱼ.</param>
    /// <param name="weights">wⱼ, [m].</param>
    /// <param name="gradient">[<see cref="ParameterCount"/>].</param>
    public abstract void AddGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient);

    /// <summary>Adds Σⱼ wⱼ ∂k(x, zⱼ)/∂x to the derivative with respect to each feature of x, the zⱼ held fixed.</summary>
    /// <param name="row">x and the zⱼ.</param>
    /// <param name="weights">wⱼ, [m].</param>
    /// <param name="gradient">[d].</param>
    public abstract void AddInputGradient(in KernelRow row, ReadOnlySpan<double> weights, Span<double> gradient);

    /// <summary>k(x, x), without white noise: the variance of the latent function.</summary>
    public abstract double Diagonal(ReadOnlySpan<double> x);

    /// <summary>Adds w times the derivative of <see cref="Diagonal"/> with respect to each free parameter.</summary>
    public abstract void AddDiagonalGradient(ReadOnlySpan<double> x, double weight, Span<double> gradient);

    /// <summary>What white noise adds to k(x, x), of one row with itself.</summary>
    public virtual double WhiteDiagonal(ReadOnlySpan<double> x) => 0;

    /// <summary>What an optimizer moves: ln θ of each positive parameter, a location as it is.</summary>
    public abstract void GetFreeParameters(Span<double> free);

    /// <summary>The same kernel with other free parameters.</summary>
    public abstract Kernel With(ReadOnlySpan<double> free);

    /// <summary>The names of the parameters, such as "lengthscale[2]" or "parts[0].variance".</summary>
    public abstract IReadOnlyList<string> ParameterNames { get; }

    /// <summary>The kernel for inputs of d features: one lengthscale a feature where it was to be so.</summary>
    /// <exception cref="ArgumentException">It looks at a feature that is not there, or has another number of lengthscales.</exception>
    public abstract Kernel ForFeatures(int features);

    /// <summary>The same kernel looking at these features alone; a part that was given its features keeps them.</summary>
    /// <param name="dims">The features, from 0.</param>
    public virtual Kernel Over(KernelVector<int> dims)
    {
        ArgumentNullException.ThrowIfNull(dims);
        return this;
    }

    /// <summary>The features that are names, not numbers: they are never standardised.</summary>
    internal virtual IEnumerable<int> IndexDims => [];

    /// <summary>What is wrong with an input: the feature, and what it must be; null: nothing.</summary>
    internal virtual (int Feature, string Must)? Fault(ReadOnlySpan<double> x) => null;

    /// <summary>Reads what <see cref="object.ToString"/> prints, such as "rbf(ard) + periodic(period=2) * linear".</summary>
    /// <exception cref="FormatException">The text says something else; the message says where, and what there is.</exception>
    public static Kernel Parse(string text) => KernelParser.Parse(text);

    /// <summary>k₁ + k₂: the sum of independent functions.</summary>
    public static Kernel operator +(Kernel left, Kernel right) => SumKernel.Of(left, right);

    /// <summary>k₁ k₂.</summary>
    public static Kernel operator *(Kernel left, Kernel right) => ProductKernel.Of(left, right);

    /// <summary>k₁ + k₂.</summary>
    public static Kernel Add(Kernel left, Kernel right) => left + right;

    /// <summary>k₁ k₂.</summary>
    public static Kernel Multiply(Kernel left, Kernel right) => left * right;

    /// <summary>Σ over groups of features of one kernel that looks at the group alone: an additive function.</summary>
    /// <remarks>Duvenaud, Nickisch &amp; Rasmussen (2011), first order.</remarks>
    /// <param name="of">Makes the kernel of a group.</param>
    /// <param name="groups">The features of each group, from 0.</param>
    public static Kernel Additive(Func<KernelVector<int>, Kernel> of, params KernelVector<int>[] groups)
    {
        ArgumentNullException.ThrowIfNull(of);
        ArgumentOutOfRangeException.ThrowIfZero(groups.Length, nameof(groups));
        return groups.Select(of).Aggregate((left, right) => left + right);
    }

    /// <summary>k(x, z) of two inputs.</summary>
    public double Evaluate(ReadOnlySpan<double> x, ReadOnlySpan<double> z)
    {
        Span<double> value = [0];
        Row(new KernelRow(x, InputColumns.FromRows(z, x.Length), 0, 1), value);
        return value[0];
    }

    /// <summary>The free parameters, [<see cref="ParameterCount"/>].</summary>
    public double[] FreeParameters()
    {
        var free = new double[ParameterCount];
        GetFreeParameters(free);
        return free;
    }

    private protected static double Positive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A kernel's parameters must be positive and finite.");

    /// <summary>Memory for a row, to be given back.</summary>
    private protected readonly ref struct Scratch(int count)
    {
        private readonly double[] rented = ArrayPool<double>.Shared.Rent(count);

        public Span<double> Span => rented.AsSpan(0, count);

        public void Dispose() => ArrayPool<double>.Shared.Return(rented);
    }
}
