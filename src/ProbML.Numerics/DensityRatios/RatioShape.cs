namespace ProbML;

/// <summary>Which functions of the standardised features z a log ratio is linear in.</summary>
public enum RatioShape
{
    /// <summary>z: the ratio of two normals of one covariance.</summary>
    Linear = 1,

    /// <summary>z and each z²: of two normals that differ in means and variances, feature by feature.</summary>
    Squares = 2,

    /// <summary>z and every product of two: of any two normals.</summary>
    Quadratic = 3,
}
