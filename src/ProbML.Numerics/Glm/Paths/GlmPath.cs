using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using ProbML.Fitting;

namespace ProbML;

/// <summary>Generalized linear models along a path of penalties, the largest first.</summary>
/// <remarks>Keeps the design it was fitted to, for <see cref="At"/>.</remarks>
public sealed class GlmPath
{
    private static readonly ConditionalWeakTable<GlmModel, GlmPath> Paths = [];

    private readonly PathRecord record;
    private readonly PathRefit refit;

    internal GlmPath(PathRecord record, GlmPathOptions options, PathRefit refit)
    {
        (this.record, this.refit, Options) = (record, refit, options);
        CoefficientNames = [GlmCoefficientTable.InterceptName, .. refit.Design.FeatureNames];
        NonZeroCounts = [.. record.Coefficients.Select(Count)];
        CrossValidation = record.CrossValidation(options);
    }

    /// <summary>The options it was fitted with.</summary>
    public GlmPathOptions Options { get; }

    /// <summary>λ, falling, [k].</summary>
    public IReadOnlyList<double> Lambdas => record.Lambdas;

    /// <summary>The intercept's name, then the features', [d + 1].</summary>
    public IReadOnlyList<string> CoefficientNames { get; }

    /// <summary>β₀ (0 where there is no intercept) and β at each λ, of the columns as they are, [k] of [d + 1].</summary>
    public IReadOnlyList<IReadOnlyList<double>> Coefficients => record.Coefficients;

    /// <summary>The share of the null deviance that is explained, 1 − D / D₀, at each λ, [k].</summary>
    public IReadOnlyList<double> DevianceRatios => record.DevianceRatios;

    /// <summary>The coefficients that are not zero, the intercept aside, at each λ, [k].</summary>
    public IReadOnlyList<int> NonZeroCounts { get; }

    /// <summary>D₀, the deviance of the model without features.</summary>
    public double NullDeviance => record.NullDeviance;

    /// <summary>Whether each λ's minimum was found.</summary>
    public bool Converged => record.Unconverged is null;

    /// <summary>How well each λ predicts rows held out; null where there were no folds.</summary>
    public GlmPathCrossValidation? CrossValidation { get; }

    /// <summary>The path from which a model was taken; null for one that was fitted otherwise, or loaded.</summary>
    public static GlmPath? Of(GlmModel model) => Paths.TryGetValue(model, out var path) ? path : null;

    /// <summary>β₀ and β at any λ, [d + 1]: exact at the path's own values, between them linear (glmnet's <c>coef</c>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not a number.</exception>
    public IReadOnlyList<double> CoefficientsAt(double lambda)
    {
        int after = FirstBelow(lambda);
        if (after == 0 || after == Lambdas.Count || Lambdas[after - 1] == lambda)
            return record.Coefficients[Math.Max(0, after - 1)];
        double share = (Lambdas[after - 1] - lambda) / (Lambdas[after - 1] - Lambdas[after]);
        double[] above = record.Coefficients[after - 1], below = record.Coefficients[after];
        return [.. above.Select((value, j) => value + share * (below[j] - value))];
    }

    /// <summary>The model at any λ, fitted to the data again, from the path's nearest point: exact, with all its statistics.</summary>
    /// <param name="lambda">λ ≥ 0; 0: the unpenalised fit.</param>
    /// <param name="monitor">Progress, cancellation and messages, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not a number.</exception>
    public GlmModel At(double lambda, TrainingMonitor? monitor = null)
    {
        double[] near = record.Scaled[Math.Max(0, FirstBelow(lambda) - 1)];
        var model = refit.Fit(lambda, near, monitor ?? TrainingMonitor.None);
        Paths.Add(model, this);
        return model;
    }

    /// <summary>The table that glmnet prints: degrees of freedom, percent of deviance explained and λ.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{refit.Options.Family!.Name} path, {refit.Options.Link!.Name} link, ");
        text.AppendLine(CultureInfo.InvariantCulture, $"alpha = {Options.Alpha:G4}").AppendLine();
        text.AppendLine(CrossValidation is null ? "      Df   %Dev    Lambda" : "      Df   %Dev    Lambda   CV deviance  Std. Error");
        for (int k = 0; k < Lambdas.Count; k++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{k + 1,-4}{NonZeroCounts[k],4}{100 * DevianceRatios[k],7:F2}{Lambdas[k],10:G4}");
            if (CrossValidation is { } cv)
                text.Append(CultureInfo.InvariantCulture, $"{cv.MeanDeviance[k],14:G5}{cv.StandardError[k],12:G4}")
                    .Append(Lambdas[k] == cv.Minimum ? "  min" : "").Append(Lambdas[k] == cv.OneStandardError ? "  1se" : "");
            text.AppendLine();
        }
        return text.ToString();
    }

    internal int NonZeroCount(double lambda) => Count(CoefficientsAt(lambda));

    private static int Count(IReadOnlyList<double> beta) => beta.Skip(1).Count(b => b != 0);

    /// <summary>The place of the first λ of the path that is smaller, or their number.</summary>
    private int FirstBelow(double lambda)
    {
        if (!(lambda >= 0 && double.IsFinite(lambda)))
            throw new ArgumentOutOfRangeException(nameof(lambda), lambda, "lambda must be ≥ 0 and finite.");
        int k = 0;
        while (k < Lambdas.Count && Lambdas[k] >= lambda)
            k++;
        return k;
    }
}
