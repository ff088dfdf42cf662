using System.Numerics.Tensors;

namespace ProbML.TwoSample;

/// <summary>The null distribution of a statistic of two samples that a kernel matrix determines, by relabelling rows.</summary>
/// <remarks>
/// Rows are exchangeable under the null, so the level is exact for any number of permutations when the observed labelling counts
/// as one of them: p = (1 + #{T* ≥ T}) / (1 + B). Phipson &amp; Smyth (2010). Where there are no more labellings than
/// permutations asked for, all are taken once, and p is exact.
/// </remarks>
internal sealed class PermutationTest
{
    private readonly double[] kernel;                     // [N, N]
    private readonly double[] rowSums, diagonal;
    private readonly int total, first;
    private readonly bool isUnbiased;
    private readonly double whole;

    /// <param name="kernel">k(zᵢ, zⱼ) of the pooled rows, [N, N], those of the first sample first.</param>
    /// <param name="rows">N.</param>
    /// <param name="first">The rows of the first sample.</param>
    /// <param name="isUnbiased">Whether a row's kernel with itself is left out.</param>
    public PermutationTest(double[] kernel, int rows, int first, bool isUnbiased)
    {
        (this.kernel, total, this.first, this.isUnbiased) = (kernel, rows, first, isUnbiased);
        rowSums = new double[rows];
        diagonal = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            diagonal[i] = kernel[(long)i * rows + i];
            rowSums[i] = TensorPrimitives.Sum<double>(kernel.AsSpan(i * rows, rows));
        }
        whole = TensorPrimitives.Sum<double>(rowSums);
    }

    /// <summary>Mean kernel within each sample less twice that between them.</summary>
    /// <param name="members">[N]: 1 for rows of the first sample, 0 for those of the second.</param>
    public double Statistic(ReadOnlySpan<double> members)
    {
        double within = 0, rows = 0, own = 0, all = 0;
        for (int i = 0; i < total; i++)
        {
            all += diagonal[i];
            if (members[i] == 0)
                continue;
            within += TensorPrimitives.Dot(kernel.AsSpan(i * total, total), members);
            rows += rowSums[i];
            own += diagonal[i];
        }
        double n = first, m = total - first, between = rows - within, other = whole - 2 * between - within;
        return isUnbiased
            ? (within - own) / (n * (n - 1)) + (other - (all - own)) / (m * (m - 1)) - 2 * between / (n * m)
            : within / (n * n) + other / (m * m) - 2 * between / (n * m);
    }

    public TwoSampleTestResult Run(int permutations, Random random, TrainingMonitor? monitor = null)
    {
        var members = new double[total];
        members.AsSpan(0, first).Fill(1);
        double observed = Statistic(members);
        double slack = 1e-12 * (Math.Abs(observed) + Math.Abs(whole) / ((double)total * total));
        if (Labellings() <= permutations)
            return new(observed, Exact(observed - slack));
        int reached = 0;
        for (int b = 0; b < permutations; b++)
        {
            monitor?.ThrowIfCancelled();
            random.Shuffle(members);
            if (Statistic(members) >= observed - slack)
                reached++;
        }
        return new(observed, (1.0 + reached) / (1.0 + permutations));
    }

    /// <summary>The statistics of labellings drawn at random, [count]: the null distribution.</summary>
    public double[] Null(int count, Random random)
    {
        var members = new double[total];
        members.AsSpan(0, first).Fill(1);
        var statistics = new double[count];
        for (int b = 0; b < count; b++)
        {
            random.Shuffle(members);
            statistics[b] = Statistic(members);
        }
        return statistics;
    }

    private double Labellings()
    {
        double count = 1;
        for (int k = 1; k <= Math.Min(first, total - first); k++)
            count *= (total - k + 1.0) / k;
        return Math.Round(count);
    }

    /// <summary>Over every labelling, in the order of their first sample's rows.</summary>
    private double Exact(double threshold)
    {
        int[] places = [.. Enumerable.Range(0, first)];
        var members = new double[total];
        double reached = 0, count = 0;
        while (true)
        {
            Array.Clear(members);
            foreach (int place in places)
                members[place] = 1;
            count++;
            reached += Statistic(members) >= threshold ? 1 : 0;
            int k = first - 1;
            while (k >= 0 && places[k] == total - first + k)
                k--;
            if (k < 0)
                return reached / count;
            places[k]++;
            for (int next = k + 1; next < first; next++)
                places[next] = places[next - 1] + 1;
        }
    }
}
