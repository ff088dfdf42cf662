using ProbML.Fitting;

namespace ProbML.DensityRatios;

/// <summary>What two samples are like before a classifier tells them apart: ranges of the features, weights by fold and sample.</summary>
internal sealed class SampleSum(int featureCount, RowDealer dealer) : IBlockSum<SampleSum>
{
    private readonly RangeSum ranges = new(featureCount, 0, 0);
    private readonly double[] weights = new double[2 * (dealer.Folds + 1) * dealer.Folds];      // [folds, fold, sample]
    private readonly double[] totals = new double[2];
    private readonly long[] rows = new long[2];

    /// <summary>The first row whose response is neither 0 nor 1; 0: there is none.</summary>
    public long BadRow { get; private set; }

    public double BadResponse { get; private set; }

    public long Rows => rows[0] + rows[1];

    public FeatureRanges Ranges => ranges.Ranges();

    /// <summary>The rows of positive weight of the denominator (0) or numerator (1).</summary>
    public long RowsOf(int sample) => rows[sample];

    /// <summary>The sum of weights of a sample, one fold of so many left out; −1: none.</summary>
    public double WeightOf(int sample, int folds, int leftOut) =>
        leftOut < 0 ? totals[sample] : totals[sample] - weights[At(folds, leftOut, sample)];

    /// <summary>The largest number of folds, at most so many, of which none is empty and none holds all of a sample; 0: there is none.</summary>
    public int UsableFolds()
    {
        for (int folds = dealer.Folds; folds >= 2; folds--)
        {
            bool isUsable = true;
            for (int fold = 0; fold < folds; fold++)
            {
                double zero = weights[At(folds, fold, 0)], one = weights[At(folds, fold, 1)];
                isUsable &= zero + one > 0 && zero < totals[0] && one < totals[1];
            }
            if (isUsable)
                return folds;
        }
        return 0;
    }

    public void Clear()
    {
        ranges.Clear();
        Array.Clear(weights);
        Array.Clear(totals);
        Array.Clear(rows);
        (BadRow, BadResponse) = (0, 0);
    }

    public void Add(in RowBlock block)
    {
        ranges.Add(block);
        for (int i = 0; i < block.Count; i++)
        {
            double w = block.Weight(i), y = block.ResponseOrNaN(i);
            if (w <= 0)
                continue;
            if (y is not (0 or 1))
            {
                if (BadRow == 0)
                    (BadRow, BadResponse) = (block.RowNumber(i), y);
                continue;
            }
            rows[(int)y]++;
            totals[(int)y] += w;
            ulong hash = dealer.Hash(block.Row(i));
            for (int folds = 2; folds <= dealer.Folds; folds++)
                weights[At(folds, RowDealer.FoldOf(hash, folds), (int)y)] += w;
        }
    }

    public void Merge(SampleSum other)
    {
        ranges.Merge(other.ranges);
        for (int k = 0; k < weights.Length; k++)
            weights[k] += other.weights[k];
        for (int sample = 0; sample < 2; sample++)
            (totals[sample], rows[sample]) = (totals[sample] + other.totals[sample], rows[sample] + other.rows[sample]);
        if (BadRow == 0)
            (BadRow, BadResponse) = (other.BadRow, other.BadResponse);
    }

    private int At(int folds, int fold, int sample) => (folds * dealer.Folds + fold) * 2 + sample;
}
