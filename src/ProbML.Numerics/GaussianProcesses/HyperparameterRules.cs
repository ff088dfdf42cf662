namespace ProbML.GaussianProcesses;

/// <summary>The limits of a hyperparameter, on its own scale.</summary>
/// <param name="Lower">The smallest value.</param>
/// <param name="Upper">The largest.</param>
public readonly record struct HyperparameterBounds(double Lower, double Upper);

/// <summary>What is known of hyperparameters beforehand: priors, limits, and which stay as they are.</summary>
/// <remarks>
/// By name: a kernel's <see cref="Kernel.ParameterNames"/>, "noise_variance", "mean_constant". A name goes for one parameter
/// ("parts[0].lengthscale[2]"), for all of a vector ("parts[0].lengthscale") or for all that are called so ("lengthscale").
/// </remarks>
public sealed record HyperparameterRules
{
    /// <summary>Priors by name.</summary>
    public IReadOnlyDictionary<string, HyperparameterPrior> Priors { get; init; } = new Dictionary<string, HyperparameterPrior>();

    /// <summary>Limits by name; what is not named keeps wide limits of its own.</summary>
    public IReadOnlyDictionary<string, HyperparameterBounds> Bounds { get; init; } = new Dictionary<string, HyperparameterBounds>();

    /// <summary>The names of those that stay as they are.</summary>
    public IReadOnlyList<string> Fixed { get; init; } = [];

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Priors);
        ArgumentNullException.ThrowIfNull(Bounds);
        ArgumentNullException.ThrowIfNull(Fixed);
        foreach (var (name, (lower, upper)) in Bounds)
        {
            if (!(lower <= upper) || !double.IsFinite(lower) || !double.IsFinite(upper))
                throw new ArgumentOutOfRangeException(
                    nameof(Bounds), $"{lower} to {upper}", $"The bounds of '{name}' must be finite, the lower one first.");
        }
    }

    /// <summary>Checks that every name means something.</summary>
    /// <exception cref="ArgumentException">A name goes for no hyperparameter; the message lists those that there are.</exception>
    internal void CheckNames(IReadOnlyCollection<string> names)
    {
        string? unknown = Priors.Keys.Concat(Bounds.Keys).Concat(Fixed).FirstOrDefault(rule => !names.Any(name => Matches(rule, name)));
        if (unknown is not null)
            throw new ArgumentException($"There is no hyperparameter '{unknown}'; there are {string.Join(", ", names)}.");
    }

    /// <summary>The rules that go for some of these names.</summary>
    internal HyperparameterRules Only(IReadOnlyCollection<string> names)
    {
        return new()
        {
            Priors = Priors.Where(one => Goes(one.Key)).ToDictionary(),
            Bounds = Bounds.Where(one => Goes(one.Key)).ToDictionary(),
            Fixed = [.. Fixed.Where(Goes)],
        };

        bool Goes(string rule) => names.Any(name => Matches(rule, name));
    }

    internal HyperparameterPrior? PriorOf(string name) => Key(Priors, name) is { } key ? Priors[key] : null;

    internal HyperparameterBounds? BoundsOf(string name) => Key(Bounds, name) is { } key ? Bounds[key] : null;

    internal bool IsFixed(string name) => Fixed.Any(rule => Matches(rule, name));

    /// <summary>The last part of a name, without its place: "lengthscale" of "parts[0].lengthscale[2]".</summary>
    internal static string Kind(string name)
    {
        string last = name[(name.LastIndexOf('.') + 1)..];
        int bracket = last.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? last : last[..bracket];
    }

    /// <summary>Whether hyperparameters of a kind are positive, and moved by their logarithms.</summary>
    internal static bool IsPositive(string kind) => kind is not ("location" or "loading");

    private static bool Matches(string rule, string name) => rule == name || rule == WithoutPlace(name) || rule == Kind(name);

    /// <summary>A name without its last place: "parts[0].lengthscale" of "parts[0].lengthscale[2]".</summary>
    internal static string WithoutPlace(string name) => name.EndsWith(']') ? name[..name.LastIndexOf('[')] : name;

    /// <summary>The most particular rule for a name.</summary>
    private static string? Key<T>(IReadOnlyDictionary<string, T> rules, string name) =>
        new[] { name, WithoutPlace(name), Kind(name) }.FirstOrDefault(rules.ContainsKey);
}
