namespace ProbML;

/// <summary>How far a number lies from what was predicted of it: what a conformal interval is made of.</summary>
public enum IntervalMethod
{
    /// <summary>|y − ŷ|: intervals of one width.</summary>
    AbsoluteError = 1,

    /// <summary>|y − ŷ| / σ̂, σ̂ a column of standard deviations: intervals as wide as the model is unsure.</summary>
    /// <remarks>Lei et al. (2018), §5.2.</remarks>
    ScaledError = 2,

    /// <summary>max(l̂ − y, y − û), l̂ and û columns: the model's own intervals, made wider or narrower by a constant.</summary>
    /// <remarks>Conformalized quantile regression: Romano, Patterson &amp; Candès (2019).</remarks>
    IntervalDistance = 3,
}

/// <summary>How unlikely a class was held to be: what a conformal set of classes is made of.</summary>
public enum ClassSetMethod
{
    /// <summary>1 − p̂(y): the smallest sets on average; one may be empty.</summary>
    /// <remarks>Sadinle, Lei &amp; Wasserman (2019).</remarks>
    LeastAmbiguous = 4,

    /// <summary>The probability of all classes likelier than y, and y's: larger sets for harder rows, never an empty one.</summary>
    /// <remarks>Romano, Sesia &amp; Candès (2020), without its randomisation, hence conservative.</remarks>
    Adaptive = 5,
}
