namespace ProbML;

/// <summary>The rule by which gradients change parameters; its learning rate and weight decay are <see cref="TrainingOptions"/>.</summary>
public abstract record TrainingOptimizer
{
    private protected TrainingOptimizer()
    {
    }

    /// <summary>Adam with the usual constants.</summary>
    public static AdamOptimizer Adam { get; } = new();

    /// <summary>AdamW: Adam with weight decay apart from the gradient.</summary>
    public static AdamOptimizer AdamW { get; } = new() { DecoupledWeightDecay = true };

    /// <summary>Stochastic gradient descent without momentum.</summary>
    public static SgdOptimizer Sgd { get; } = new();

    /// <summary>Limited-memory BFGS on all rows at once.</summary>
    public static LbfgsOptimizer Lbfgs { get; } = new();

    internal abstract void Validate();

    private protected static void Check(bool holds, string message, string name)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, message);
    }
}

/// <summary>Adam: θ ← θ − α m̂ / (√v̂ + ε), m̂ and v̂ bias-corrected moving means of the gradient and its square.</summary>
/// <remarks>
/// Kingma and Ba (2015), algorithm 1; with <see cref="DecoupledWeightDecay"/> Loshchilov and Hutter (2019), algorithm 2.
/// One fused kernel for all parameters.
/// </remarks>
public sealed record AdamOptimizer : TrainingOptimizer
{
    /// <summary>The decay β₁ of the first moment, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The decay β₂ of the second moment, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε, at least 0.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>AdamW: parameters shrink by α λ a step, instead of λ θ entering the gradient.</summary>
    public bool DecoupledWeightDecay { get; init; }

    internal override void Validate()
    {
        Check(Beta1 is >= 0 and < 1, $"Beta1 must lie in [0, 1), but is {Beta1}.", nameof(Beta1));
        Check(Beta2 is >= 0 and < 1, $"Beta2 must lie in [0, 1), but is {Beta2}.", nameof(Beta2));
        Check(Epsilon is >= 0 and < 1, $"Epsilon must lie in [0, 1), but is {Epsilon}.", nameof(Epsilon));
    }
}

/// <summary>Stochastic gradient descent: b ← μ b + g, θ ← θ − α b; with Nesterov's look-ahead θ ← θ − α (g + μ b).</summary>
/// <remarks>Sutskever et al. (2013), §2, as PyTorch writes it. One fused kernel for all parameters.</remarks>
public sealed record SgdOptimizer : TrainingOptimizer
{
    /// <summary>μ, in [0, 1).</summary>
    public double Momentum { get; init; }

    /// <summary>Whether to look ahead; needs a momentum.</summary>
    public bool Nesterov { get; init; }

    internal override void Validate()
    {
        Check(Momentum is >= 0 and < 1, $"Momentum must lie in [0, 1), but is {Momentum}.", nameof(Momentum));
        Check(!Nesterov || Momentum > 0, "Nesterov's look-ahead needs a Momentum above 0.", nameof(Nesterov));
    }
}

/// <summary>L-BFGS: quasi-Newton directions from the last m steps, lengths by the strong Wolfe conditions.</summary>
/// <remarks>
/// Nocedal and Wright (2006), algorithms 7.4, 7.5, 3.5 and 3.6. An epoch is one iteration on all rows; batches only divide
/// the work. Each evaluation of the loss draws the same random numbers, so that it is a function. No schedule applies, and
/// <see cref="TrainingOptions.LearningRate"/> is not used: the line search finds the length.
/// </remarks>
public sealed record LbfgsOptimizer : TrainingOptimizer
{
    /// <summary>How many steps are remembered, m.</summary>
    public int History { get; init; } = 10;

    /// <summary>The most evaluations of a line search.</summary>
    public int MaximumEvaluations { get; init; } = 25;

    /// <summary>Converged where the largest |∂f/∂θ| is at most this.</summary>
    public double GradientTolerance { get; init; } = 1e-5;

    /// <summary>Converged where the loss changes by at most this, relative to max(1, |f|).</summary>
    public double Tolerance { get; init; } = 1e-9;

    internal override void Validate()
    {
        Check(History >= 1, $"History must be at least 1, but is {History}.", nameof(History));
        Check(
            MaximumEvaluations >= 1,
            $"MaximumEvaluations must be at least 1, but is {MaximumEvaluations}.",
            nameof(MaximumEvaluations));
        Check(
            GradientTolerance >= 0,
            $"GradientTolerance must be at least 0, but is {GradientTolerance}.",
            nameof(GradientTolerance));
        Check(Tolerance >= 0, $"Tolerance must be at least 0, but is {Tolerance}.", nameof(Tolerance));
    }
}
