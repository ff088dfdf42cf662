namespace ProbML.GaussianProcesses;

/// <summary>How much an evaluation of an unknown function at x promises, f(x) ~ N(μ, s²): the larger, the sooner it is worth it.</summary>
/// <remarks>Jones, Schonlau &amp; Welch (1998); Srinivas et al. (2010); Ament et al. (2023), for the logarithm. Values that print and parse.</remarks>
public abstract record Acquisition
{
    private protected Acquisition()
    {
    }

    /// <summary>E max(0, best − f): by how much f is expected to fall below the best value so far.</summary>
    /// <param name="margin">Improvements that do not exceed this count for nothing, in the response's unit.</param>
    public static Acquisition ExpectedImprovement(double margin = 0) => new ExpectedImprovementAcquisition(margin, IsLogarithm: false);

    /// <summary>ln E max(0, best − f), which does not underflow far from any improvement: what a search can climb.</summary>
    /// <param name="margin">Improvements that do not exceed this count for nothing, in the response's unit.</param>
    public static Acquisition LogExpectedImprovement(double margin = 0) => new ExpectedImprovementAcquisition(margin, IsLogarithm: true);

    /// <summary>P(f &lt; best − margin).</summary>
    /// <param name="margin">What an improvement must exceed, in the response's unit.</param>
    public static Acquisition ProbabilityOfImprovement(double margin = 0) => new ImprovementProbabilityAcquisition(margin);

    /// <summary>κ s − μ: the optimistic end of f, with its sign changed so that larger is better (a lower confidence bound).</summary>
    /// <param name="kappa">κ ≥ 0: how many standard deviations.</param>
    public static Acquisition ConfidenceBound(double kappa = 2) => new ConfidenceBoundAcquisition(kappa);

    /// <summary>s²: where least is known, whatever the value.</summary>
    public static Acquisition MaximumVariance { get; } = new VarianceAcquisition();

    /// <summary>Reads "ei", "logei", "pi" (with a margin, as "ei(0.1)"), "ucb" (with κ, as "ucb(2)") or "variance".</summary>
    /// <exception cref="FormatException">It is something else; the message says what there is.</exception>
    public static Acquisition Parse(string text) => AcquisitionText.Parse(text);

    /// <summary>The name of the column that it fills.</summary>
    public abstract string ColumnName { get; }

    /// <summary>What an evaluation promises, f being minimised.</summary>
    /// <param name="mean">μ.</param>
    /// <param name="standardDeviation">s ≥ 0, of f, without noise.</param>
    /// <param name="best">The best value so far; some do not look at it.</param>
    public abstract double Value(double mean, double standardDeviation, double best);

    /// <summary>The same as ONNX operators.</summary>
    internal abstract OnnxReal Emit(OnnxReal mean, OnnxReal standardDeviation, double best);
}
