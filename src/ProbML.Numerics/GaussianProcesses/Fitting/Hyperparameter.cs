namespace ProbML.GaussianProcesses;

/// <summary>One number that a search moves: by its logarithm where it is positive.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Start">Where the search starts.</param>
/// <param name="Lower">Its smallest value.</param>
/// <param name="Upper">Its largest value.</param>
/// <param name="IsLogarithmic">Whether it is moved by its logarithm.</param>
internal sealed record Hyperparameter(string Name, double Start, double Lower, double Upper, bool IsLogarithmic = true)
{
    /// <summary>σ² of normal noise, in units of a target of this variance.</summary>
    public static Hyperparameter Noise(double start, double targetVariance, bool isFixed) => isFixed
        ? new("noise_variance", start, start, start, start > 0)
        : new("noise_variance", start, 1e-6 * targetVariance, 10 * targetVariance);

    /// <summary>m, about a target of this mean and variance.</summary>
    public static Hyperparameter MeanConstant(double start, double targetVariance, bool isFixed)
    {
        double reach = isFixed ? 0 : 100 * Math.Sqrt(targetVariance);
        return new("mean_constant", start, start - reach, start + reach, IsLogarithmic: false);
    }

    public double ToFree(double value) => IsLogarithmic ? Math.Log(value) : value;

    public double FromFree(double free) => IsLogarithmic ? Math.Exp(free) : free;
}
