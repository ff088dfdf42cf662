namespace ProbML.Evaluation;

/// <summary>The expected log predictive density of new data, estimated from the data of the fit.</summary>
/// <remarks>Vehtari, Gelman &amp; Gabry (2017), "Practical Bayesian model evaluation using LOO-CV and WAIC".</remarks>
public sealed class PredictiveAccuracy
{
    private readonly double[] pointwise, penalty, shapes;

    internal PredictiveAccuracy(double[] pointwise, double[] penalty, double[] shapes, int draws)
    {
        (this.pointwise, this.penalty, this.shapes) = (pointwise, penalty, shapes);
        ShapeThreshold = Math.Min(1 - 1 / Math.Log10(draws), 0.7);
        Total = new(pointwise.Sum(), ErrorOfSum(pointwise));
        EffectiveParameters = new(penalty.Sum(), ErrorOfSum(penalty));
    }

    /// <summary>elpd = Σ elpdᵢ, in nats; larger is better. Its standard error is √(n Var elpdᵢ).</summary>
    public Estimate Total { get; }

    /// <summary>p: how much the fit owes to having seen the rows.</summary>
    public Estimate EffectiveParameters { get; }

    /// <summary>−2 elpd, on the scale of deviance.</summary>
    public double InformationCriterion => -2 * Total.Value;

    /// <summary>elpdᵢ, [n].</summary>
    public IReadOnlyList<double> Pointwise => pointwise;

    /// <summary>pᵢ, [n].</summary>
    public IReadOnlyList<double> PointwisePenalty => penalty;

    /// <summary>PSIS-LOO: the Pareto shape k of each row's importance weights, [n]; WAIC: empty.</summary>
    public IReadOnlyList<double> ParetoShapes => shapes;

    /// <summary>Above this k, min(1 − 1/log₁₀ S, 0.7), a row's estimate is not to be relied on.</summary>
    public double ShapeThreshold { get; }

    /// <summary>What a user should know: rows with k above the threshold, or pᵢ &gt; 0.4 for WAIC; null: nothing.</summary>
    public string? Warning
    {
        get
        {
            int bad = shapes.Count(shape => !(shape <= ShapeThreshold));
            int wide = shapes.Length == 0 ? penalty.Count(p => p > 0.4) : 0;
            return bad > 0
                ? $"{bad} of {shapes.Length} rows have a Pareto k above {ShapeThreshold:0.00}: the posterior without such a row "
                    + "is too far from the one with it. Leave these rows out one at a time, or cross-validate."
                : wide > 0
                    ? $"{wide} of {penalty.Length} rows have an effective number of parameters above 0.4, where WAIC is not to "
                        + "be relied on. Use PSIS-LOO."
                    : null;
        }
    }

    /// <summary>elpd of this model less that of another on the same rows, with the error of the paired difference.</summary>
    /// <exception cref="ArgumentException">The other was computed on another number of rows.</exception>
    public Estimate Difference(PredictiveAccuracy other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.pointwise.Length != pointwise.Length)
            throw new ArgumentException(
                $"Models can be compared on the same rows only: {pointwise.Length} and {other.pointwise.Length}.",
                nameof(other));
        double[] differences = [.. pointwise.Zip(other.pointwise, (mine, theirs) => mine - theirs)];
        return new(differences.Sum(), ErrorOfSum(differences));
    }

    /// <summary>The widely applicable information criterion: elpdᵢ = ln E p(yᵢ | θ) − Var ln p(yᵢ | θ).</summary>
    /// <remarks>Watanabe (2010); Gelman, Hwang &amp; Vehtari (2014), eq. 13.</remarks>
    public static PredictiveAccuracy Waic(PointwiseLogLikelihood likelihood)
    {
        ArgumentNullException.ThrowIfNull(likelihood);
        var pointwise = new double[likelihood.Rows];
        var penalty = new double[likelihood.Rows];
        for (int i = 0; i < pointwise.Length; i++)
        {
            var row = likelihood.Row(i);
            penalty[i] = Variance(row);
            pointwise[i] = LogSum.Mean(row) - penalty[i];
        }
        return new(pointwise, penalty, [], likelihood.Draws);
    }

    /// <summary>Leave-one-out cross-validation by Pareto-smoothed importance sampling.</summary>
    /// <remarks>Vehtari, Simpson, Gelman, Yao &amp; Gabry (2024), "Pareto smoothed importance sampling", algorithm 1.</remarks>
    /// <param name="likelihood">[S, n].</param>
    /// <param name="relativeEfficiency">Effective draws per draw, in (0, 1]; smaller takes a longer tail.</param>
    /// <exception cref="ArgumentOutOfRangeException">The relative efficiency is not positive.</exception>
    public static PredictiveAccuracy LeaveOneOut(PointwiseLogLikelihood likelihood, double relativeEfficiency = 1)
    {
        ArgumentNullException.ThrowIfNull(likelihood);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(relativeEfficiency);
        var pointwise = new double[likelihood.Rows];
        var penalty = new double[likelihood.Rows];
        var shapes = new double[likelihood.Rows];
        var weights = new double[likelihood.Draws];
        for (int i = 0; i < pointwise.Length; i++)
        {
            var row = likelihood.Row(i);
            for (int s = 0; s < weights.Length; s++)
                weights[s] = -row[s];
            shapes[i] = ParetoSmoothing.Smooth(weights, relativeEfficiency);
            for (int s = 0; s < weights.Length; s++)
                weights[s] += row[s];
            pointwise[i] = LogSum.Of(weights);
            penalty[i] = LogSum.Mean(row) - pointwise[i];
        }
        return new(pointwise, penalty, shapes, likelihood.Draws);
    }

    private static double ErrorOfSum(ReadOnlySpan<double> values) => Math.Sqrt(values.Length * Variance(values));

    private static double Variance(ReadOnlySpan<double> values)
    {
        double mean = 0, spread = 0;
        for (int s = 0; s < values.Length; s++)
        {
            double before = values[s] - mean;
            mean += before / (s + 1);
            spread += before * (values[s] - mean);
        }
        return spread / (values.Length - 1);
    }
}
