namespace ProbML.Flows;

/// <summary>The columns that a flow gives beside its noise u.</summary>
[Flags]
public enum FlowColumns
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>ln p(x), in nats, of the columns as they are.</summary>
    LogDensity = 1,

    /// <summary>
    /// ln p(x_j | x_1, …, x_{j−1}) of each column: they add up to ln p(x). Of autoregressive flows that keep the columns'
    /// order.
    /// </summary>
    ConditionalLogDensity = 2,

    /// <summary>
    /// ln p of what is known of a row, what is missing (NaN) integrated out. Exact where nothing is missing, or, in flows that
    /// have conditional densities, what comes last; else by simulation with 256 particles a row.
    /// </summary>
    MarginalLogDensity = 4,

    /// <summary>The standard error of that by simulation; 0 where it is exact.</summary>
    MarginalLogDensityStandardError = 8,
}
