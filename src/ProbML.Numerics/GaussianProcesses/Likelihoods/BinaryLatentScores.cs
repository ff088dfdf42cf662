namespace ProbML.GaussianProcesses;

/// <summary>The columns of two classes, as numbers and as ONNX operators.</summary>
internal static class BinaryLatentScores
{
    /// <summary>Nodes of a standard normal from −8.5 to 8.5 in tenths: the rule of <see cref="Fitting.GaussianRule"/> at a fixed step.</summary>
    private static readonly double[] Nodes = [.. Enumerable.Range(-85, 171).Select(k => 0.1 * k)];

    private static readonly double[] Weights = [.. Nodes.Select(z => 0.1 * NormalDistribution.Density(z))];

    /// <summary>Fills a row.</summary>
    /// <param name="likelihood">The link.</param>
    /// <param name="mean">E f, offset included.</param>
    /// <param name="variance">Var f.</param>
    /// <param name="white">What white noise adds to it.</param>
    /// <param name="level">Of the probability's interval.</param>
    /// <param name="y">The label, or NaN.</param>
    /// <param name="row">Where the columns go.</param>
    public static void Fill(
        BernoulliLikelihood likelihood, double mean, double variance, double white, double level, double y, Span<float> row)
    {
        var response = likelihood.Predict(mean, variance, white);
        double half = NormalDistribution.Quantile(0.5 + level / 2) * Math.Sqrt(variance);
        row[BayesianColumns.Score] = (float)mean;
        row[BayesianColumns.Probability] = (float)response.Mean;
        row[BayesianColumns.Epistemic] = (float)Math.Sqrt(response.Epistemic);
        row[BayesianColumns.Aleatoric] = (float)Math.Sqrt(response.Aleatoric);
        row[BayesianColumns.StandardError] = (float)Math.Sqrt(variance);
        row[BayesianColumns.Lower] = (float)likelihood.Link.Inverse(mean - half).Mean;
        row[BayesianColumns.Upper] = (float)likelihood.Link.Inverse(mean + half).Mean;
        row[BayesianColumns.LogDensity] = (float)response.LogDensity(y);
    }

    public static OnnxReal?[] Emit(BernoulliLikelihood likelihood, OnnxLatent latent, OnnxRows rows, ReadOnlySpan<bool> wanted)
    {
        var columns = new OnnxReal?[BayesianColumns.Of(PredictionTask.BinaryClassification).Count];
        var scope = latent.Mean.Scope;
        var mean = latent.Mean;
        if (rows.Offset.Exists)
            mean += scope.Double(rows.Offset);
        if (wanted.Wants(BayesianColumns.Score))
            columns[BayesianColumns.Score] = mean;
        if (latent.Variance is not { } variance || latent.White is not { } white)
            return columns;
        var error = variance.Sqrt();
        var half = NormalDistribution.Quantile(0.5 + latent.Level / 2) * error;
        var weights = scope.Constant(Weights, Weights.Length, 1);
        var each = likelihood.Link.Inverse(mean + (variance + white).Sqrt() * scope.Constant(Nodes, 1, Nodes.Length));
        var probability = each.Mean.Times(weights);
        var none = each.Complement.Times(weights);
        if (wanted.Wants(BayesianColumns.Probability))
            columns[BayesianColumns.Probability] = probability;
        if (wanted.Wants(BayesianColumns.Epistemic))
        {
            var apart = each.Mean - probability;
            columns[BayesianColumns.Epistemic] = (apart * apart).Times(weights).Sqrt();
        }
        if (wanted.Wants(BayesianColumns.Aleatoric))
            columns[BayesianColumns.Aleatoric] = (each.Mean * each.Complement).Times(weights).Sqrt();
        if (wanted.Wants(BayesianColumns.StandardError))
            columns[BayesianColumns.StandardError] = error;
        if (wanted.Wants(BayesianColumns.Lower))
            columns[BayesianColumns.Lower] = likelihood.Link.Inverse(mean - half).Mean;
        if (wanted.Wants(BayesianColumns.Upper))
            columns[BayesianColumns.Upper] = likelihood.Link.Inverse(mean + half).Mean;
        if (wanted.Wants(BayesianColumns.LogDensity) && rows.Response.Exists)
        {
            var y = scope.Double(rows.Response);
            var known = scope.Choose(y.Is(1), probability.Log(), none.Log());
            var possible = y.Is(1) | y.Is(0);
            columns[BayesianColumns.LogDensity] =
                known.Where(possible, double.NegativeInfinity).Where(!y.IsNaN(), double.NaN);
        }
        return columns;
    }
}
