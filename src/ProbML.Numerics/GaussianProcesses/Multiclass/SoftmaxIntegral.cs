namespace ProbML.GaussianProcesses;

/// <summary>E softmax(f), f ~ N(m, Σ) of C values: the probabilities of the classes.</summary>
/// <remarks>
/// The differences f_c − f_C are all that counts. One or two of them are integrated by the trapezoidal rule, to some ten digits; more
/// by a shifted, folded rank-one lattice with antithetic points, to some 2e-4 (Sloan &amp; Joe 1994; Hickernell 2002). Its
/// generator has the least worst-case error P₂ in three to seven dimensions, of all.
/// </remarks>
internal static class SoftmaxIntegral
{
    private const int LatticePoints = 2039, Generator = 422;
    private const double Shift = 0.3819660112501051;      // irrational: no coordinate falls on 0 or 1

    public static void Mean(ReadOnlySpan<double> mean, ReadOnlySpan<double> covariance, Span<double> probabilities)
    {
        int classes = mean.Length, q = classes - 1;
        double[] centre = new double[q], root = new double[q * q];
        for (int c = 0; c < q; c++)
        {
            centre[c] = mean[c] - mean[q];
            for (int d = 0; d <= c; d++)
                root[c * q + d] = covariance[c * classes + d] - covariance[c * classes + q] - covariance[d * classes + q]
                    + covariance[q * classes + q];
        }
        Factor(root, q);
        probabilities.Clear();
        var z = new double[q];
        if (q <= 2)
            Product(centre, root, z, 0, 1, probabilities);
        else
            Lattice(centre, root, z, probabilities);
        double total = 0;
        foreach (double p in probabilities)
            total += p;
        foreach (ref double p in probabilities)
            p /= total;
    }

    private static void Product(double[] centre, double[] root, double[] z, int axis, double weight, Span<double> sum)
    {
        if (axis == z.Length)
        {
            Add(centre, root, z, weight, sum);
            return;
        }
        double spread = 0;                                // of every difference along this axis
        for (int c = axis; c < z.Length; c++)
            spread = Math.Max(spread, Math.Abs(root[c * z.Length + axis]));
        var rule = Fitting.GaussianRule.For(spread);
        for (int k = 0; k < rule.Count; k++)
        {
            double part = rule.Weight(k);
            if (weight * part < 1e-14)
                continue;
            z[axis] = rule.Node(k);
            Product(centre, root, z, axis + 1, weight * part, sum);
        }
    }

    private static void Lattice(double[] centre, double[] root, double[] z, Span<double> sum)
    {
        for (int k = 0; k < LatticePoints; k++)
        {
            long multiple = 1;
            for (int j = 0; j < z.Length; j++, multiple = multiple * Generator % LatticePoints)
            {
                double at = (double)(k * multiple % LatticePoints) / LatticePoints + Shift;
                z[j] = NormalDistribution.Quantile(1 - Math.Abs(2 * (at - Math.Floor(at)) - 1));   // folded: second order
            }
            Add(centre, root, z, 1, sum);
            for (int j = 0; j < z.Length; j++)
                z[j] = -z[j];
            Add(centre, root, z, 1, sum);
        }
    }

    private static void Add(double[] centre, double[] root, double[] z, double weight, Span<double> sum)
    {
        int q = z.Length;
        Span<double> f = stackalloc double[q + 1];
        double largest = 0, total = 0;
        for (int c = 0; c < q; c++)
        {
            f[c] = centre[c];
            for (int d = 0; d <= c; d++)
                f[c] += root[c * q + d] * z[d];
            largest = Math.Max(largest, f[c]);
        }
        f[q] = 0;
        for (int c = 0; c <= q; c++)
            total += f[c] = Math.Exp(f[c] - largest);
        for (int c = 0; c <= q; c++)
            sum[c] += weight * f[c] / total;
    }

    /// <summary>The Cholesky factor of a matrix that may be singular: a pivot lost in rounding gives a column of zeros.</summary>
    private static void Factor(double[] a, int q)
    {
        for (int j = 0; j < q; j++)
        {
            double pivot = a[j * q + j];
            for (int k = 0; k < j; k++)
                pivot -= a[j * q + k] * a[j * q + k];
            double diagonal = pivot > 1e-14 * Math.Abs(a[j * q + j]) ? Math.Sqrt(pivot) : 0;
            a[j * q + j] = diagonal;
            for (int i = j + 1; i < q; i++)
            {
                double value = a[i * q + j];
                for (int k = 0; k < j; k++)
                    value -= a[i * q + k] * a[j * q + k];
                a[i * q + j] = diagonal > 0 ? value / diagonal : 0;
            }
        }
    }
}
