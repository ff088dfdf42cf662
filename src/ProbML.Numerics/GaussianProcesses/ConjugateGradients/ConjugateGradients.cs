using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>Solves K̂ U = B for several right-hand sides at once by preconditioned conjugate gradients.</summary>
/// <remarks>
/// Golub &amp; Van Loan (2013), algorithm 11.5.1; Gardner et al. (2018), algorithm 2: one product with K̂ an iteration for all of them, and
/// the step lengths of each are the Lanczos matrix of P^−½ K̂ P^−½ started from its P^−½ b.
/// </remarks>
internal sealed class ConjugateGradients
{
    private readonly List<double[]> steps = [], ratios = [];

    private ConjugateGradients(double[] solution, double[] weights) => (Solution, Weights) = (solution, weights);

    /// <summary>U, [n, columns].</summary>
    public double[] Solution { get; }

    /// <summary>bᵀ P⁻¹ b of each right-hand side.</summary>
    public double[] Weights { get; }

    /// <summary>Iterations made.</summary>
    public int Iterations => steps.Count;

    /// <summary>The largest |b − K̂ u| / |b| left.</summary>
    public double Residual { get; private set; }

    /// <summary>Solves.</summary>
    /// <param name="matrix">K̂.</param>
    /// <param name="preconditioner">P.</param>
    /// <param name="b">B, [n, columns].</param>
    /// <param name="columns">How many.</param>
    /// <param name="tolerance">It ends where every |b − K̂ u| is this part of |b|.</param>
    /// <param name="most">The most iterations.</param>
    /// <param name="monitor">Cancellation.</param>
    public static ConjugateGradients Solve(
        KernelOperator matrix, PivotedPreconditioner preconditioner, double[] b, int columns, double tolerance, int most,
        TrainingMonitor monitor)
    {
        double[] r = (double[])b.Clone(), z = preconditioner.Solve(r, columns), p = (double[])z.Clone();
        double[] size = Dots(b, b, columns), rho = Dots(r, z, columns);
        var run = new ConjugateGradients(new double[b.Length], (double[])rho.Clone());
        for (int iteration = 0; iteration < most; iteration++)
        {
            double[] left = Dots(r, r, columns);
            run.Residual = Math.Sqrt(left.Zip(size, (now, first) => first > 0 ? now / first : 0).Max());
            if (run.Residual <= tolerance)
                return run;
            double[] product = matrix.Multiply(p, columns, monitor), curvature = Dots(p, product, columns), step = new double[columns];
            for (int c = 0; c < columns; c++)
            {
                bool done = left[c] <= 1e-4 * tolerance * tolerance * size[c] || !(curvature[c] > 0);     // rounding is all that moves
                step[c] = done ? 0 : rho[c] / curvature[c];
            }
            Add(run.Solution, p, step, columns, 1);
            Add(r, product, step, columns, -1);
            z = preconditioner.Solve(r, columns);
            double[] next = Dots(r, z, columns), ratio = new double[columns];
            for (int c = 0; c < columns; c++)
                ratio[c] = step[c] == 0 || !(rho[c] > 0) ? 0 : next[c] / rho[c];
            for (int from = 0; from < p.Length; from += columns)
                TensorPrimitives.MultiplyAdd(p.AsSpan(from, columns), ratio, z.AsSpan(from, columns), p.AsSpan(from, columns));
            rho = next;
            run.steps.Add(step);
            run.ratios.Add(ratio);
        }
        double[] end = Dots(r, r, columns);
        run.Residual = Math.Sqrt(end.Zip(size, (now, first) => first > 0 ? now / first : 0).Max());
        return run;
    }

    /// <summary>e₁ᵀ ln(T) e₁ of one right-hand side's Lanczos matrix T.</summary>
    public double LogQuadrature(int column)
    {
        int count = 0;
        while (count < steps.Count && steps[count][column] > 0)
            count++;
        if (count == 0)
            return 0;
        var matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(count, count);
        for (int j = 0; j < count; j++)
        {
            matrix[j, j] = 1 / steps[j][column] + (j > 0 ? ratios[j - 1][column] / steps[j - 1][column] : 0);
            if (j + 1 < count)
                matrix[j, j + 1] = matrix[j + 1, j] = Math.Sqrt(ratios[j][column]) / steps[j][column];
        }
        var values = matrix.Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric);
        double sum = 0;
        for (int j = 0; j < count; j++)
        {
            double first = values.EigenVectors[0, j];
            sum += first * first * Math.Log(Math.Max(values.EigenValues[j].Real, 1e-300));
        }
        return sum;
    }

    private static void Add(double[] to, double[] from, double[] by, int columns, double sign)
    {
        var step = new double[columns];
        TensorPrimitives.Multiply(by, sign, step);
        for (int start = 0; start < to.Length; start += columns)
        {
            var row = to.AsSpan(start, columns);
            TensorPrimitives.MultiplyAdd(from.AsSpan(start, columns), step, row, row);
        }
    }

    private static double[] Dots(double[] a, double[] b, int columns)
    {
        var dots = new double[columns];
        for (int start = 0; start < a.Length; start += columns)
            TensorPrimitives.MultiplyAdd(a.AsSpan(start, columns), b.AsSpan(start, columns), dots, dots);
        return dots;
    }
}
