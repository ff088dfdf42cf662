namespace ProbML.Vae;

/// <summary>Columns that share a likelihood: for a categorical one the levels of one variable.</summary>
/// <param name="Likelihood">Their distribution.</param>
/// <param name="Columns">Their places among the features, ascending.</param>
public sealed record LikelihoodGroup(Likelihood Likelihood, IReadOnlyList<int> Columns)
{
    /// <summary>How many numbers of the decoder belong to the group.</summary>
    public int ParameterCount => Columns.Count * Likelihood.ParametersPerColumn;

    /// <summary>The first column, where they follow one another without a gap; else −1.</summary>
    public int Start { get; } = Columns.Count > 0 && Columns[^1] - Columns[0] == Columns.Count - 1 ? Columns[0] : -1;
}
