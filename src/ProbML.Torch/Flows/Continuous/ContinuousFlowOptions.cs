namespace ProbML.Flows;

/// <summary>How a continuous flow finds the trace of its dynamics' Jacobian while it trains.</summary>
public enum TraceEstimator
{
    /// <summary>Exactly with one or two hidden layers, and of up to 8 columns; else by Rademacher probes.</summary>
    Automatic,

    /// <summary>Exactly: at the price of the network itself with one or two hidden layers, else of one a column.</summary>
    Exact,

    /// <summary>vᵀ (∂f/∂z) v with signs v drawn anew for each solve: least variance. Hutchinson (1990).</summary>
    Rademacher,

    /// <summary>The same with v ~ N(0, I).</summary>
    Gaussian,
}

/// <summary>What continuous flows have besides.</summary>
public sealed record ContinuousFlowOptions
{
    /// <summary>The error tolerated of a step, beside 1 + |z|, in [1e-12, 0.1]; of Single at least a millionth.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>How the trace is found in training; densities of a fitted model have the exact one.</summary>
    public TraceEstimator Trace { get; init; }

    internal void Validate()
    {
        if (!(Tolerance is >= 1e-12 and <= 0.1))
            throw new ArgumentOutOfRangeException(
                nameof(Tolerance), $"Tolerance must lie between 1e-12 and 0.1, but is {Tolerance}.");
        if (!Enum.IsDefined(Trace))
            throw new ArgumentOutOfRangeException(nameof(Trace), $"Trace has no value {(int)Trace}.");
    }
}
