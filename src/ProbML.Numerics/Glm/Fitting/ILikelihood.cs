namespace ProbML.Fitting;

/// <summary>The likelihood of all rows at a point, and its quadratic there: what an iteration needs, dense or sparse.</summary>
internal interface ILikelihood
{
    /// <summary>What is summed of each row.</summary>
    RowLikelihood Rows { get; }

    /// <summary>The step to the minimum of the quadratic plus penalty; null where that matrix is not definite.</summary>
    NewtonStep? Step(GlmPoint point, Penalty penalty, Information kind, bool withTheta);

    /// <summary>What information and penalty tell of each coefficient, some others known: the squared pivots of a factor, [q].</summary>
    double[] Pivots(Penalty penalty);
}
