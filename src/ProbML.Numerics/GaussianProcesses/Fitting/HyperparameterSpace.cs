namespace ProbML.GaussianProcesses;

/// <summary>The hyperparameters of a Gaussian process as one vector that an optimizer moves: those of the kernel, then others.</summary>
internal sealed class HyperparameterSpace
{
    private readonly Kernel kernel;
    private readonly Hyperparameter[] all;
    private readonly HyperparameterPrior?[] priors;
    private readonly double spread;

    /// <summary>Gathers them.</summary>
    /// <param name="kernel">For the number of features; its parameters are where the search starts.</param>
    /// <param name="others">Such as the noise and the mean, in the order in which <see cref="Other"/> asks for them.</param>
    /// <param name="rules">Priors, limits, and what is fixed.</param>
    /// <param name="spread">The smallest and the largest standard deviation of a feature: what lengthscales are measured by.</param>
    /// <param name="targetVariance">The target's variance: what variances are measured by.</param>
    public HyperparameterSpace(
        Kernel kernel,
        IReadOnlyList<Hyperparameter> others,
        HyperparameterRules rules,
        (double Least, double Most) spread,
        double targetVariance)
    {
        this.kernel = kernel;
        this.spread = Math.Sqrt(spread.Least * spread.Most);
        double[] free = kernel.FreeParameters();
        var names = kernel.ParameterNames;
        Hyperparameter[] found = [.. names.Select((name, k) => OfKernel(name, free[k], spread, targetVariance)), .. others];
        rules.CheckNames([.. found.Select(one => one.Name)]);
        all = [.. found.Select(one => Ruled(one, rules))];
        priors = [.. all.Select(one => rules.PriorOf(one.Name))];
        (Start, Lower, Upper) = (Free(one => one.Start), Free(one => one.Lower), Free(one => one.Upper));
    }

    /// <summary>How many there are.</summary>
    public int Count => all.Length;

    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => all.Select(one => one.Name);

    /// <summary>Where the search starts, as the optimizer has them.</summary>
    public double[] Start { get; }

    /// <summary>The least.</summary>
    public double[] Lower { get; }

    /// <summary>The most.</summary>
    public double[] Upper { get; }

    /// <summary>The place of one by name; −1: there is none.</summary>
    public int Find(string name) => Array.FindIndex(all, one => one.Name == name);

    /// <summary>The kernel at a point.</summary>
    public Kernel KernelAt(ReadOnlySpan<double> free) => kernel.With(free[..kernel.ParameterCount]);

    /// <summary>One of the others at a point.</summary>
    public double Other(ReadOnlySpan<double> free, int index) =>
        all[kernel.ParameterCount + index] is var one && free[kernel.ParameterCount + index] is var at && one.Lower == one.Upper
            ? one.Start                                       // exactly, zero too
            : one.FromFree(at);

    /// <summary>The start with lengthscales of √d standard deviations, the distance of rows, where they are free and shorter.</summary>
    public double[] WithLongLengthscales()
    {
        double[] start = [.. Start];
        for (int k = 0; k < start.Length; k++)
        {
            if (HyperparameterRules.Kind(all[k].Name) != "lengthscale" || all[k].Lower == all[k].Upper)
                continue;
            int together = all.Count(one => HyperparameterRules.WithoutPlace(one.Name) == HyperparameterRules.WithoutPlace(all[k].Name));
            start[k] = Math.Clamp(Math.Max(start[k], Math.Log(Math.Sqrt(together) * spread)), Lower[k], Upper[k]);
        }
        return start;
    }

    /// <summary>Σ ln p(θ); adds its derivatives, by the free parameters.</summary>
    public double LogPrior(ReadOnlySpan<double> free, Span<double> gradient)
    {
        double sum = 0;
        for (int k = 0; k < priors.Length; k++)
        {
            if (priors[k] is not { } prior)
                continue;
            double value = all[k].FromFree(free[k]);
            sum += prior.LogDensity(value);
            gradient[k] += prior.Slope(value) * (all[k].IsLogarithmic ? value : 1);
        }
        return sum;
    }

    /// <summary>Those that ended at a limit, though free to move.</summary>
    public IReadOnlyList<string> AtBound(ReadOnlySpan<double> free)
    {
        var names = new List<string>();
        for (int k = 0; k < all.Length; k++)
        {
            if (Lower[k] < Upper[k] && (free[k] < Lower[k] + 1e-6 || free[k] > Upper[k] - 1e-6))
                names.Add(all[k].Name);
        }
        return names;
    }

    private double[] Free(Func<Hyperparameter, double> value) => [.. all.Select(one => one.ToFree(value(one)))];

    /// <summary>A kernel's parameter with its usual limits.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="free">Its value, as the optimizer has it.</param>
    /// <param name="spread">The smallest and the largest standard deviation of a feature.</param>
    /// <param name="variance">Of what the kernel is about.</param>
    public static Hyperparameter OfKernel(string name, double free, (double Least, double Most) spread, double variance)
    {
        string kind = HyperparameterRules.Kind(name);
        if (kind == "location")
            return new(name, free, free - 100 * spread.Most, free + 100 * spread.Most, IsLogarithmic: false);
        if (!HyperparameterRules.IsPositive(kind))
        {
            double reach = Math.Max(Math.Abs(free), 100 * Math.Sqrt(variance));
            return new(name, free, -reach, reach, IsLogarithmic: false);
        }
        double start = Math.Exp(free);
        var (lower, upper) = kind switch
        {
            "lengthscale" => (1e-3 * spread.Least, 1e3 * spread.Most),
            "period" => (1e-2 * spread.Least, 1e2 * spread.Most),
            "frequency" or "bandwidth" or "steepness" => (1e-4 / spread.Most, 1e3 / spread.Least),
            "alpha" => (1e-3, 1e3),
            "variance" or "weight" => (1e-4 * variance, 1e4 * variance),
            _ => (1e-4, 1e4),
        };
        return new(name, start, Math.Min(lower, start), Math.Max(upper, start));
    }

    private static Hyperparameter Ruled(Hyperparameter one, HyperparameterRules rules)
    {
        if (rules.BoundsOf(one.Name) is { } bounds)
        {
            if (one.IsLogarithmic && !(bounds.Lower > 0))
                throw new ArgumentException($"The lower bound of '{one.Name}' must be positive, not {bounds.Lower}.");
            one = one with
            {
                Lower = bounds.Lower, Upper = bounds.Upper, Start = Math.Clamp(one.Start, bounds.Lower, bounds.Upper),
            };
        }
        return rules.IsFixed(one.Name) ? one with { Lower = one.Start, Upper = one.Start } : one;
    }
}
