namespace ProbML;

/// <summary>How well each λ of a path predicts rows it was not fitted to.</summary>
/// <remarks>
/// Mean deviance Σ w d(y, μ) / Σw of the rows held out; its standard error is that of the folds' means, weighted by their
/// rows, as in glmnet's <c>cv.glmnet</c>. Hastie, Tibshirani &amp; Friedman (2009), §7.10.
/// </remarks>
public sealed class GlmPathCrossValidation
{
    internal GlmPathCrossValidation(
        IReadOnlyList<double> lambdas, IReadOnlyList<double> mean, IReadOnlyList<double> error, int folds, LambdaRule rule)
    {
        (MeanDeviance, StandardError, Folds) = (mean, error, folds);
        int best = 0;
        for (int k = 1; k < mean.Count; k++)
        {
            if (mean[k] < mean[best])
                best = k;
        }
        int simplest = 0;
        while (simplest < best && !(mean[simplest] <= mean[best] + error[best]))
            simplest++;
        (Minimum, OneStandardError) = (lambdas[best], lambdas[simplest]);
        Chosen = rule == LambdaRule.Minimum ? Minimum : OneStandardError;
    }

    /// <summary>The mean deviance of rows held out, one for each λ.</summary>
    public IReadOnlyList<double> MeanDeviance { get; }

    /// <summary>The standard error of each mean.</summary>
    public IReadOnlyList<double> StandardError { get; }

    /// <summary>The number of folds.</summary>
    public int Folds { get; }

    /// <summary>The λ of the smallest mean deviance.</summary>
    public double Minimum { get; }

    /// <summary>The largest λ whose mean deviance is within one standard error of the smallest.</summary>
    public double OneStandardError { get; }

    /// <summary>The λ that the options' rule chooses.</summary>
    public double Chosen { get; }
}
