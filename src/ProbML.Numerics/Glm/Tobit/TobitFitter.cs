using ProbML.Fitting;

namespace ProbML;

/// <summary>
/// Fits Tobit (censored normal) models by maximum likelihood, or by the posterior mode where there is a penalty.
/// </summary>
/// <remarks>
/// Newton's method with step halving on (β, ln σ), one pass over the rows an iteration; where the likelihood is not
/// concave the information's diagonal is raised. Tobin (1958); Amemiya (1984); Olsen (1978): the maximum is unique.
/// </remarks>
public sealed class TobitFitter : IFitter<TobitModel>
{
    private readonly TobitOptions options;

    /// <summary>A fitter for the options.</summary>
    /// <param name="options">The limits, and how the model is fitted; null: censored from below at 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; there is no limit, or the limits cross.</exception>
    public TobitFitter(TobitOptions? options = null)
    {
        this.options = options ?? new();
        this.options.Validate();
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => TobitModel.Columns;

    /// <inheritdoc/>
    public TobitModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        double lower = options.Lower ?? double.NegativeInfinity, upper = options.Upper ?? double.PositiveInfinity;
        var counts = CensoringCounts.Of(design, lower, upper, monitor, options.NumberOfThreads);
        var fit = new VectorFit(design, options.Common, monitor);
        var (moments, width) = (fit.Moments, fit.Transform.Width);
        double variance = moments.ResponseSquares / moments.SumOfWeights, mean = moments.ResponseMean;
        if (!(variance > 1e-28 * mean * mean))
            throw new InvalidOperationException(
                $"All {moments.PositiveRows} responses in '{design.ResponseName}' are equal: there is nothing to estimate sigma "
                + "from. Check the label column.");

        var response = new TobitResponse(lower, upper);
        double logSigma = 0.5 * Math.Log(options.Intercept ? variance : variance + mean * mean);
        double[] start = [.. new double[width], logSigma], penalty = VectorPenalty.Of(options.Common, fit.Transform, 0, 1, 1);
        double[] alone = options.Intercept ? [mean - moments.OffsetMean, logSigma] : [logSigma];
        if (options.Intercept)
            start[0] = alone[0] / (fit.Transform.Mixing?[0] ?? 1);
        var estimate = fit.Run(response, 0, start, penalty, vanishes: true);
        var parts = fit.Parts(estimate, penalty, fit.NullLogLikelihood(response, 0, alone));
        var model = new TobitModel(options, counts.Below, counts.Above, parts);
        string runaway = estimate.Runaway < width ? fit.Name(estimate.Runaway) : "log(sigma)";
        fit.Tell("Tobit", parts, model.Coefficients, runaway);
        return model;
    }
}
