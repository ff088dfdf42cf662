using System.Globalization;

namespace ProbML.Cli;

/// <summary>Which columns of a file a model needs, and a first pass that finds what is wrong with them.</summary>
internal sealed class ScoringPlan
{
    private readonly FittedModel model;
    private readonly List<(int Place, DesignTerm Term, HashSet<string>? Levels)> terms = [];
    private readonly List<(int Place, bool IsExposure)> offsets = [];
    private readonly List<ViewColumn> columns = [];
    private readonly Dictionary<string, long> unseen = new(StringComparer.Ordinal);
    private readonly bool unseenIsMissing;
    private int label = -1, weight = -1;
    private string? positive, negative;

    public ScoringPlan(ModelFile modelFile, CsvFile file, bool unseenIsMissing)
    {
        var matrix = modelFile.Matrix ?? throw new BadDataException(
            "that model was not fitted by probml fit: it does not start with a design matrix. Score it with ML.NET.");
        (ModelFile, File, this.unseenIsMissing) = (modelFile, file, unseenIsMissing);
        model = modelFile.Final;
        foreach (var term in matrix.Terms)
        {
            var levels = term.Levels?.ToHashSet(StringComparer.Ordinal);
            terms.Add((file.IndexOf(term.Column), term, levels));
            columns.Add(levels is null ? ViewColumn.Number(term.Column) : ViewColumn.Text(term.Column, levels));
        }
        AddOffset(modelFile.Final.Roles.Offset, isExposure: false);
        AddOffset(modelFile.Final.Roles.Exposure, isExposure: true);
        foreach (string group in modelFile.Final.Roles.Groups)
        {
            file.IndexOf(group);                          // says what is not there; a cell may be empty, or a new group
            if (!columns.Exists(other => other.Name == group))
                columns.Add(ViewColumn.Text(group, []));
        }
    }

    public ModelFile ModelFile { get; }

    public CsvFile File { get; }

    /// <summary>The rows of the file, once they are checked.</summary>
    public long Rows { get; private set; }

    /// <summary>The rows that lack a value, or have a level the model does not know.</summary>
    public long IncompleteRows { get; private set; }

    /// <summary>The text of the label that counts as 1, or null.</summary>
    public string? Positive => (string?)ModelFile.Report?["response"]?["positive_value"];

    /// <summary>The text of the label that counts as 0, or null.</summary>
    public string? Negative => (string?)ModelFile.Report?["response"]?["negative_value"];

    /// <summary>The column of weights, if they are used.</summary>
    public string? Weight { get; private set; }

    /// <summary>Asks for the label too, and for the weights if the file has them.</summary>
    public ScoringPlan WithLabel()
    {
        var roles = ModelFile.Final.Roles;
        label = File.IndexOf(roles.Label);
        if (model.Task == PredictionTask.BinaryClassification)
        {
            (positive, negative) = (Positive ?? "1", Negative);
            columns.Add(ViewColumn.Label(roles.Label, positive));
        }
        else if (model.Task == PredictionTask.MulticlassClassification)
        {
            columns.Add(ViewColumn.Classes(roles.Label, model.ClassNames));
        }
        else
        {
            columns.Add(ViewColumn.Number(roles.Label));
        }
        if (roles.Weight is { } name && File.Has(name))
        {
            (Weight, weight) = (name, File.IndexOf(name));
            if (!columns.Exists(column => column.Name == name))
                columns.Add(ViewColumn.Number(name));
        }
        return this;
    }

    /// <summary>The columns as ML.NET sees them.</summary>
    public CsvDataView View(bool omitMissing) => new(File, columns, omitMissing);

    /// <summary>Looks at every cell that is needed.</summary>
    /// <exception cref="BadDataException">The first one that cannot be used.</exception>
    public void Check(Action<long> progress)
    {
        using var rows = File.Read();
        while (rows.MoveNext())
        {
            bool complete = true;
            foreach (var (place, term, levels) in terms)
                complete &= levels is null ? CheckNumber(rows, place) : CheckLevel(rows, place, term, levels);
            foreach (var (place, isExposure) in offsets)
                complete &= CheckNumber(rows, place, e => isExposure && e <= 0 ? "an exposure must be greater than 0" : null);
            if (label >= 0)
                complete &= model.ClassNames.Count > 0 ? CheckOneOf(rows)
                    : positive is null ? CheckNumber(rows, label, model.Problem)
                    : CheckClass(rows);
            if (weight >= 0)
                complete &= CheckNumber(rows, weight, w => w < 0 ? "a weight must be at least 0" : null);
            IncompleteRows += complete ? 0 : 1;
            if ((rows.Row & 0xFFFF) == 0)
                progress(rows.Row);
        }
        Rows = rows.Row;
        if (Rows == 0)
            throw new BadDataException($"{File.Name} has a header but no rows.");
    }

    /// <summary>What to tell of rows without a prediction, or null.</summary>
    public string? Note(string consequence)
    {
        if (IncompleteRows == 0 || ((model.TakesMissing || model.HasMarginals) && unseen.Count == 0))
            return null;
        string levels = string.Join(", ", unseen.Take(5).Select(pair => $"{pair.Key} in {pair.Value}"));
        string cause = "a value is missing" + (levels.Length == 0 ? "" : $", or a level was not in training ({levels})");
        return string.Create(CultureInfo.InvariantCulture, $"{IncompleteRows} of {Rows} rows {consequence}: {cause}.");
    }

    private void AddOffset(string? column, bool isExposure)
    {
        if (column is null)
            return;
        offsets.Add((File.IndexOf(column), isExposure));
        if (!columns.Exists(other => other.Name == column))
            columns.Add(ViewColumn.Number(column));
    }

    private static bool CheckNumber(CsvRows rows, int place, Func<double, string?>? requirement = null)
    {
        var text = rows[place];
        if (Cell.IsMissing(text))
            return false;
        if (!Cell.TryNumber(text, out double number))
            throw rows.Wrong(place, Cell.NotANumber(text));
        if (requirement?.Invoke(number) is string problem)
            throw rows.Wrong(place, problem);
        return true;
    }

    private bool CheckLevel(CsvRows rows, int place, DesignTerm term, HashSet<string> levels)
    {
        var text = rows[place];
        if (Cell.IsMissing(text))
            return false;
        if (levels.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text))
            return true;
        if (!unseenIsMissing)
        {
            string known = string.Join(", ", term.Levels!.Take(10).Select(level => Cell.Show(level)));
            throw rows.Wrong(
                place,
                $"that level was not in training, where they were {known}{(levels.Count > 10 ? ", ..." : "")}; correct it, "
                    + "or use --unseen missing to leave such rows without a prediction");
        }
        string key = $"'{term.Column}' = {Cell.Show(text)}";
        unseen[key] = unseen.GetValueOrDefault(key) + 1;
        return false;
    }

    private bool CheckOneOf(CsvRows rows)
    {
        if (Cell.IsMissing(rows[label]))
            return false;
        return model.ClassNames.ContainsText(rows[label])
            ? true
            : throw rows.Wrong(label, $"the labels in training were {string.Join(", ", model.ClassNames.Take(10))}");
    }

    private bool CheckClass(CsvRows rows)
    {
        var text = rows[label];
        if (Cell.IsMissing(text))
            return false;
        bool known = text.SequenceEqual(positive) || negative is null || text.SequenceEqual(negative)
            || negative == $"not {positive}";
        return known ? true : throw rows.Wrong(label, $"the labels in training were '{negative}' and '{positive}'");
    }
}
