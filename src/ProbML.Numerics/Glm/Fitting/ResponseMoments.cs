using System.Numerics;
using System.Runtime.CompilerServices;

namespace ProbML.Fitting;

/// <summary>One pass over the data before the first iteration: rows, weights, moments, and the first impossible response.</summary>
/// <remarks>Means and sums of squares of blocks are joined as in Chan, Golub &amp; LeVeque (1983), so that nothing cancels.</remarks>
internal sealed partial class ResponseMoments(int featureCount, IFamily family) : IBlockSum<ResponseMoments>
{
    private readonly double[] blockMean = new double[featureCount];
    private readonly double[] blockSquares = new double[featureCount];
    private double[] entryWeights = [];

    /// <summary>All rows.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows of positive weight.</summary>
    public long PositiveRows { get; private set; }

    /// <summary>Σw.</summary>
    public double SumOfWeights { get; private set; }

    /// <summary>Weighted means of the features, [d].</summary>
    public double[] Mean { get; } = new double[featureCount];

    /// <summary>Weighted sums of squares about the means, [d].</summary>
    public double[] Squares { get; } = new double[featureCount];

    /// <summary>Weighted mean of the response.</summary>
    public double ResponseMean { get; private set; }

    /// <summary>Weighted sum of squares of the response about its mean.</summary>
    public double ResponseSquares { get; private set; }

    /// <summary>Weighted mean of the offset.</summary>
    public double OffsetMean { get; private set; }

    /// <summary>The first row whose response the family does not know, or 0.</summary>
    public long ImpossibleRow { get; private set; }

    /// <summary>The response of that row.</summary>
    public double ImpossibleResponse { get; private set; }

    public void Clear()
    {
        (Rows, PositiveRows, SumOfWeights, ImpossibleRow, ImpossibleResponse) = (0, 0, 0, 0, 0);
        (ResponseMean, ResponseSquares, OffsetMean) = (0, 0, 0);
        Array.Clear(Mean);
        Array.Clear(Squares);
    }

    public void Add(in RowBlock rows)
    {
        double weights = 0, y = 0, offset = 0, yy = 0;
        int d = featureCount;
        Array.Clear(blockMean);
        Array.Clear(blockSquares);
        if (rows.IsSparse && entryWeights.Length == 0)
            entryWeights = new double[d];
        Array.Clear(entryWeights);
        for (int i = 0; i < rows.Count; i++)
        {
            double w = rows.Weight(i), response = rows.Response[i];
            if (ImpossibleRow == 0 && !family.Supports(response))
                (ImpossibleRow, ImpossibleResponse) = (rows.RowNumber(i), response);
            if (w <= 0)
                continue;
            PositiveRows++;
            weights += w;
            y += w * response;
            offset += w * rows.Offset(i);
            if (rows.IsSparse)
                AccumulateEntries(rows, i, w);
            else
                Accumulate(rows.Row(i), w, blockMean);
        }
        Rows += rows.Count;
        if (weights == 0)
            return;
        for (int j = 0; j < d; j++)
            blockMean[j] /= weights;
        (y, offset) = (y / weights, offset / weights);
        for (int i = 0; i < rows.Count; i++)
        {
            double w = rows.Weight(i);
            if (w <= 0)
                continue;
            if (rows.IsSparse)
                AccumulateSquaredEntries(rows, i, w);
            else
                AccumulateSquares(rows.Row(i), blockMean, w, blockSquares);
            yy += w * (rows.Response[i] - y) * (rows.Response[i] - y);
        }
        if (rows.IsSparse)
        {
            for (int j = 0; j < d; j++)                   // the rows without an entry; none leave exactly nothing
                blockSquares[j] += Math.Max(0, weights - entryWeights[j]) * blockMean[j] * blockMean[j];
        }
        Join(weights, y, yy, offset, blockMean, blockSquares);
    }

    public void Merge(ResponseMoments other)
    {
        Rows += other.Rows;
        PositiveRows += other.PositiveRows;
        if (ImpossibleRow == 0)
            (ImpossibleRow, ImpossibleResponse) = (other.ImpossibleRow, other.ImpossibleResponse);
        if (other.SumOfWeights > 0)
            Join(
                other.SumOfWeights,
                other.ResponseMean,
                other.ResponseSquares,
                other.OffsetMean,
                other.Mean,
                other.Squares);
    }

    private void AccumulateEntries(in RowBlock rows, int row, double w)
    {
        for (int k = rows.RowStarts[row]; k < rows.RowStarts[row + 1]; k++)
        {
            blockMean[rows.Indices[k]] += w * rows.Entries[k];
            entryWeights[rows.Indices[k]] += w;
        }
    }

    private void AccumulateSquaredEntries(in RowBlock rows, int row, double w)
    {
        for (int k = rows.RowStarts[row]; k < rows.RowStarts[row + 1]; k++)
        {
            double deviation = rows.Entries[k] - blockMean[rows.Indices[k]];
            blockSquares[rows.Indices[k]] += w * deviation * deviation;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate(ReadOnlySpan<double> x, double w, double[] sum)
    {
        int j = 0;
        for (; j <= x.Length - Vector<double>.Count; j += Vector<double>.Count)
            (new Vector<double>(sum, j) + w * new Vector<double>(x[j..])).CopyTo(sum, j);
        for (; j < x.Length; j++)
            sum[j] += w * x[j];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AccumulateSquares(ReadOnlySpan<double> x, double[] centre, double w, double[] sum)
    {
        int j = 0;
        for (; j <= x.Length - Vector<double>.Count; j += Vector<double>.Count)
        {
            var deviation = new Vector<double>(x[j..]) - new Vector<double>(centre, j);
            (new Vector<double>(sum, j) + w * deviation * deviation).CopyTo(sum, j);
        }
        for (; j < x.Length; j++)
            sum[j] += w * (x[j] - centre[j]) * (x[j] - centre[j]);
    }

    private void Join(double weights, double y, double yy, double offset, double[] mean, double[] squares)
    {
        double sum = SumOfWeights + weights, share = weights / sum, between = SumOfWeights * share;
        for (int j = 0; j < Mean.Length; j++)
        {
            double step = mean[j] - Mean[j];
            Mean[j] += step * share;
            Squares[j] += squares[j] + step * step * between;
        }
        double gap = y - ResponseMean;
        ResponseMean += gap * share;
        ResponseSquares += yy + gap * gap * between;
        OffsetMean += (offset - OffsetMean) * share;
        SumOfWeights = sum;
    }
}
