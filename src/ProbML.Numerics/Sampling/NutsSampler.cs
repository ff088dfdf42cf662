namespace ProbML;

/// <summary>The no-U-turn sampler: Hamiltonian trajectories of self-chosen length, chains side by side.</summary>
/// <remarks>
/// Multinomial weighting of the trajectory's points and the generalised no-U-turn rule of Betancourt (2017), A Conceptual Introduction
/// to Hamiltonian Monte Carlo, App. A; step size by dual averaging, Hoffman &amp; Gelman (2014), §3.2; a diagonal mass matrix from
/// windows of doubling length. A chain's stream of random numbers depends on the seed and its own number alone.
/// </remarks>
public static class NutsSampler
{
    /// <summary>Runs the chains.</summary>
    /// <param name="density">The log density.</param>
    /// <param name="starts">Where each chain starts, [chains][m]; the density must be finite there.</param>
    /// <param name="options">How it runs; null: 4 chains of 1000 draws after 1000 for adaptation.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="monitor">Told of each transition, of all chains in turn, and asked for cancellation; null: none.</param>
    /// <param name="threads">How many chains run at a time; null: one a core.</param>
    /// <exception cref="ArgumentException">There are not as many starts as chains, or a density is not finite there.</exception>
    /// <exception cref="OperationCanceledException">The monitor says so.</exception>
    public static NutsResult Run(
        ILogDensity density,
        IReadOnlyList<double[]> starts,
        NutsOptions? options = null,
        int seed = 1,
        TrainingMonitor? monitor = null,
        int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentNullException.ThrowIfNull(starts);
        options ??= new();
        options.Validate();
        if (starts.Count != options.Chains)
            throw new ArgumentException($"{options.Chains} chains need as many starts, but there are {starts.Count}.", nameof(starts));
        var chains = new NutsChain[options.Chains];
        for (int c = 0; c < chains.Length; c++)
            chains[c] = new NutsChain(density, starts[c], options, unchecked(seed * 7919 + c));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var progress = new NutsProgress(monitor ?? TrainingMonitor.None, (long)options.Chains * (options.Warmup + options.Draws));
        try
        {
            Parallel.For(
                0,
                chains.Length,
                new ParallelOptions { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount },
                c => chains[c].Run(progress));
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
        return new NutsResult([.. chains.Select(chain => chain.Result)], density.Dimension, watch.Elapsed);
    }
}
