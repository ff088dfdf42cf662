namespace ProbML.GaussianProcesses;

/// <summary>How Bayesian optimisation goes.</summary>
public sealed record BayesianOptimisationOptions
{
    /// <summary>Evaluations in all.</summary>
    public int Evaluations { get; init; } = 30;

    /// <summary>Evaluations before the first model, spread over the space; null: 2 d + 2, at most a half of all.</summary>
    public int? InitialEvaluations { get; init; }

    /// <summary>The kernel, of parameters on [0, 1].</summary>
    public Kernel Kernel { get; init; } = new MaternKernel(MaternSmoothness.FiveHalves) { Ard = true, Lengthscale = [0.3] };

    /// <summary>What the next point is chosen by.</summary>
    public Acquisition Acquisition { get; init; } = Acquisition.LogExpectedImprovement();

    /// <summary>The seed; null: the host's, or a fixed one.</summary>
    public int? Seed { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Kernel);
        ArgumentNullException.ThrowIfNull(Acquisition);
        ArgumentOutOfRangeException.ThrowIfLessThan(Evaluations, 1);
        if (InitialEvaluations is { } initial)
            ArgumentOutOfRangeException.ThrowIfLessThan(initial, 2, nameof(InitialEvaluations));
    }
}

/// <summary>One evaluation.</summary>
/// <param name="Parameters">By name.</param>
/// <param name="Value">The objective there; not finite where it failed.</param>
public sealed record BayesianOptimisationTrial(IReadOnlyDictionary<string, double> Parameters, double Value);

/// <summary>What an optimisation came to.</summary>
/// <param name="Best">The trial of the smallest value.</param>
/// <param name="Trials">All, in their order.</param>
public sealed record BayesianOptimisationResult(BayesianOptimisationTrial Best, IReadOnlyList<BayesianOptimisationTrial> Trials);

/// <summary>Minimises a function that is dear to evaluate: a Gaussian process of what is known says where to look next.</summary>
/// <remarks>
/// Jones, Schonlau &amp; Welch (1998); Snoek, Larochelle &amp; Adams (2012). The first points are a Latin hypercube; a point where the
/// function has no value counts as the worst value seen, so that the search leaves it.
/// </remarks>
public static class BayesianOptimisation
{
    private const int Candidates = 1000, Near = 200, Rounds = 12;

    /// <summary>Looks for the smallest value.</summary>
    /// <param name="parameters">What may be chosen.</param>
    /// <param name="objective">The function, of values by name; noise is allowed.</param>
    /// <param name="options">How long, and how; null: 30 evaluations.</param>
    /// <param name="monitor">Progress (the objective is the best value so far) and cancellation; null: none.</param>
    /// <exception cref="ArgumentException">There are no parameters, or two of one name.</exception>
    /// <exception cref="InvalidOperationException">No evaluation gave a finite value.</exception>
    public static BayesianOptimisationResult Minimise(
        IReadOnlyList<SearchParameter> parameters,
        Func<IReadOnlyDictionary<string, double>, double> objective,
        BayesianOptimisationOptions? options = null,
        TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(objective);
        if (parameters.Count == 0)
            throw new ArgumentException("There is nothing to choose: name at least one parameter.", nameof(parameters));
        if (parameters.GroupBy(one => one.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"The parameter '{twice.Key}' is named {twice.Count()} times.", nameof(parameters));
        options ??= new();
        options.Validate();
        monitor ??= TrainingMonitor.None;
        var random = monitor.CreateRandom(options.Seed);
        int d = parameters.Count;
        int initial = Math.Min(options.Evaluations, options.InitialEvaluations ?? Math.Max(2, Math.Min(2 * d + 2, options.Evaluations / 2)));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (points, trials) = (new List<double[]>(), new List<BayesianOptimisationTrial>());
        double[][] first = Hypercube(initial, d, random);
        for (int k = 0; k < options.Evaluations; k++)
        {
            monitor.ThrowIfCancelled();
            double[] at = k < initial ? first[k] : Next(points, trials, options, random, monitor);
            double[] values = [.. at.Select((unit, j) => parameters[j].FromUnit(unit))];
            var named = parameters.Select((one, j) => (one.Name, Value: values[j])).ToDictionary(pair => pair.Name, pair => pair.Value);
            double value = objective(named);
            points.Add([.. values.Select((one, j) => parameters[j].ToUnit(one))]);
            trials.Add(new(named, value));
            monitor.Report(new("Bayesian optimisation", k + 1, Best(trials)?.Value ?? double.NaN, 0, watch.Elapsed)
            {
                Completed = k + 1,
                Total = options.Evaluations,
            });
        }
        return new(
            Best(trials) ?? throw new InvalidOperationException($"None of the {trials.Count} evaluations gave a finite value."), trials);
    }

    private static BayesianOptimisationTrial? Best(List<BayesianOptimisationTrial> trials) =>
        trials.Where(trial => double.IsFinite(trial.Value)).MinBy(trial => trial.Value);

    /// <summary>The point that promises most, under a process of the trials.</summary>
    private static double[] Next(
        List<double[]> points, List<BayesianOptimisationTrial> trials, BayesianOptimisationOptions options, Random random,
        TrainingMonitor monitor)
    {
        int d = points[0].Length;
        double[] known = [.. trials.Select(trial => trial.Value).Where(double.IsFinite)];
        if (known.Length < 2 || known.Min() == known.Max())
            return [.. Enumerable.Range(0, d).Select(_ => random.NextDouble())];
        double worst = known.Max();
        double[] y = [.. trials.Select(trial => double.IsFinite(trial.Value) ? trial.Value : worst)];
        var model = new GaussianProcessFitter(new()
        {
            Kernel = options.Kernel, StandardizeFeatures = false, Restarts = 1, MaximumIterations = 60, Seed = random.Next(),
        }).Fit(new MatrixDesign([.. points.SelectMany(point => point)], y), TrainingMonitor.None with { Cancellation = monitor.Cancellation });
        var means = new double[points.Count];
        model.PredictLatent([.. points.SelectMany(point => point)], means, default);
        double best = means.Min();                        // of f, so that noise does not pass for a find
        double[] incumbent = points[Array.IndexOf(means, best)];

        var candidates = new double[Candidates][];
        for (int k = 0; k < Candidates; k++)
            candidates[k] = k % 4 == 0
                ? Perturbed(incumbent, 0.1)
                : [.. Enumerable.Range(0, d).Select(_ => random.NextDouble())];
        var (chosen, promise) = Most(candidates);
        double spread = 0.1;
        for (int round = 0; round < Rounds; round++, spread *= 0.6)
        {
            var (next, value) = Most([.. Enumerable.Range(0, Near).Select(_ => Perturbed(chosen, spread))]);
            if (value > promise)
                (chosen, promise) = (next, value);
        }
        return chosen;

        double[] Perturbed(double[] point, double width) =>
            [.. point.Select(at => Math.Clamp(at + width * RandomNormal.Draw(random), 0, 1))];

        (double[] Point, double Promise) Most(double[][] tried)
        {
            var (mean, variance) = (new double[tried.Length], new double[tried.Length]);
            model.PredictLatent([.. tried.SelectMany(point => point)], mean, variance);
            int most = 0;
            double largest = double.NegativeInfinity;
            for (int k = 0; k < tried.Length; k++)
            {
                double value = options.Acquisition.Value(mean[k], Math.Sqrt(variance[k]), best);
                if (value > largest)
                    (largest, most) = (value, k);
            }
            return (tried[most], largest);
        }
    }

    /// <summary>One point in each of n slices of every axis. McKay, Beckman &amp; Conover (1979).</summary>
    private static double[][] Hypercube(int n, int d, Random random)
    {
        double[][] points = [.. Enumerable.Range(0, n).Select(_ => new double[d])];
        for (int j = 0; j < d; j++)
        {
            int[] slices = [.. Enumerable.Range(0, n)];
            random.Shuffle(slices);
            for (int k = 0; k < n; k++)
                points[k][j] = (slices[k] + random.NextDouble()) / n;
        }
        return points;
    }
}
