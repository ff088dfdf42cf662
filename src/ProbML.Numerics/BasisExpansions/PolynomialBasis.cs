namespace ProbML;

/// <summary>Monomials up to a total degree.</summary>
internal sealed record PolynomialBasis : BasisExpansion
{
    private const int Most = 100_000;

    private readonly int degree, dimension;
    private readonly int[][] factors;                      // of each monomial, the features that are multiplied

    public PolynomialBasis(int degree, int dimension)
    {
        (this.degree, this.dimension) = (Check(degree, 1, 20, nameof(degree)), Check(dimension, 1, Most, nameof(dimension)));
        double count = 1;
        for (int k = 1; k <= degree; k++)
            count = count * (dimension + k) / k;
        if (count > Most)
            throw new ArgumentOutOfRangeException(nameof(degree), degree, $"There would be {count:F0} monomials, more than {Most}.");
        var all = new List<int[]>();
        List<int[]> last = [[]];
        for (int k = 1; k <= degree; k++)
        {
            last = [.. last.SelectMany(one => Enumerable.Range(one.Length == 0 ? 0 : one[^1], dimension - (one.Length == 0 ? 0 : one[^1]))
                .Select(j => (int[])[.. one, j]))];
            all.AddRange(last);
        }
        factors = [.. all];
    }

    public override int Count => factors.Length;

    internal override int Dimension => dimension;

    internal override double[] Prepare(FeatureRanges ranges, IReadOnlyList<double[]> sample) => [];

    internal override void Evaluate(ReadOnlySpan<double> z, ReadOnlySpan<double> x, double[] prepared, Span<float> values)
    {
        for (int k = 0; k < factors.Length; k++)
        {
            double product = 1;
            foreach (int j in factors[k])
                product *= z[j];
            values[k] = (float)product;
        }
    }

    internal override OnnxReal Emit(OnnxReal z, OnnxReal x, double[] prepared)
    {
        var one = z.Scope.Join(z, OnnxCoordinates.Ones(z.Scope, z.Value));       // the factor that a low monomial lacks
        OnnxReal? product = null;
        for (int r = 0; r < degree; r++)
        {
            long[] places = [.. factors.Select(factor => (long)(r < factor.Length ? factor[r] : dimension))];
            var part = one.Columns(places);
            product = product is { } before ? before * part : part;
        }
        return product!.Value;
    }

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(1);
        writer.Write(degree);
        writer.Write(dimension);
    }
}
