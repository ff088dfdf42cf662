namespace ProbML.TwoSample;

/// <summary>Numbers in order, among which the next one's rank is asked.</summary>
internal sealed class RankHistory
{
    private readonly List<double> sorted;
    private readonly int most;

    /// <param name="start">The numbers to begin with; NaN counts as the smallest.</param>
    /// <param name="most">Numbers beyond which it grows no more.</param>
    public RankHistory(IEnumerable<double> start, int most)
    {
        sorted = [.. start];
        sorted.Sort();
        this.most = most;
    }

    /// <summary>Those kept so far, in order.</summary>
    public IReadOnlyList<double> Values => sorted;

    /// <summary>(#{less} + u (#{equal} + 1)) / (n + 1), the conformal p-value of a number, which then joins.</summary>
    /// <param name="value">The number.</param>
    /// <param name="uniform">u, in [0, 1): breaks ties at random.</param>
    public double Next(double value, double uniform)
    {
        int less = Bound(value, isUpper: false), notMore = Bound(value, isUpper: true);
        double p = (less + uniform * (notMore - less + 1)) / (sorted.Count + 1);
        if (sorted.Count < most)
            sorted.Insert(notMore, value);
        return p;
    }

    private int Bound(double value, bool isUpper)
    {
        int low = 0, high = sorted.Count;
        while (low < high)
        {
            int middle = (low + high) / 2, order = sorted[middle].CompareTo(value);
            if (order < 0 || isUpper && order == 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
