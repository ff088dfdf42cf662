using System.Numerics.Tensors;

namespace ProbML.DensityRatios;

/// <summary>The functions φ(z) of a shape: the features, then products of two.</summary>
internal sealed class RatioTerms
{
    private readonly int[] left, right;

    public RatioTerms(RatioShape shape, int dimension)
    {
        (Shape, Dimension) = (shape, dimension);
        var pairs = shape switch
        {
            RatioShape.Linear => [],
            RatioShape.Squares => Enumerable.Range(0, dimension).Select(j => (j, j)),
            _ => Enumerable.Range(0, dimension).SelectMany(j => Enumerable.Range(j, dimension - j).Select(k => (j, k))),
        };
        Pairs = [.. pairs];
        left = [.. Pairs.Select(pair => pair.Item1)];
        right = [.. Pairs.Select(pair => pair.Item2)];
    }

    public RatioShape Shape { get; }

    public int Dimension { get; }

    /// <summary>The features of each product.</summary>
    public (int Left, int Right)[] Pairs { get; }

    public int Count => Dimension + Pairs.Length;

    public static long CountOf(RatioShape shape, int dimension) => shape switch
    {
        RatioShape.Linear => dimension,
        RatioShape.Squares => 2L * dimension,
        _ => dimension + dimension * (dimension + 1L) / 2,
    };

    /// <param name="z">[d].</param>
    /// <param name="terms">[Count]; its start may be z itself.</param>
    public void Fill(ReadOnlySpan<double> z, Span<double> terms)
    {
        z.CopyTo(terms);
        int at = Dimension;
        if (Shape == RatioShape.Quadratic)
        {
            for (int j = 0; j < Dimension; at += Dimension - j, j++)
                TensorPrimitives.Multiply(z[j..], z[j], terms[at..]);
            return;
        }
        for (int m = 0; m < left.Length; m++)
            terms[at + m] = z[left[m]] * z[right[m]];
    }

    /// <summary>The names of the terms, made of the features'.</summary>
    public string[] Names(IReadOnlyList<string> features) =>
    [
        .. features,
        .. Pairs.Select(pair => pair.Left == pair.Right
            ? features[pair.Left] + "²"
            : features[pair.Left] + "·" + features[pair.Right]),
    ];
}
