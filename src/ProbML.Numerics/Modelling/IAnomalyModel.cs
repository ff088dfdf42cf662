namespace ProbML;

/// <summary>A model whose Score says how rare a row is, and which of them are to be called anomalies.</summary>
public interface IAnomalyModel
{
    /// <summary>A row is an anomaly if its Score is larger than this.</summary>
    double Threshold { get; }
}
