namespace ProbML.GaussianProcesses;

/// <content>The distribution of a new observation: of one row, and of blocks of them as columns.</content>
public sealed partial class GaussianProcessModel
{
    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        int n = rows.Count;
        // The mean of e^f depends on the variance of f; that of f itself does not.
        bool wantsMore = outputs.WantsMoreThan(BayesianColumns.Score) || (Task == PredictionTask.Regression && !fit.Likelihood.ScalesTarget);
        var noise = wantsMore ? fit.Likelihood.LogNoise : null;
        using var rented = new RentedNumbers(4 * n);
        Span<double> mean = rented.Take(n), variance = rented.Take(wantsMore ? n : 0), features = new double[FeatureCount];
        var inputs = Inputs(rows.Features);
        fit.Posterior.Predict(inputs, mean, variance);
        Span<double> logNoise = rented.Take(n), logNoiseVariance = rented.Take(n);
        noise?.Predict(inputs, logNoise, logNoiseVariance);
        var scaling = fit.Scaling;
        for (int i = 0; i < n; i++)
        {
            var row = outputs.Row(i);
            inputs.CopyRow(i, features);
            if (!double.IsFinite(System.Numerics.Tensors.TensorPrimitives.Sum<double>(features)))
            {
                row.Fill(float.NaN);
                continue;
            }
            bool isLatent = !fit.Likelihood.ScalesTarget;           // an offset is f's, not the response's
            double shift = isLatent ? 0 : scaling.TargetShift + rows.Offset(i);
            if (isLatent)
                mean[i] += rows.Offset(i);
            if (fit.Likelihood is BernoulliLikelihood classes)
            {
                BinaryLatentScores.Fill(
                    classes, mean[i], wantsMore ? variance[i] : 0, wantsMore ? Kernel.WhiteDiagonal(features) : 0, Level,
                    rows.ResponseOrNaN(i), row);
                continue;
            }
            if (!wantsMore)
            {
                row[BayesianColumns.Score] = (float)(shift + scaling.TargetScale * mean[i]);
                continue;
            }
            fit.Acquisition?.Fill(
                shift + scaling.TargetScale * mean[i], scaling.TargetScale * Math.Sqrt(variance[i]), row[(BayesianColumns.Upper + 1)..]);
            var response = fit.Likelihood.Predict(
                mean[i], variance[i], Kernel.WhiteDiagonal(features), logNoise[i], logNoiseVariance[i]);
            row[BayesianColumns.Score] = (float)(shift + scaling.TargetScale * response.Mean);
            row[BayesianColumns.StandardDeviation] = (float)(scaling.TargetScale * Math.Sqrt(response.Variance));
            row[BayesianColumns.Epistemic] = (float)(scaling.TargetScale * Math.Sqrt(response.Epistemic));
            row[BayesianColumns.Aleatoric] = (float)(scaling.TargetScale * Math.Sqrt(response.Aleatoric));
            if (outputs.Wants(BayesianColumns.Lower))
                row[BayesianColumns.Lower] = (float)(shift + scaling.TargetScale * response.Quantile(0.5 - Level / 2));
            if (outputs.Wants(BayesianColumns.Upper))
                row[BayesianColumns.Upper] = (float)(shift + scaling.TargetScale * response.Quantile(0.5 + Level / 2));
            if (outputs.Wants(BayesianColumns.LogDensity))
                row[BayesianColumns.LogDensity] = (float)(response.LogDensity(
                    (rows.ResponseOrNaN(i) - shift) / scaling.TargetScale) - Math.Log(scaling.TargetScale));
        }
    }

    /// <summary>Whether the predictive distribution is another than the normal one of its mean and variance.</summary>
    internal bool HasOwnLaw => fit.Likelihood is ResponseLikelihood;

    /// <summary>Whether the response takes whole numbers only.</summary>
    internal bool IsDiscrete => fit.Likelihood is ResponseLikelihood { IsDiscrete: true };

    /// <summary>P(Y ≤ y) of a new observation, where <see cref="HasOwnLaw"/>.</summary>
    internal double CumulativeProbability(ReadOnlySpan<double> features, double offset, double y)
    {
        var (response, _, _, shift) = Respond(features, offset);
        return response is IMixtureLaw law
            ? law.Cdf((y - shift) / fit.Scaling.TargetScale)
            : throw new InvalidOperationException("The predictive distribution is normal.");
    }

    private (ResponsePrediction Response, double Latent, double Variance, double Shift) Respond(ReadOnlySpan<double> features, double offset)
    {
        double[] mean = new double[1], variance = new double[1], x = features.ToArray();
        fit.Scaling.Apply(x);
        fit.Posterior.Predict(InputColumns.FromRows(x, FeatureCount), mean, variance);
        bool isLatent = !fit.Likelihood.ScalesTarget;
        double shift = isLatent ? 0 : fit.Scaling.TargetShift + offset, latent = mean[0] + (isLatent ? offset : 0);
        double[] logNoise = new double[1], logNoiseVariance = new double[1];
        fit.Likelihood.LogNoise?.Predict(InputColumns.FromRows(x, FeatureCount), logNoise, logNoiseVariance);
        return (fit.Likelihood.Predict(latent, variance[0], Kernel.WhiteDiagonal(x), logNoise[0], logNoiseVariance[0]), latent, variance[0], shift);
    }
}
