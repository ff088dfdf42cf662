using System.Diagnostics;

namespace ProbML.Fitting;

/// <summary>
/// Starting coefficients for a large design from a coarse fit to its first rows: an error of a few standard errors instead
/// of the whole way, which saves about three passes over all rows.
/// </summary>
internal static class WarmStart
{
    private const long FewestRows = 200_000;
    private const int Share = 16;                         // of the rows are in the head
    private const int RowsPerFeature = 100;

    /// <summary>β, [intercept, features], and the family with its θ; null where the head does not allow a fit.</summary>
    public static (double[] Coefficients, IFamily Family)? Find(
        Design design,
        GlmOptions options,
        IFamily family,
        ILinkFunction link,
        long rows,
        (bool EstimateTheta, bool NewtonDiffers) kind,
        TrainingMonitor monitor)
    {
        var head = new DesignHead(design, rows / Share);
        if (!design.HasRows || rows < FewestRows || head.Rows < (long)RowsPerFeature * design.FeatureCount || options.L1 > 0)
            return null;
        var quiet = monitor with { Progress = null };
        var moments = head.Sum(() => new ResponseMoments(design.FeatureCount, family), quiet, options.NumberOfThreads);
        if (!ResponseChecks.CanBeFitted(moments, family))
            return null;
        var coarse = options with { Tolerance = 1e-4, MaximumIterations = 20, L2 = options.L2 / Share };
        var iteration = new GlmIteration(head, coarse, kind.EstimateTheta, kind.NewtonDiffers, quiet, new Stopwatch());
        var start = new GlmStart(iteration, coarse, moments);
        if (start.TryFind(family, link) is not { } found)
            return null;
        var estimate = iteration.Run(found.Point, found.At, new Penalty(coarse, found.Point.Transform), 0);
        if (estimate.Status != GlmStatus.Converged)
            return null;
        double[] t = estimate.Point.Transform.ToOriginal(out int count);
        int q = estimate.Point.Transform.Width;
        var beta = new double[count];
        for (int i = 0; i < count; i++)
        {
            for (int k = 0; k < q; k++)
                beta[i] += t[i * q + k] * estimate.Point.Coefficients[k];
        }
        return (beta, estimate.Point.Family);
    }
}
