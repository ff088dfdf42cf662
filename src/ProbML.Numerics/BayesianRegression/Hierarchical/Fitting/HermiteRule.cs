using MathNet.Numerics.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>∫ f(x) e^(−x²) dx ≈ Σ wₖ f(xₖ), exact for polynomials of degree 2n − 1.</summary>
/// <remarks>Eigenvalues of the Jacobi matrix: Golub &amp; Welsch (1969), Math. Comput. 23.</remarks>
internal static class HermiteRule
{
    /// <summary>xₖ and ln wₖ, ascending.</summary>
    public static (double Node, double LogWeight)[] Of(int nodes)
    {
        var jacobi = Matrix<double>.Build.Dense(nodes, nodes);
        for (int k = 1; k < nodes; k++)
            jacobi[k, k - 1] = jacobi[k - 1, k] = Math.Sqrt(0.5 * k);
        var decomposed = jacobi.Evd(Symmetricity.Symmetric);
        return [.. Enumerable.Range(0, nodes).Select(k => Polished(decomposed.EigenValues[k].Real, nodes))];
    }

    /// <summary>Newton's steps to the last digit, and the weight from the orthonormal polynomials: wₖ = 1 / Σ p_i(x)².</summary>
    private static (double Node, double LogWeight) Polished(double x, int nodes)
    {
        double sum = 0;
        for (int step = 0; step < 3; step++)
        {
            double before = 0, now = Math.Pow(Math.PI, -0.25);
            sum = 0;
            for (int i = 0; i < nodes; i++)
            {
                sum += now * now;
                (before, now) = (now, (x * now - Math.Sqrt(0.5 * i) * before) / Math.Sqrt(0.5 * (i + 1)));
            }
            if (step < 2)
                x -= now / (Math.Sqrt(2.0 * nodes) * before);
        }
        return (x, -Math.Log(sum));
    }
}
