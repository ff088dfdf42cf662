namespace ProbML.GaussianProcesses;

/// <summary>q(u) at its optimum, hyperparameters and inducing inputs held fixed: natural-gradient steps on all rows.</summary>
/// <remarks>
/// Khan &amp; Lin (2017); a step of one where the bound rises, halved where it does not. Each pass costs O(n m²) and keeps nothing of
/// size n.
/// </remarks>
/// <param name="Q">q(v), u = L v.</param>
/// <param name="Bound">Σ E ln p − KL.</param>
/// <param name="Passes">Over the rows.</param>
/// <param name="Converged">Whether the last step changed the bound no more.</param>
internal sealed record VariationalOptimum(VariationalNormal Q, double Bound, int Passes, bool Converged)
{
    private const int MostPasses = 60;
    private const double Tolerance = 1e-10, LeastStep = 1e-3;

    /// <summary>Climbs.</summary>
    /// <param name="inducing">K_mm.</param>
    /// <param name="likelihood">p(y | f).</param>
    /// <param name="q">Where it begins.</param>
    /// <param name="meanConstant">m.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="threads">The most threads.</param>
    /// <param name="monitor">Progress and cancellation.</param>
    public static VariationalOptimum Find(
        InducingCovariance inducing, IExpectedLogDensity likelihood, VariationalNormal q, double meanConstant, Design rows, int threads,
        TrainingMonitor monitor)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (sum, bound) = At(q);
        double step = 1;
        for (int pass = 1; ; pass++)
        {
            monitor.Report(new("Variational", pass, -bound, 0, watch.Elapsed));
            if (pass == MostPasses || step < LeastStep)
                return new(q, bound, pass, Converged: pass < MostPasses);
            if (q.Step(sum.Gram, sum.Projection, step) is not { } tried)
            {
                step *= 0.5;
                continue;
            }
            var (of, value) = At(tried);
            if (!(value >= bound - Tolerance * Math.Abs(bound)))
            {
                step *= 0.5;
                continue;
            }
            bool still = Math.Abs(value - bound) <= Tolerance * Math.Max(1, Math.Abs(value));
            (q, sum, bound, step) = (tried, of, value, Math.Min(1, 2 * step));
            if (still)
                return new(q, bound, pass + 1, Converged: true);
        }

        (VariationalSum Sum, double Bound) At(VariationalNormal at)
        {
            var sum = rows.Sum(() => new VariationalSum(inducing, likelihood, at, meanConstant), monitor, threads);
            return (sum, sum.Expected - at.KlToPrior());
        }
    }
}
