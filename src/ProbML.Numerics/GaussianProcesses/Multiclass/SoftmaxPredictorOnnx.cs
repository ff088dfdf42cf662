using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

internal sealed partial class SoftmaxPredictor
{
    public override (OnnxReal Probabilities, OnnxReal Squares) Emit(OnnxScope scope, OnnxReal x)
    {
        int q = classes - 1;
        var kernels = new OnnxKernel(scope, x, inputs);
        var cross = kernels.Cross(kernel);
        var prior = kernels.Diagonal(kernel);
        var (means, own, carried) = (new OnnxReal[classes], new OnnxReal[classes], new OnnxReal[classes]);
        for (int c = 0; c < classes; c++)
        {
            means[c] = cross.Times(scope.Constant(weights.AsSpan(c * n, n), n, 1));
            var (root, both) = Projections(c);
            var taken = cross.Times(scope.Constant(root, n, n));
            own[c] = prior - (taken * taken).RowSum();
            carried[c] = cross.Times(scope.Constant(both, n, n));
        }
        OnnxReal Covariance(int c, int d) => (carried[c] * carried[d]).RowSum() is var shared && c == d ? own[c] + shared : shared;

        var centre = new OnnxReal[q];
        var factor = new OnnxReal[q * q];
        var last = Covariance(q, q);
        for (int c = 0; c < q; c++)
        {
            centre[c] = means[c] - means[q];
            for (int d = 0; d <= c; d++)
                factor[c * q + d] = Covariance(c, d) - Covariance(c, q) - Covariance(d, q) + last;
        }
        Factor(factor, q);
        double[] nodes = Nodes(q, out double[] shares);
        int count = shares.Length;
        var f = new OnnxReal[classes];
        for (int c = 0; c < q; c++)
        {
            f[c] = centre[c];
            for (int d = 0; d <= c; d++)
            {
                double[] z = [.. Enumerable.Range(0, count).Select(k => nodes[k * q + d])];
                f[c] += factor[c * q + d] * scope.Constant(z, 1, count);
            }
        }
        f[q] = 0 * f[0];
        var largest = f.Aggregate((left, right) => left.Max(right));
        OnnxReal[] heights = [.. f.Select(one => (one - largest).Exp())];
        var total = heights.Aggregate((left, right) => left + right);
        var weighting = scope.Constant(shares, count, 1);
        OnnxReal[] p = [.. heights.Select(height => height / total)];
        return (
            scope.Join([.. p.Select(one => one.Times(weighting))]),
            scope.Join([.. p.Select(one => (one * one).Times(weighting))]));
    }

    /// <summary>D_c^½ L_c⁻ᵀ and E_c M⁻ᵀ, with which what is taken and given back are squares.</summary>
    private (double[] Root, double[] Both) Projections(int c)
    {
        var root = new double[n * n];
        for (int i = 0; i < n; i++)
            root[i * n + i] = 1;
        TriangularSolve.Backward(factors[c], n, n, root, n, n);
        for (int i = 0; i < n; i++)
        {
            var row = root.AsSpan(i * n, n);
            TensorPrimitives.Multiply(row, roots[c * n + i], row);
        }
        double[] e = new double[n * n], both = new double[n * n];
        Gemm.Accumulate(n, n, n, 1, root, n, false, root, n, true, e, n);
        TriangularSolve.Forward(sum, n, n, e, n, n);      // M⁻¹ E_c, whose transpose it is
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                both[j * n + i] = e[i * n + j];
        return (root, both);
    }

    /// <summary>The nodes of <see cref="SoftmaxIntegral"/>, at a fixed step, [nodes, q], with weights that add up to one.</summary>
    private double[] Nodes(int q, out double[] shares)
    {
        if (q > 2)
        {
            shares = [.. Enumerable.Repeat((double)q / lattice.Length, lattice.Length / q)];
            return lattice;
        }
        double step = q == 1 ? 0.1 : 0.2;
        int side = q == 1 ? 80 : 32;
        double[] line = [.. Enumerable.Range(-side, 2 * side + 1).Select(k => step * k)];
        double[][] points = q == 1 ? [.. line.Select(z => new[] { z })] : [.. line.SelectMany(z => line.Select(w => new[] { z, w }))];
        double[] densities = [.. points.Select(point => point.Aggregate(1.0, (product, z) => product * NormalDistribution.Density(z)))];
        double total = densities.Sum();
        shares = [.. densities.Select(density => density / total)];
        return [.. points.SelectMany(point => point)];
    }

    /// <summary>Cholesky's factor, in place; a pivot lost in rounding gives a column of zeros.</summary>
    private static void Factor(OnnxReal[] a, int q)
    {
        for (int j = 0; j < q; j++)
        {
            OnnxReal first = a[j * q + j], pivot = first;
            for (int k = 0; k < j; k++)
                pivot -= a[j * q + k] * a[j * q + k];
            var isPositive = pivot > 1e-14 * first.Abs();
            var diagonal = pivot.Where(isPositive, 1).Sqrt();
            a[j * q + j] = diagonal.Where(isPositive, 0);
            for (int i = j + 1; i < q; i++)
            {
                var value = a[i * q + j];
                for (int k = 0; k < j; k++)
                    value -= a[i * q + k] * a[j * q + k];
                a[i * q + j] = (value / diagonal).Where(isPositive, 0);
            }
        }
    }
}
