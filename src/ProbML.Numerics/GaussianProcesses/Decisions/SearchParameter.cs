namespace ProbML.GaussianProcesses;

/// <summary>A number that Bayesian optimisation may choose, between limits.</summary>
public sealed record SearchParameter
{
    private SearchParameter(string name, double lower, double upper, bool isLogarithmic, bool isInteger)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!(lower < upper) || !double.IsFinite(lower) || !double.IsFinite(upper))
            throw new ArgumentException($"The limits of '{name}' must be finite, the lower one first, not {lower} and {upper}.");
        if (isLogarithmic && !(lower > 0))
            throw new ArgumentException($"The lower limit of '{name}', which is moved by its logarithm, must be positive, not {lower}.");
        (Name, Lower, Upper, IsLogarithmic, IsInteger) = (name, lower, upper, isLogarithmic, isInteger);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The smallest value.</summary>
    public double Lower { get; }

    /// <summary>The largest value.</summary>
    public double Upper { get; }

    /// <summary>Whether it is moved by its logarithm.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>Whether it is a whole number.</summary>
    public bool IsInteger { get; }

    /// <summary>A real number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="lower">The smallest value.</param>
    /// <param name="upper">The largest value.</param>
    /// <param name="isLogarithmic">Whether factors count, not differences: as of learning rates and penalties.</param>
    /// <exception cref="ArgumentException">The limits are no interval, or not positive where the logarithm is taken.</exception>
    public static SearchParameter Real(string name, double lower, double upper, bool isLogarithmic = false) =>
        new(name, lower, upper, isLogarithmic, isInteger: false);

    /// <summary>A whole number.</summary>
    /// <inheritdoc cref="Real"/>
    public static SearchParameter Whole(string name, int lower, int upper, bool isLogarithmic = false) =>
        new(name, lower, upper, isLogarithmic, isInteger: true);

    /// <summary>The value at a place of [0, 1].</summary>
    internal double FromUnit(double unit)
    {
        double low = ToScale(Lower - (IsInteger && !IsLogarithmic ? 0.5 : 0)), high = ToScale(Upper + (IsInteger && !IsLogarithmic ? 0.5 : 0));
        double at = low + unit * (high - low), value = IsLogarithmic ? Math.Exp(at) : at;
        return Math.Clamp(IsInteger ? Math.Round(value) : value, Lower, Upper);
    }

    /// <summary>The place of a value in [0, 1]; a whole number's is the middle of its share.</summary>
    internal double ToUnit(double value)
    {
        double low = ToScale(Lower - (IsInteger && !IsLogarithmic ? 0.5 : 0)), high = ToScale(Upper + (IsInteger && !IsLogarithmic ? 0.5 : 0));
        return Math.Clamp((ToScale(value) - low) / (high - low), 0, 1);
    }

    private double ToScale(double value) => IsLogarithmic ? Math.Log(value) : value;
}
