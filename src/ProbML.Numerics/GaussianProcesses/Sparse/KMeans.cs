using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>Centres that stand for many inputs: k-means, started by k-means++.</summary>
/// <remarks>Lloyd (1982); Arthur &amp; Vassilvitskii (2007), k-means++: The Advantages of Careful Seeding.</remarks>
internal static class KMeans
{
    private const int MostRounds = 30;

    /// <summary>The centres, at most so many: fewer where the inputs have fewer distinct rows.</summary>
    /// <param name="x">The inputs, [n, d].</param>
    /// <param name="count">How many centres are wanted.</param>
    /// <param name="random">Chooses the first ones.</param>
    /// <param name="monitor">Asked for cancellation.</param>
    public static InputColumns Centres(InputColumns x, int count, Random random, TrainingMonitor monitor)
    {
        int n = x.Rows, d = x.Features;
        double[] centres = Seeds(x, count, random), nearest = new double[n], distance = new double[n], step = new double[n];
        int k = centres.Length / d;
        int[] owner = new int[n], before = new int[n];
        for (int round = 0; round < MostRounds; round++)
        {
            monitor.ThrowIfCancelled();
            Array.Fill(nearest, double.PositiveInfinity);
            for (int j = 0; j < k; j++)
            {
                Distances(x, centres.AsSpan(j * d, d), step, distance);
                for (int i = 0; i < n; i++)
                {
                    if (distance[i] < nearest[i])
                        (nearest[i], owner[i]) = (distance[i], j);
                }
            }
            if (round > 0 && owner.AsSpan().SequenceEqual(before))
                break;
            owner.CopyTo(before, 0);
            MoveToMeans(x, owner, centres);
        }
        return InputColumns.FromRows(centres, d);
    }

    private static double[] Seeds(InputColumns x, int count, Random random)
    {
        int n = x.Rows, d = x.Features;
        var centres = new List<double>();
        double[] nearest = new double[n], distance = new double[n], step = new double[n], row = new double[d];
        Array.Fill(nearest, double.PositiveInfinity);
        int next = random.Next(n);
        while (true)
        {
            x.CopyRow(next, row);
            centres.AddRange(row);
            Distances(x, row, step, distance);
            TensorPrimitives.Min(nearest, distance, nearest);
            double sum = TensorPrimitives.Sum<double>(nearest);
            if (centres.Count == count * d || !(sum > 0))
                return [.. centres];
            double place = random.NextDouble() * sum;
            for (next = 0; next < n - 1 && (place -= nearest[next]) >= 0; next++)
            {
            }
            while (nearest[next] == 0)                      // rounding ran past the last row that is not a centre
                next = next == 0 ? n - 1 : next - 1;
        }
    }

    private static void Distances(InputColumns x, ReadOnlySpan<double> centre, double[] step, double[] distance)
    {
        Array.Clear(distance);
        for (int j = 0; j < x.Features; j++)
        {
            TensorPrimitives.Subtract(x.Column(j), centre[j], step);
            TensorPrimitives.MultiplyAdd(step, step, distance, distance);
        }
    }

    /// <summary>A centre that no row is nearest to stays where it is.</summary>
    private static void MoveToMeans(InputColumns x, int[] owner, double[] centres)
    {
        int d = x.Features, k = centres.Length / d;
        var rows = new int[k];
        foreach (int j in owner)
            rows[j]++;
        for (int f = 0; f < d; f++)
        {
            var sums = new double[k];
            var column = x.Column(f);
            for (int i = 0; i < owner.Length; i++)
                sums[owner[i]] += column[i];
            for (int j = 0; j < k; j++)
            {
                if (rows[j] > 0)
                    centres[j * d + f] = sums[j] / rows[j];
            }
        }
    }
}
