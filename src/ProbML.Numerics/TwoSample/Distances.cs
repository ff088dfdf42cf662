using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.TwoSample;

/// <summary>Distances between rows.</summary>
internal static class Distances
{
    private const int RowsForMedian = 1000;

    public static double Squared(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length >= 16)
        {
            double distance = TensorPrimitives.Distance(a, b);
            return distance * distance;
        }
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        return sum;
    }

    /// <summary>[n, m], the squared distance of each row of one to each of the other.</summary>
    public static double[] Squared(double[] a, double[] b, int d)
    {
        int n = a.Length / d, m = b.Length / d;
        var squares = new double[(long)n * m];
        Threads.For(4.0 * n * m * d, Environment.ProcessorCount, n, i =>
        {
            var row = a.AsSpan(i * d, d);
            for (int j = 0; j < m; j++)
                squares[(long)i * m + j] = Squared(row, b.AsSpan(j * d, d));
        });
        return squares;
    }

    /// <summary>The median of the squared distances between the rows of both samples, of at most a thousand rows drawn.</summary>
    public static double MedianSquared(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int d, int seed = 1)
    {
        int n = (first.Length + second.Length) / d;
        int[] places = [.. Enumerable.Range(0, n)];
        if (n > RowsForMedian)
        {
            new Random(seed).Shuffle(places);
            places = places[..RowsForMedian];
        }
        var squares = new double[places.Length * (places.Length - 1) / 2];
        int at = 0;
        for (int i = 0; i < places.Length; i++)
            for (int j = 0; j < i; j++)
                squares[at++] = Squared(Row(first, second, d, places[i]), Row(first, second, d, places[j]));
        Array.Sort(squares);
        return squares.Length == 0 ? 0 : (squares[(squares.Length - 1) / 2] + squares[squares.Length / 2]) / 2;
    }

    private static ReadOnlySpan<double> Row(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int d, int place)
    {
        int n = first.Length / d;
        return place < n ? first.Slice(place * d, d) : second.Slice((place - n) * d, d);
    }
}
