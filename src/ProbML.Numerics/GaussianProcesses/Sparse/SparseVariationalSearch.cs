namespace ProbML.GaussianProcesses;

/// <summary>Maximises Titsias' bound, or FITC's likelihood: over the hyperparameters, then over the inducing inputs too.</summary>
internal static class SparseVariationalSearch
{
    private const int MostSelections = 5;
    private const double WorthAnother = 1e-2;             // nats by which the bound must rise for another selection

    /// <summary>Searches.</summary>
    public static SparseOptimum Run(SparseVariationalInference inference, SparseSearch search)
    {
        var z = Choose(inference, search, search.Kernel);
        var best = Climb(inference, search, z, learnt: false);
        if (inference.LearnInducingInputs)
        {
            var moved = Climb(inference, From(search, best), best.Process.InducingInputs, learnt: true);
            return moved with { Starts = best.Starts, Evaluations = best.Evaluations + moved.Evaluations };
        }
        // Greedy inputs were chosen under the kernel that the search began with: Burt et al. (2020), §4.1.
        for (int selection = 1; selection < MostSelections && inference.Selection == InducingSelection.GreedyVariance; selection++)
        {
            z = Choose(inference, search, best.Process.Kernel);
            var next = Climb(inference, From(search, best), z, learnt: false);
            bool rose = next.Bound > best.Bound;
            bool worth = next.Bound > best.Bound + WorthAnother;
            int evaluations = best.Evaluations + next.Evaluations;
            best = (rose ? next with { Starts = best.Starts } : best) with { Evaluations = evaluations };
            if (!worth)
                break;
        }
        return best;
    }

    private static InputColumns Choose(SparseVariationalInference inference, SparseSearch search, Kernel kernel) =>
        InducingInputs.Choose(search.Sample, inference.InducingInputs, inference.Selection, kernel, search.Random, search.Monitor);

    /// <summary>The search that goes on from an optimum, without other starts.</summary>
    internal static SparseSearch From(SparseSearch search, SparseOptimum optimum) => search with
    {
        Kernel = optimum.Process.Kernel,
        Noise = search.Noise with { Start = optimum.Process.NoiseVariance },
        MeanConstant = search.MeanConstant with { Start = optimum.Process.MeanConstant },
        Restarts = 0,
    };

    internal static SparseOptimum Climb(SparseVariationalInference inference, SparseSearch search, InputColumns z, bool learnt)
    {
        var space = search.Space(learnt ? z : null);
        var like = new SparseProcess
        {
            Kernel = search.Kernel,
            InducingInputs = z,
            Approximation = inference.Approximation,
            Jitter = inference.Jitter,
        };
        var found = HyperparameterSearch.Maximise(
            space, Objective, new(search.Restarts, search.Random, search.Lbfgs), search.Monitor, 2 * search.RowCount);
        var process = SparseSearch.At(space, found.Free, like, learnt);
        var posterior = SparsePosterior.Condition(process, search.Rows, search.Monitor, search.Threads);
        return new(
            process, posterior.ToLatentPosterior(), posterior.LogLikelihood, found.Starts, found.Converged, found.Evaluations,
            space.AtBound(found.Free));

        double Objective(ReadOnlySpan<double> free, Span<double> gradient)
        {
            var at = SparseSearch.At(space, free, like, learnt);
            var inducing = InducingCovariance.TryCreate(at.Kernel, at.InducingInputs, at.Jitter, search.Threads);
            if (inducing is null
                || SparsePosterior.TryCondition(at, inducing, search.Rows, search.Monitor, search.Threads) is not { } posterior)
                return double.NaN;
            var by = posterior.Gradient(search.Rows, search.Monitor);
            Copy([.. by.Kernel, by.LogNoiseVariance, by.MeanConstant], by.InducingInputs, gradient, learnt);
            return posterior.LogLikelihood;
        }
    }

    private static void Copy(double[] own, IReadOnlyList<double> byInputs, Span<double> gradient, bool learnt)
    {
        own.CopyTo(gradient);
        for (int k = 0; learnt && k < byInputs.Count; k++)
            gradient[own.Length + k] = byInputs[k];
    }
}
