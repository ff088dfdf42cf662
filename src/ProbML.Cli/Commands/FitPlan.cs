using System.Globalization;

namespace ProbML.Cli;

/// <summary>How a file becomes the design of a model: which columns are features, and what they are read as.</summary>
internal sealed class FitPlan
{
    private static readonly (string Negative, string Positive)[] KnownLabels =
        [("0", "1"), ("no", "yes"), ("false", "true"), ("n", "y"), ("f", "t"), ("-1", "1")];

    private const int MostClasses = 100;
    private readonly FitRequest request;
    private readonly string[] features;
    private readonly DataScan scan;

    private FitPlan(FitRequest request, LabelKind label, string[] features, DataScan scan)
    {
        (this.request, this.features, this.scan) = (request, features, scan);
        Terms = MakeTerms();
        if (label == LabelKind.TwoClasses)
            (Negative, Positive) = Classes();
        if (label == LabelKind.Classes)
            Levels = LabelLevels();
    }

    /// <summary>The rows of the file, and those that count.</summary>
    public DataScan Scan => scan;

    /// <summary>The features, in order.</summary>
    public IReadOnlyList<DesignTerm> Terms { get; }

    /// <summary>The label's text that counts as 1; null: the label is a number.</summary>
    public string? Positive { get; }

    /// <summary>The label's texts that count as 0; null: the label is a number.</summary>
    public string? Negative { get; }

    /// <summary>The label's texts in order; null: there are not several.</summary>
    public IReadOnlyList<string>? Levels { get; }

    /// <summary>How the label was understood where that was a choice.</summary>
    public string? LabelNote { get; private set; }

    /// <summary>The rows as ML.NET sees them: those in which nothing is missing.</summary>
    /// <param name="zero">The name of a column of zeros to add, or null.</param>
    public CsvDataView View(string? zero = null)
    {
        List<ViewColumn> columns =
        [
            Levels is { } classes ? ViewColumn.Classes(request.Label, classes)
                : Positive is null ? ViewColumn.Number(request.Label)
                : ViewColumn.Label(request.Label, Positive),
            .. Terms.Select(term => term.Levels is { } levels
                ? ViewColumn.Text(term.Column, levels)
                : ViewColumn.Number(term.Column)),
        ];
        foreach (string? column in new[] { request.Weight, request.Offset, request.Exposure })
        {
            if (column is not null && !columns.Exists(other => other.Name == column))
                columns.Add(ViewColumn.Number(column));
        }
        if (request.Cluster is { } cluster && !columns.Exists(other => other.Name == cluster))
            columns.Add(ViewColumn.Text(cluster, []));
        if (zero is not null)
            columns.Add(ViewColumn.Zero(zero));
        return new(scan.File, columns, omitMissing: true);
    }

    /// <summary>Looks through the file once.</summary>
    /// <exception cref="BadDataException">A cell cannot be used.</exception>
    /// <exception cref="UsageException">The options do not go with the file's columns.</exception>
    public static FitPlan Make(FitRequest request, ModelSpec spec, Action<long> progress)
    {
        var file = CsvFile.Open(request.Data);
        string[] features = Features(request, file);
        foreach (string column in request.Categorical.Where(column => !features.Contains(column)))
        {
            file.IndexOf(column);
            throw new UsageException($"--categorical {column}: that column is not a feature.");
        }
        if (request.DropTest is string dropped && !features.Contains(dropped))
        {
            file.IndexOf(dropped);
            throw new UsageException($"--drop-test {dropped}: that column is not a feature.");
        }
        List<ColumnUse> uses = [new(
            request.Label,
            spec.Label == LabelKind.Number ? CellKind.Number : CellKind.Level,
            spec.Problem,
            request.Levels.Count > 0 ? request.Levels : null)];
        uses.AddRange(features.Select(column => new ColumnUse(
            column, request.Categorical.Contains(column) ? CellKind.Level : CellKind.Guess)));
        Need(request.Weight, w => w >= 0 ? null : "a weight must be at least 0");
        Need(request.Offset, _ => null);
        Need(request.Exposure, e => e > 0 ? null : "an exposure must be greater than 0");
        if (request.Cluster is { } cluster && !uses.Exists(use => use.Name == cluster))
            uses.Add(new(cluster, CellKind.Level));
        return new(request, spec.Label, features, DataScan.Of(file, uses, progress));

        void Need(string? column, Func<double, string?> requirement)
        {
            if (column is null)
                return;
            uses.RemoveAll(use => use.Name == column);     // a feature too: then a number it must be
            uses.Add(new(column, CellKind.Number, requirement));
        }
    }

    /// <summary>A number for the cluster of each row that counts, in order.</summary>
    public IReadOnlyList<int> Clusters()
    {
        string[] names = [.. View().Schema.Select(column => column.Name)];
        int[] places = [.. names.Select(scan.File.IndexOf)];
        int place = scan.File.IndexOf(request.Cluster!);
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var clusters = new List<int>();
        using var rows = scan.File.Read();
        while (rows.MoveNext())
        {
            bool complete = true;
            foreach (int used in places)
                complete &= !Cell.IsMissing(rows[used]);
            if (!complete)
                continue;
            string name = rows[place].ToString();
            if (!known.TryGetValue(name, out int number))
                known[name] = number = known.Count;
            clusters.Add(number);
        }
        return clusters;
    }

    private static string[] Features(FitRequest request, CsvFile file)
    {
        foreach (string column in request.Ignore.Append(request.Label))
            file.IndexOf(column);
        string?[] taken = [request.Label, request.Weight, request.Offset, request.Exposure, request.Cluster, .. request.Ignore];
        string[] features = request.Features.Count > 0
            ? [.. request.Features]
            : [.. file.Header.Where(column => column.Length > 0 && !taken.Contains(column))];
        if (features.Length == 0)
            throw new BadDataException($"{file.Name} has no column left to predict '{request.Label}' from.");
        return features;
    }

    private List<DesignTerm> MakeTerms()
    {
        var baselines = Baselines();
        var terms = new List<DesignTerm>();
        foreach (string column in features)
        {
            var found = scan[column];
            if (!found.IsLevels)
            {
                if (baselines.ContainsKey(column))
                {
                    throw new UsageException(
                        $"--baseline {column}: that column is numbers; add --categorical {column} if they are levels.");
                }
                terms.Add(DesignTerm.Numeric(column));
                continue;
            }
            CheckLevelCount(found);
            string[] levels = found.Levels();
            var baseline = baselines.GetValueOrDefault(column, Baseline.First);
            if (baseline.Level is string level && !levels.Contains(level))
            {
                throw new UsageException(
                    $"--baseline {column}={level}: the levels of '{column}' are {string.Join(", ", levels.Take(20))}"
                        + (levels.Length > 20 ? ", ..." : "."));
            }
            terms.Add(DesignTerm.Categorical(column, levels, baseline));
        }
        if (terms.TrueForAll(term => term is { Levels.Count: 1, Baseline.IsNone: false }))
            throw new BadDataException("no feature varies: every column has a single level.");
        return terms;
    }

    /// <summary>A name or an identifier in every row is no feature, and would need a coefficient for each row.</summary>
    private void CheckLevelCount(ColumnScan column)
    {
        bool asked = request.Categorical.Contains(column.Name);
        bool isName = scan.CompleteRows >= 20 && column.LevelCount * 2 > scan.CompleteRows;
        if (column.LevelCount <= (asked ? 5_000 : 1_000) && (asked || !isName))
            return;
        string insist = asked ? "" : $", or insist with --categorical {column.Name}";
        throw new BadDataException(
            $"'{column.Name}' holds {column.LevelCount}{(column.IsFull ? " or more" : "")} different texts in "
                + $"{scan.CompleteRows} rows, each of which would get a coefficient. Leave it out with "
                + $"--ignore {column.Name}{insist}.");
    }

    private Dictionary<string, Baseline> Baselines()
    {
        var baselines = new Dictionary<string, Baseline>(StringComparer.Ordinal);
        foreach (string text in request.Baselines)
        {
            int[] signs = [.. Enumerable.Range(0, text.Length).Where(i => text[i] == '=')];
            int split = signs.FirstOrDefault(i => features.Contains(text[..i]), -1);
            if (signs.Length == 0)
                throw new UsageException($"--baseline '{text}': write column=level, or 'column=' to leave no level out.");
            if (split < 0)
                throw new UsageException($"--baseline '{text}': '{text[..signs[0]]}' is not a feature.");
            string column = text[..split], level = text[(split + 1)..];
            if (!baselines.TryAdd(column, level.Length == 0 ? Baseline.None : Baseline.Of(level)))
                throw new UsageException($"--baseline gives '{column}' two levels.");
        }
        return baselines;
    }

    /// <summary>The classes in the order asked for, or as their texts or numbers are ordered.</summary>
    private string[] LabelLevels()
    {
        var label = scan[request.Label];
        string[] found = label.Levels();
        if (request.Levels.Count > 0)
        {
            if (request.Levels.FirstOrDefault(level => !found.Contains(level)) is string unseen)
                throw new BadDataException($"no row of '{label.Name}' is '{unseen}', which --levels names: leave it out.");
            return [.. request.Levels];
        }
        if (found.Length == 1)
            throw new BadDataException($"every label in '{label.Name}' is {Cell.Show(found[0])}: two classes are needed.");
        if (found.Length > MostClasses)
        {
            throw new BadDataException(
                $"'{label.Name}' holds {found.Length}{(label.IsFull ? " or more" : "")} different labels. If they are classes, "
                    + "name them with --levels; if they are numbers, choose another --family.");
        }
        LabelNote = $"the levels of '{label.Name}' are taken in the order {string.Join(", ", found)}; use --levels to choose.";
        return found;
    }

    private (string Negative, string Positive) Classes()
    {
        var label = scan[request.Label];
        string[] classes = label.Levels();
        string shown = string.Join(", ", classes.Take(10).Select(text => Cell.Show(text)));
        if (classes.Length == 1)
            throw new BadDataException($"every label in '{label.Name}' is {shown}: two classes are needed.");
        if (request.Positive is string given)
        {
            string positive = classes.FirstOrDefault(text => text == given)
                ?? throw new BadDataException($"no label in '{label.Name}' is '{given}'. The labels are {shown}.");
            if (classes.Length > 2)
                LabelNote = $"'{positive}' counts as 1 and the {classes.Length - 1} other labels as 0.";
            return (classes.Length > 2 ? $"not {positive}" : classes.First(text => text != given), positive);
        }
        if (classes.Length > 2)
        {
            throw new BadDataException(
                $"'{label.Name}' holds {classes.Length}{(label.IsFull ? " or more" : "")} different labels ({shown}): two "
                    + "are needed, or --positive to set one against the others.");
        }
        foreach (var (negative, positive) in KnownLabels)
        {
            if (Match(negative) is string no && Match(positive) is string yes && no != yes)
                return (no, yes);
        }
        string last = classes.Order(StringComparer.Ordinal).Last(), first = classes.First(text => text != last);
        LabelNote = $"'{last}' counts as 1 and '{first}' as 0; use --positive to choose.";
        return (first, last);

        string? Match(string known) =>
            classes.FirstOrDefault(text => text.Equals(known, StringComparison.OrdinalIgnoreCase)
                || (Cell.TryNumber(text, out double number) && number.ToString(CultureInfo.InvariantCulture) == known));
    }
}
