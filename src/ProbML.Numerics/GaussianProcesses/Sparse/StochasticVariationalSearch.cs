namespace ProbML.GaussianProcesses;

/// <summary>The stochastic search with normal noise, whose q(u) a last pass over all rows puts at its optimum.</summary>
internal static class StochasticVariationalSearch
{
    /// <summary>Searches.</summary>
    public static SparseOptimum Run(StochasticVariationalInference inference, SparseSearch search)
    {
        if (search.Kernel.WhiteDiagonal(new double[search.Rows.FeatureCount]) > 0)
            throw new InvalidOperationException(
                $"SVGP takes no white kernel, as there is in {search.Kernel}: leave it out, the likelihood's noise variance is the same.");
        var found = StochasticClimb.Run(inference, search, new GaussianLogDensity(search.Noise.Start));
        var process = new SparseProcess
        {
            Kernel = found.Inducing.Kernel,
            InducingInputs = found.Inducing.Inputs,
            NoiseVariance = ((GaussianLogDensity)found.Likelihood).NoiseVariance,
            MeanConstant = found.MeanConstant,
            Jitter = inference.Jitter,
        };
        var posterior = SparsePosterior.Condition(process, search.Rows, search.Monitor, search.Threads);
        return new(
            process, posterior.ToLatentPosterior(), posterior.LogLikelihood, [posterior.LogLikelihood], true, inference.Steps,
            found.AtBound);
    }
}
