using System.Globalization;

namespace ProbML.Fitting;

/// <summary>What is kept of a path as it is fitted.</summary>
internal sealed class PathRecord(RowTransform transform, int folds, double[] foldWeights, double nullDeviance)
{
    private readonly double[] toOriginal = transform.ToOriginal(out _);
    private readonly List<double[]> heldOut = [];

    public List<double> Lambdas { get; } = [];

    /// <summary>b at each λ, [q].</summary>
    public List<double[]> Scaled { get; } = [];

    /// <summary>β₀ (0 without an intercept) and β at each λ, [d + 1].</summary>
    public List<double[]> Coefficients { get; } = [];

    public List<double> DevianceRatios { get; } = [];

    public double NullDeviance => nullDeviance;

    /// <summary>What to say of fits that did not converge, or null.</summary>
    public string? Unconverged { get; private set; }

    public void Add(double lambda, IReadOnlyList<PathProblem> problems)
    {
        double[] b = problems[0].Point;
        Lambdas.Add(lambda);
        Scaled.Add(b);
        Coefficients.Add(ToOriginal(b));
        DevianceRatios.Add(nullDeviance > 0 ? 1 - problems[0].Value.Deviance / nullDeviance : 0);
        if (folds > 0)
            heldOut.Add([.. problems.Skip(1).Select(p => p.Value.HeldOut)]);
        if (problems.FirstOrDefault(p => !p.Converged) is { } failed)
            Unconverged ??= string.Create(
                CultureInfo.InvariantCulture,
                $"The path did not converge at lambda = {lambda:G4}{(failed.Fold > 0 ? $" without fold {failed.Fold}" : "")}, "
                + $"nor perhaps after it: some means run to the edge of their range. Raise LambdaRatio.");
    }

    /// <summary>Whether smaller λ would hardly explain more; glmnet's <c>devmax</c>, <c>fdev</c> and <c>mnlam</c>.</summary>
    public bool HasSettled
    {
        get
        {
            if (DevianceRatios.Count < 5)
                return false;
            double ratio = DevianceRatios[^1];
            return ratio > 0.999 || ratio - DevianceRatios[^2] < 1e-5 * ratio;
        }
    }

    /// <summary>The mean deviance of held-out rows and its standard error: folds weighted by their rows, as glmnet does.</summary>
    public GlmPathCrossValidation? CrossValidation(GlmPathOptions options)
    {
        if (folds == 0)
            return null;
        double total = foldWeights.Sum();
        double[] mean = new double[Lambdas.Count], error = new double[Lambdas.Count];
        for (int k = 0; k < mean.Length; k++)
        {
            mean[k] = heldOut[k].Sum() / total;
            double spread = 0;
            for (int f = 1; f <= folds; f++)
            {
                double gap = heldOut[k][f - 1] / foldWeights[f] - mean[k];
                spread += foldWeights[f] / total * gap * gap;
            }
            error[k] = Math.Sqrt(spread / (folds - 1));
        }
        return new GlmPathCrossValidation([.. Lambdas], mean, error, folds, options.Rule);
    }

    private double[] ToOriginal(double[] b)
    {
        int q = transform.Width, d = transform.FeatureCount, first = transform.Intercept ? 1 : 0;
        var beta = new double[d + 1];
        for (int i = 0; i < d + first; i++)
        {
            double sum = 0;
            for (int k = 0; k < q; k++)
                sum += toOriginal[i * q + k] * b[k];
            beta[i + 1 - first] = sum;
        }
        return beta;
    }
}
