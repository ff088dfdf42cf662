using ProbML.GaussianProcesses;

namespace ProbML;

/// <summary>Which functions of the features take the features' place: nonlinear regression that stays linear in its coefficients.</summary>
/// <remarks>
/// Bishop (2006), §3.1. Features are standardised first (mean 0, standard deviation 1 on the rows it is fitted to), so that length scales
/// are in standard deviations. A normal prior on the coefficients makes a Gaussian process whose kernel is the inner product of the functions.
/// </remarks>
public abstract record BasisExpansion
{
    /// <summary>How many functions there are.</summary>
    public abstract int Count { get; }

    /// <summary>Every monomial of total degree 1 to <paramref name="degree"/>: x, x², x·z, ...</summary>
    /// <param name="degree">The largest total degree, 1 to 20.</param>
    /// <param name="dimension">The number of features, which must be known before the data.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or there would be over 100,000 functions.</exception>
    public static BasisExpansion Polynomial(int degree, int dimension = 1) => new PolynomialBasis(degree, dimension);

    /// <summary>exp(−½ |z − c|² / ℓ²) about centres c that are rows of the data.</summary>
    /// <param name="count">The number of centres.</param>
    /// <param name="lengthScale">ℓ, in standard deviations of the features.</param>
    /// <param name="seed">Chooses the centres.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static BasisExpansion RadialBasis(int count, double lengthScale = 1, int seed = 1) => new RadialBasis(count, lengthScale, seed);

    /// <summary>B-splines of each feature on equal intervals from its least to its largest value, less the first, which the intercept makes up for.</summary>
    /// <remarks>De Boor (1978); Eilers &amp; Marx (1996). Beyond its range a feature counts as being at its end.</remarks>
    /// <param name="intervals">Intervals between knots.</param>
    /// <param name="degree">3 for cubic splines.</param>
    /// <param name="dimension">The number of features, which must be known before the data.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static BasisExpansion BSpline(int intervals, int degree = 3, int dimension = 1) => new BSplineBasis(intervals, degree, dimension);

    /// <summary>√(2/D) cos(wᵀz + b), w ~ N(0, I/ℓ²), b uniform: inner products are the radial-basis kernel, on average.</summary>
    /// <remarks>Rahimi &amp; Recht (2007), Random Features for Large-Scale Kernel Machines.</remarks>
    /// <param name="count">D.</param>
    /// <param name="lengthScale">ℓ, in standard deviations of the features.</param>
    /// <param name="seed">Draws w and b.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static BasisExpansion RandomFourier(int count, double lengthScale = 1, int seed = 1) => new RandomFourierBasis(count, lengthScale, seed);

    /// <summary>L⁻¹ k(C, z), K_CC = L Lᵀ, about centres C that are rows or stand for them: inner products are the kernel's Nyström approximation.</summary>
    /// <remarks>
    /// Williams &amp; Seeger (2001), Using the Nyström Method to Speed Up Kernel Machines. Between centres inner products are the kernel itself; a
    /// linear model with a normal prior of variance one on the coefficients is the Gaussian process of these inducing inputs. Where the rows
    /// have fewer distinct ones than centres were asked for, the last functions are zero.
    /// </remarks>
    /// <param name="kernel">The kernel, its lengthscales in standard deviations of the features; white noise is left out.</param>
    /// <param name="count">The number of centres, up to 8,000; a row costs its square.</param>
    /// <param name="selection">How they are chosen, from a sample of the rows.</param>
    /// <param name="seed">Draws the sample and the centres.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static BasisExpansion Nystrom(
        Kernel kernel, int count, InducingSelection selection = InducingSelection.KMeans, int seed = 1) =>
        new NystromBasis(kernel, count, selection, seed);

    /// <summary>The number of features it is for; 0: any.</summary>
    internal virtual int Dimension => 0;

    /// <summary>The numbers it fixes once the features are known: centres, frequencies, exponents.</summary>
    internal abstract double[] Prepare(FeatureRanges ranges, IReadOnlyList<double[]> sample);

    /// <summary>The functions at a row.</summary>
    /// <param name="z">The standardised features, [d].</param>
    /// <param name="x">The features' places between least and largest, 0 to 1, [d].</param>
    /// <param name="prepared">What <see cref="Prepare"/> gave.</param>
    /// <param name="values">[Count].</param>
    internal abstract void Evaluate(ReadOnlySpan<double> z, ReadOnlySpan<double> x, double[] prepared, Span<float> values);

    /// <summary>The functions as ONNX operators, [n, Count].</summary>
    /// <param name="z">The standardised features, [n, d].</param>
    /// <param name="x">The features' places between least and largest, [n, d].</param>
    /// <param name="prepared">What <see cref="Prepare"/> gave.</param>
    internal abstract OnnxReal Emit(OnnxReal z, OnnxReal x, double[] prepared);

    /// <summary>How many rows it needs to look at.</summary>
    internal virtual int SampleSize => 0;

    internal virtual int Seed => 1;

    internal abstract void Write(BinaryWriter writer);

    internal static BasisExpansion Read(BinaryReader reader) => reader.ReadInt32() switch
    {
        1 => Polynomial(reader.ReadInt32(), reader.ReadInt32()),
        2 => RadialBasis(reader.ReadInt32(), reader.ReadDouble(), reader.ReadInt32()),
        3 => BSpline(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32()),
        4 => RandomFourier(reader.ReadInt32(), reader.ReadDouble(), reader.ReadInt32()),
        5 => NystromBasis.ReadParts(reader),
        var other => throw new FormatException($"There is no basis of number {other}: the model is damaged."),
    };

    internal static int Check(int value, int least, int most, string name) => value >= least && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must lie between {least} and {most}.");

    internal static double Check(double scale, string name) => scale > 0 && double.IsFinite(scale)
        ? scale
        : throw new ArgumentOutOfRangeException(name, scale, $"{name} must be a positive finite number.");
}
