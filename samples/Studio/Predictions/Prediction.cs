namespace ProbML.Studio;

/// <summary>A prediction in words and numbers.</summary>
/// <param name="Headline">What is expected.</param>
/// <param name="Interval">Where it will lie, or which classes are possible; null: nothing is said of that.</param>
/// <param name="Facts">More, by name.</param>
/// <param name="Classes">The probability of each class, with its interval.</param>
internal sealed record Prediction(
    string Headline,
    string? Interval,
    IReadOnlyList<(string Name, string Value)> Facts,
    IReadOnlyList<ClassProbability> Classes)
{
    public static Prediction Of(Setup setup, IReadOnlyDictionary<string, object> row, IReadOnlyList<string> slots) =>
        setup.Scenario.IsNumber() ? OfNumber(setup, row)
        : setup.Scenario == Scenario.YesNo ? OfYesNo(setup, row)
        : setup.Scenario == Scenario.Rare ? OfRare(row)
        : setup.Scenario == Scenario.Hidden ? OfHidden(row)
        : OfClasses(setup, row, slots);

    private static Prediction OfNumber(Setup setup, IReadOnlyDictionary<string, object> row)
    {
        double mean = Number(row, ColumnNames.Score);
        if (double.IsNaN(mean))
            return Nothing;
        return new(
            $"{setup.Target!.Name}: {Show.Number(mean)} expected",
            $"between {Show.Number(Number(row, ColumnNames.LowerBound))} and {Show.Number(Number(row, ColumnNames.UpperBound))} "
                + $"with {Show.Percent(setup.Level)} probability",
            FactsOf(
                row,
                (ColumnNames.ScoreStandardDeviation, "Standard deviation of a new value"),
                (ColumnNames.EpistemicStandardDeviation, "of it, from what the model does not know"),
                (ColumnNames.AleatoricStandardDeviation, "of it, noise that no model removes"),
                (ColumnNames.ScoreStandardError, "Standard error of the mean"),
                (ColumnNames.CensoringProbability, "Probability of the limit"),
                (ColumnNames.LatentMean, "Mean without the limit"),
                (ColumnNames.UnseenGroups, "Groups never seen")),
            []);
    }

    private static Prediction OfYesNo(Setup setup, IReadOnlyDictionary<string, object> row)
    {
        double yes = Number(row, ColumnNames.Probability);
        if (double.IsNaN(yes))
            return Nothing;
        string negative = setup.Target!.Levels.First(level => level != setup.Positive);
        double lower = Number(row, ColumnNames.ProbabilityLowerBound), upper = Number(row, ColumnNames.ProbabilityUpperBound);
        string? interval = !double.IsNaN(lower)
            ? $"the probability lies between {Show.Percent(lower)} and {Show.Percent(upper)}, with {Show.Percent(setup.Level)} confidence"
            : SetOf(row, [negative, setup.Positive!], setup.Level);
        return new(
            $"{setup.Target.Name} is '{setup.Positive}' with {Show.Percent(yes)} probability",
            interval,
            FactsOf(
                row,
                (ColumnNames.Score, "Linear predictor (log-odds or the like)"),
                (ColumnNames.ScoreStandardError, "its standard error"),
                (ColumnNames.UnseenGroups, "Groups never seen")),
            []);
    }

    private static Prediction OfClasses(Setup setup, IReadOnlyDictionary<string, object> row, IReadOnlyList<string> slots)
    {
        if (row.GetValueOrDefault(ColumnNames.Score) is not double[] probabilities || Array.Exists(probabilities, double.IsNaN))
            return Nothing;
        double[]? lower = row.GetValueOrDefault(ColumnNames.ProbabilityLowerBound) as double[];
        double[]? upper = row.GetValueOrDefault(ColumnNames.ProbabilityUpperBound) as double[];
        var names = slots.Count == probabilities.Length ? slots : setup.Classes;
        ClassProbability[] classes =
        [
            .. probabilities.Select((p, k) => new ClassProbability(
                names[k], p, lower is null || upper is null || double.IsNaN(lower[k]) ? null : (lower[k], upper[k]))),
        ];
        var likeliest = classes.MaxBy(entry => entry.Probability)!;
        return new(
            $"{setup.Target!.Name}: most likely '{likeliest.Name}', {Show.Percent(likeliest.Probability)}",
            SetOf(row, names, setup.Level),
            [],
            classes);
    }

    private static Prediction OfRare(IReadOnlyDictionary<string, object> row)
    {
        double surprise = Number(row, ColumnNames.Score), p = Number(row, "PValue");
        if (double.IsNaN(surprise))
            return Nothing;
        return new(
            row.GetValueOrDefault(ColumnNames.PredictedLabel) is true ? "This row is rare" : "This row is ordinary",
            double.IsNaN(p) ? null : $"{Show.Percent(p)} of ordinary rows are as rare as this one or rarer",
            [("Surprise, −ln p(x), in nats", Show.Number(surprise))],
            []);
    }

    private static Prediction OfHidden(IReadOnlyDictionary<string, object> row)
    {
        if (row.GetValueOrDefault(NetworkModels.Latent) is not double[] latent || Array.Exists(latent, double.IsNaN))
            return Nothing;
        double[] spread = row.GetValueOrDefault("LatentStandardDeviation") as double[] ?? [];
        return new(
            $"Hidden numbers: {string.Join(", ", latent.Select(Show.Number))}",
            spread.Length == latent.Length ? $"each ± {string.Join(", ", spread.Select(Show.Number))} (standard deviations)" : null,
            FactsOf(row, ("Elbo", "ELBO of the row, in nats"), ("ReconstructionError", "Reconstruction error")),
            []);
    }

    private static Prediction Nothing => new(
        "This model can say nothing of such a row", "a category in it occurs in no row that the model has learned from", [], []);

    private static string? SetOf(IReadOnlyDictionary<string, object> row, IReadOnlyList<string> names, double level)
    {
        if (row.GetValueOrDefault("PredictionSet") is not double[] members || members.Length != names.Count)
            return null;
        string[] inside = [.. names.Where((_, k) => members[k] > 0).Select(name => $"'{name}'")];
        return inside.Length == 0 ? "no value fits what the model has seen"
            : $"one of {string.Join(", ", inside)} with {Show.Percent(level)} probability";
    }

    private static List<(string Name, string Value)> FactsOf(
        IReadOnlyDictionary<string, object> row, params (string Column, string Name)[] wanted) =>
        [.. wanted.Where(fact => !double.IsNaN(Number(row, fact.Column))).Select(fact => (fact.Name, Show.Number(Number(row, fact.Column))))];

    private static double Number(IReadOnlyDictionary<string, object> row, string column) =>
        row.GetValueOrDefault(column) is double number ? number : double.NaN;
}

/// <summary>The probability of a class.</summary>
/// <param name="Name">The class.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="Bounds">Where it lies; null: not known.</param>
internal sealed record ClassProbability(string Name, double Probability, (double Lower, double Upper)? Bounds);
