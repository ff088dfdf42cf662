using ProbML.Reports.Rows;

namespace ProbML.Reports.Facts;

/// <summary>The distribution that a model predicts of a row's response, as far as a residual needs it.</summary>
internal interface IResponseLaw
{
    /// <summary>What it is, in words.</summary>
    string Description { get; }

    /// <summary>P(Y &lt; y) and P(Y ≤ y) at the label y of each row, which differ where y has a probability of its own.</summary>
    IEnumerable<(double Below, double Through)> Probabilities(IReadOnlyList<SampledRow> rows);
}
