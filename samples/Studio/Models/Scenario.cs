namespace ProbML.Studio;

/// <summary>What a user wants to know.</summary>
internal enum Scenario
{
    /// <summary>A quantity, such as a price or a strength.</summary>
    Quantity,

    /// <summary>A number of events.</summary>
    Count,

    /// <summary>Yes or no.</summary>
    YesNo,

    /// <summary>One of several classes without an order.</summary>
    Class,

    /// <summary>One of several classes that have an order.</summary>
    Ordered,

    /// <summary>Which rows are rare.</summary>
    Rare,

    /// <summary>What few hidden numbers are behind the columns.</summary>
    Hidden,
}

/// <summary>Words for scenarios.</summary>
internal static class Scenarios
{
    public static IReadOnlyList<(Scenario Scenario, string Name, string Hint)> All { get; } =
    [
        (Scenario.Quantity, "How much?", "The target is a number: a price, a time, a strength."),
        (Scenario.Count, "How many events?", "The target counts something: 0, 1, 2, …"),
        (Scenario.YesNo, "Yes or no?", "The target has two values."),
        (Scenario.Class, "Which class?", "The target has a few values without an order."),
        (Scenario.Ordered, "Which grade?", "The target has a few values in an order: low, middle, high."),
        (Scenario.Rare, "How rare?", "No target: learn what rows are like, and find those that are unlike the others."),
        (Scenario.Hidden, "What is hidden?", "No target: describe each row by two hidden numbers."),
    ];

    public static string Name(this Scenario scenario) => All.First(entry => entry.Scenario == scenario).Name;

    public static bool HasTarget(this Scenario scenario) => scenario is not (Scenario.Rare or Scenario.Hidden);

    public static bool IsNumber(this Scenario scenario) => scenario is Scenario.Quantity or Scenario.Count;

    public static bool IsClasses(this Scenario scenario) => scenario is Scenario.Class or Scenario.Ordered;

    /// <summary>What a target's values suggest.</summary>
    public static Scenario Suggest(TableColumn target)
    {
        if (target.Distinct == 2)
            return Scenario.YesNo;
        if (!target.IsNumber)
            return Scenario.Class;
        return target.Summary is { AreIntegers: true, Minimum: >= 0, Maximum: <= 100_000 } ? Scenario.Count : Scenario.Quantity;
    }

    /// <summary>Why a target does not suit a scenario, or null.</summary>
    public static string? Problem(this Scenario scenario, TableColumn target)
    {
        string name = $"'{target.Name}'";
        if (target.Missing == target.Rows)
            return $"{name} has no values.";
        if (target.Distinct < 2)
            return $"{name} has a single value, so there is nothing to predict.";
        return scenario switch
        {
            Scenario.Quantity or Scenario.Count when !target.IsNumber =>
                $"{name} is not a number in every row. Choose “Which class?”, or name the texts that mean a missing value.",
            Scenario.Count when target.Summary is { Minimum: < 0 } or { AreIntegers: false } =>
                $"{name} is not a count: its values run from {Show.Number(target.Summary.Minimum)} to "
                    + $"{Show.Number(target.Summary.Maximum)}{(target.Summary.AreIntegers ? "" : ", not all of them whole")}. Choose “How much?”.",
            Scenario.YesNo when target.Distinct != 2 => $"{name} has {target.Distinct:N0} different values, not two. Choose another question.",
            Scenario.Class or Scenario.Ordered when target.Distinct > 50 =>
                $"{name} has {target.Distinct:N0} different values; up to 50 classes can be told apart here. Choose another question.",
            _ => null,
        };
    }
}
