namespace ProbML.Cli;

/// <summary>The model that a request describes: options of one of the trainers.</summary>
internal abstract record ModelSpec
{
    /// <summary>What the label's cells are.</summary>
    public abstract LabelKind Label { get; }

    /// <summary>What is asked for besides a fit.</summary>
    public InferenceChoice Inference { get; init; } = new(false, null, false, null);

    /// <summary>What is wrong with a number as a response, or null.</summary>
    public virtual string? Problem(double response) => null;
}

/// <summary>What the cells of a label are.</summary>
internal enum LabelKind
{
    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Two texts, or one against the others.</summary>
    TwoClasses,

    /// <summary>Texts in an order.</summary>
    Classes,

    /// <summary>No cells: which of two files a row lies in.</summary>
    File,
}

/// <summary>A generalized linear model.</summary>
internal sealed record GlmSpec(GlmOptions Options) : ModelSpec
{
    public override LabelKind Label => Options.Family is BernoulliFamily ? LabelKind.TwoClasses : LabelKind.Number;

    public override string? Problem(double response) => Options.Family!.Supports(response)
        ? null
        : $"a {Options.Family.Name.Split('(')[0]} response must be {Options.Family.Support}";
}

/// <summary>A Bayesian linear model.</summary>
internal sealed record BayesianLinearSpec(BayesianLinearOptions Options) : ModelSpec
{
    public override LabelKind Label => LabelKind.Number;
}

/// <summary>A Bayesian generalized linear model.</summary>
internal sealed record BayesianGlmSpec(BayesianGlmOptions Options) : ModelSpec
{
    private readonly GlmSpec glm = new(new GlmOptions { Family = Options.Family });

    public override LabelKind Label => glm.Label;

    public override string? Problem(double response) => glm.Problem(response);
}

/// <summary>A hierarchical regression.</summary>
internal sealed record HierarchicalSpec(HierarchicalOptions Options) : ModelSpec
{
    private readonly GlmSpec glm = new(new GlmOptions { Family = Options.Family });

    public override LabelKind Label => glm.Label;

    public override string? Problem(double response) => glm.Problem(response);
}

/// <summary>A softmax model.</summary>
internal sealed record MultinomialSpec(MultinomialOptions Options) : ModelSpec
{
    public override LabelKind Label => LabelKind.Classes;
}

/// <summary>A cumulative-link model.</summary>
internal sealed record OrdinalSpec(OrdinalOptions Options) : ModelSpec
{
    public override LabelKind Label => LabelKind.Classes;
}

/// <summary>A censored normal model.</summary>
internal sealed record TobitSpec(TobitOptions Options) : ModelSpec
{
    public override LabelKind Label => LabelKind.Number;

    public override string? Problem(double response) =>
        response < Options.Lower ? "no response may lie below --lower"
        : response > Options.Upper ? "no response may lie above --upper"
        : null;
}
