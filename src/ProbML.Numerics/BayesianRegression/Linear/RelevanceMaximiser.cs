namespace ProbML.Fitting;

/// <summary>Automatic relevance determination: the better of two ascents, from all columns and from none.</summary>
internal static class RelevanceMaximiser
{
    public static LinearPosterior Run(LinearMoments moments, BayesianLinearOptions options, TrainingMonitor monitor)
    {
        bool intercept = options.Intercept, integrate = intercept && ((EvidenceInference)options.Inference).IntegrateIntercept;
        var (gram, cross, total) = EvidenceMaximiser.Centred(moments, intercept);
        double count = moments.Count - (integrate ? 1 : 0);
        RelevanceAscent? best = null;
        foreach (bool full in (bool[])[true, false])
        {
            var ascent = new RelevanceAscent(gram, cross, total, count, full);
            ascent.Run(options.MaximumIterations, options.Tolerance, monitor);
            if (best is null || Evidence(ascent) > Evidence(best))
                best = ascent;
        }
        return Posterior(moments, best!, total, intercept, integrate, Evidence(best!));

        double Evidence(RelevanceAscent ascent) =>
            EvidenceMaximiser.LogEvidence(moments, integrate, ascent.NoisePrecision, ascent.Squares) - 0.5 * ascent.LogDeterminant;
    }

    private static LinearPosterior Posterior(
        LinearMoments moments, RelevanceAscent ascent, double total, bool intercept, bool integrate, double evidence)
    {
        int first = intercept ? 1 : 0;
        int[] kept = [.. ascent.Kept.Order()];
        int q = kept.Length + first;
        double b = ascent.NoisePrecision, effective = 0;
        double[] mean = new double[q], covariance = new double[q * q];
        if (intercept)
            (mean[0], covariance[0]) = (moments.Mean[moments.FeatureCount], integrate ? 1 / (b * moments.SumOfWeights) : 0);
        for (int i = 0; i < kept.Length; i++)
        {
            mean[first + i] = ascent.Mean[kept[i]];
            for (int j = 0; j < kept.Length; j++)
                covariance[(first + i) * q + first + j] = ascent.Covariance(kept[i], kept[j]) / b;
            effective += 1 - ascent.Ratios[kept[i]] * ascent.Covariance(kept[i], kept[i]);
        }
        var all = ConjugateRegression.Coordinates(moments, intercept, scaled: false);
        return new()
        {
            Transform = all.Keep([.. intercept ? (int[])[0] : [], .. kept.Select(j => j + first)]),
            Mean = mean,
            Covariance = covariance,
            Noise = 1 / b,
            LogEvidence = evidence,
            EffectiveParameters = effective,
            Relevances = [.. ascent.Ratios.Select(ratio => ratio * b)],
            Iterations = ascent.Sweeps,
            Converged = ascent.Converged && ascent.Squares > EvidenceMaximiser.Exact * total,
        };
    }
}
