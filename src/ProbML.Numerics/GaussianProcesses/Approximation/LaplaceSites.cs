namespace ProbML.GaussianProcesses;

/// <summary>Laplace's approximation: a normal about the posterior mode f̂, W = −∂² ln p/∂f² there.</summary>
/// <remarks>
/// Rasmussen &amp; Williams (2006), algorithms 3.1 and 5.1, with a line search. Where the likelihood is not log-concave a step whose
/// K⁻¹ + W is not positive definite is taken with a curvature that majorises it: Vanhatalo, Jylänki &amp; Vehtari (2009), §3.
/// </remarks>
internal static class LaplaceSites
{
    private const int MaximumIterations = 200;
    private const double Tolerance = 1e-9;

    /// <summary>Finds the mode.</summary>
    /// <param name="problem">K, rows, likelihood.</param>
    /// <param name="start">a to start from, [n]; null: zero.</param>
    /// <param name="gradient">Whether the change of the mode and the likelihood's derivatives are wanted.</param>
    public static LatentSites Find(LatentProblem problem, double[]? start, bool gradient)
    {
        int n = problem.Count;
        var a = (double[]?)start?.Clone() ?? new double[n];
        double[] g = problem.Times(a), points = new double[n], slopes = new double[n], precisions = new double[n];
        double objective = Objective(problem, a, g);
        if (start is not null && !(objective > Objective(problem, new double[n], new double[n])))
        {
            Array.Clear(a);
            Array.Clear(g);
            objective = Objective(problem, a, g);
        }
        bool converged = false;
        int iteration = 0;
        for (; iteration < MaximumIterations && !converged; iteration++)
        {
            Derivatives(problem, g, slopes, precisions);
            var factor = SiteFactor.TryCreate(problem.Kernel, precisions, problem.Threads);
            bool isNewton = factor is not null;
            if (factor is null)
            {
                for (int i = 0; i < n; i++)
                    precisions[i] = problem.Rows.Weight(i) * problem.Likelihood.Majoriser(
                        problem.Rows.Y(i), problem.Mean + g[i] + problem.Rows.Offset(i));
                factor = SiteFactor.TryCreate(problem.Kernel, precisions, problem.Threads);
                if (factor is null)
                    break;
            }
            for (int i = 0; i < n; i++)
                points[i] = precisions[i] * g[i] + slopes[i];
            var step = factor.Apply(problem.Times(points));
            for (int i = 0; i < n; i++)
                step[i] = points[i] - step[i] - a[i];
            var move = problem.Times(step);
            double length = Search(problem, a, g, step, move, ref objective), size = 0, largest = 1;
            for (int i = 0; i < n; i++)
            {
                a[i] += length * step[i];
                g[i] += length * move[i];
                (size, largest) = (Math.Max(size, Math.Abs(move[i])), Math.Max(largest, Math.Abs(g[i])));
            }
            // Newton's error after a step is of the order of its square; a majoriser's of its own.
            converged = size <= (isNewton ? Tolerance : 1e-4 * Tolerance) * largest || (length == 0 && size <= 1e-5 * largest);
            if (length == 0 && !converged)
                break;
        }
        return Finish(problem, a, g, gradient, iteration, converged);
    }

    private static LatentSites Finish(LatentProblem problem, double[] a, double[] g, bool gradient, int iterations, bool converged)
    {
        int n = problem.Count;
        double[] slopes = new double[n], precisions = new double[n];
        Derivatives(problem, g, slopes, precisions);
        var factor = SiteFactor.TryCreate(problem.Kernel, precisions, problem.Threads);
        if (factor is null)                               // no mode: a saddle, or not arrived
        {
            converged = false;
            for (int i = 0; i < n; i++)
                precisions[i] = Math.Max(0, precisions[i]);
            factor = SiteFactor.TryCreate(problem.Kernel, precisions, problem.Threads)
                ?? throw new InvalidOperationException("The posterior's curvature is not finite.");
        }
        double evidence = Objective(problem, a, g) - 0.5 * factor.LogDeterminant;
        if (!gradient)
            return new(precisions, a, factor, evidence, null, [], iterations, converged);
        double[] variances = factor.Variances(), third = new double[n];
        for (int i = 0; i < n; i++)
            third[i] = 0.5 * variances[i] * problem.At(i, problem.Mean + g[i]).Third;   // ∂/∂f of −½ ln |I + KW|
        var pull = factor.Apply(problem.Times(third));
        for (int i = 0; i < n; i++)
            pull[i] = third[i] - pull[i];
        return new(precisions, a, factor, evidence, pull, Likelihood(problem, g, variances, pull), iterations, converged);
    }

    /// <summary>∂/∂φ at the mode, and by the mode's own change: uᵀ K ∂²ln p/∂f∂φ.</summary>
    private static double[] Likelihood(LatentProblem problem, double[] g, double[] variances, double[] pull)
    {
        var gradient = new double[problem.Likelihood.ParameterNames.Count];
        if (gradient.Length == 0)
            return gradient;
        var carried = problem.Times(pull);
        Span<ParameterPoint> points = stackalloc ParameterPoint[gradient.Length];
        for (int i = 0; i < g.Length; i++)
        {
            double weight = problem.Rows.Weight(i);
            problem.Likelihood.Parameters(problem.Rows.Y(i), problem.Mean + g[i] + problem.Rows.Offset(i), points);
            for (int k = 0; k < points.Length; k++)
                gradient[k] += weight * (points[k].Value + 0.5 * variances[i] * points[k].Curvature + carried[i] * points[k].Slope);
        }
        return gradient;
    }

    private static void Derivatives(LatentProblem problem, double[] g, double[] slopes, double[] precisions)
    {
        for (int i = 0; i < g.Length; i++)
        {
            var at = problem.At(i, problem.Mean + g[i]);
            (slopes[i], precisions[i]) = (at.Slope, -at.Curvature);
        }
    }

    /// <summary>ln p(y | f) − ½ aᵀ K a.</summary>
    private static double Objective(LatentProblem problem, double[] a, double[] g)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += problem.At(i, problem.Mean + g[i]).Value - 0.5 * a[i] * g[i];
        return sum;
    }

    /// <summary>Halves a step until the objective does not fall; 0: it cannot rise further.</summary>
    private static double Search(
        LatentProblem problem, double[] a, double[] g, double[] step, double[] move, ref double objective)
    {
        var (triedA, triedG) = (new double[a.Length], new double[a.Length]);
        for (double length = 1; length > 1e-10; length *= 0.5)
        {
            for (int i = 0; i < a.Length; i++)
                (triedA[i], triedG[i]) = (a[i] + length * step[i], g[i] + length * move[i]);
            double value = Objective(problem, triedA, triedG);
            if (value >= objective - 1e-13 * Math.Abs(objective))
            {
                objective = value;
                return length;
            }
        }
        return 0;
    }
}
