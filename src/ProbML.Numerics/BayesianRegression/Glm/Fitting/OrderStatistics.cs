namespace ProbML.Fitting;

/// <summary>Single order statistics without sorting all. Hoare (1961), Algorithm 65: FIND, Comm. ACM 4.</summary>
internal static class OrderStatistics
{
    /// <summary>The quantile at p, between order statistics in proportion, as of a sorted list; the numbers change places.</summary>
    public static double Quantile(Span<double> values, double p)
    {
        double place = p * (values.Length - 1);
        int below = (int)Math.Floor(place), above = Math.Min(below + 1, values.Length - 1);
        double left = Select(values, below);
        if (above == below)
            return left;
        double right = double.PositiveInfinity;                // what lies behind is not smaller
        foreach (double value in values[above..])
            right = Math.Min(right, value);
        return left + (place - below) * (right - left);
    }

    /// <summary>The k-th smallest, from 0; none before it is larger, none behind it smaller.</summary>
    public static double Select(Span<double> values, int k)
    {
        int low = 0, high = values.Length - 1;
        while (low < high)
        {
            double pivot = values[k];
            int i = low, j = high;
            while (i <= j)
            {
                while (values[i] < pivot)
                    i++;
                while (values[j] > pivot)
                    j--;
                if (i > j)
                    continue;
                (values[i], values[j]) = (values[j], values[i]);
                (i, j) = (i + 1, j - 1);
            }
            if (j < k)
                low = i;
            if (i > k)
                high = j;
        }
        return values[k];
    }
}
