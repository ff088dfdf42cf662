namespace ProbML;

/// <summary>A scoring model whose <c>Score</c> may take sparse rows too.</summary>
public interface ISparseScoringModel
{
    /// <summary>Whether <c>Score</c> should be given sparse rows: it then never makes room for all features of a row.</summary>
    bool TakesSparseRows { get; }
}
