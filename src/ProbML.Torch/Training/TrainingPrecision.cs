namespace ProbML;

/// <summary>The numbers that a training computes with.</summary>
public enum TrainingPrecision
{
    /// <summary>32-bit throughout.</summary>
    SinglePrecision,

    /// <summary>Matrix products of the networks' layers in bfloat16, everything else in 32-bit.</summary>
    BFloat16Products,

    /// <summary>64-bit throughout.</summary>
    DoublePrecision,
}
