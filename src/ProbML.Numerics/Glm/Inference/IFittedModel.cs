namespace ProbML.Fitting;

/// <summary>What inference asks of a fitted model, whatever its kind.</summary>
internal interface IFittedModel
{
    int FeatureCount { get; }

    /// <summary>The level of its intervals.</summary>
    double Level { get; }

    /// <summary>Aliased ones in their places.</summary>
    IReadOnlyList<GlmCoefficient> Coefficients { get; }

    /// <summary>Of the coefficients that are not aliased, [p, p].</summary>
    double[,] Covariance { get; }

    /// <summary>Whether statistics are z, else t.</summary>
    bool IsDispersionKnown { get; }

    /// <summary>n − p.</summary>
    long ResidualDegreesOfFreedom { get; }

    /// <summary>The degrees of freedom of Wald's t.</summary>
    long WaldDegreesOfFreedom { get; }

    /// <summary>Rows of the fit that had a positive weight.</summary>
    long PositiveRows { get; }

    /// <summary>Rows that the fit saw.</summary>
    long Rows { get; }
}
