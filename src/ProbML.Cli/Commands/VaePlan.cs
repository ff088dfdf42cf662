namespace ProbML.Cli;

/// <summary>How a file becomes the features of an autoencoder: numbers as they are, a slot for each level of a text.</summary>
internal sealed class VaePlan
{
    private readonly FitRequest request;

    private VaePlan(FitRequest request, DataScan scan, IReadOnlyList<DesignTerm> terms) =>
        (this.request, Scan, Terms) = (request, scan, terms);

    /// <summary>The rows of the file.</summary>
    public DataScan Scan { get; }

    /// <summary>The features, in order.</summary>
    public IReadOnlyList<DesignTerm> Terms { get; }

    /// <summary>The rows as ML.NET sees them: all of them, NaN or no text where a cell is empty.</summary>
    public CsvDataView View()
    {
        List<ViewColumn> columns =
        [
            .. Terms.Select(term => term.Levels is { } levels
                ? ViewColumn.Text(term.Column, levels)
                : ViewColumn.Number(term.Column)),
        ];
        if (request.Weight is { } weight && !columns.Exists(column => column.Name == weight))
            columns.Add(ViewColumn.Number(weight));
        return new(Scan.File, columns, omitMissing: false);
    }

    /// <summary>Looks through the file once.</summary>
    /// <param name="request">Files and columns.</param>
    /// <param name="named">Columns that are given a distribution of numbers.</param>
    /// <param name="progress">Told how many rows are read, now and then.</param>
    /// <exception cref="BadDataException">A cell cannot be used, or no feature is left.</exception>
    /// <exception cref="UsageException">The options do not go with the file's columns.</exception>
    public static VaePlan Make(FitRequest request, IEnumerable<string> named, Action<long> progress)
    {
        var file = CsvFile.Open(request.Data);
        string[] features = Features(request, file);
        CheckFeatures("--categorical", request.Categorical);
        CheckFeatures("--likelihood", named);
        if (named.FirstOrDefault(request.Categorical.Contains) is string both)
            throw new UsageException($"column '{both}' is both in --categorical and --likelihood.");
        List<ColumnUse> uses =
        [
            .. features.Where(column => column != request.Weight).Select(column => new ColumnUse(
                column, request.Categorical.Contains(column) ? CellKind.Level : CellKind.Guess)),
        ];
        if (request.Weight is { } weight)
            uses.Add(new(weight, CellKind.Number, w => w >= 0 ? null : "a weight must be at least 0"));
        var scan = DataScan.Of([file], uses, progress, keepsMissing: true);
        if (Array.Find(features, column => scan[column].Missing == scan.Rows) is string empty)
            throw new BadDataException($"'{empty}' has no value in any row. Leave it out with --ignore {empty}.");
        string[] texts = [.. features.Where(column => scan[column].IsLevels)];
        if (named.FirstOrDefault(texts.Contains) is string text)
            throw new UsageException($"--likelihood {text}: that column is text, which is categorical.");
        CheckNames(file, features, texts);
        return new(request, scan, new FeatureTerms(
            request with { Baselines = [.. texts.Select(column => column + "=")] }, features, scan).Make());

        void CheckFeatures(string option, IEnumerable<string> columns)
        {
            foreach (string column in columns.Where(column => !features.Contains(column)))
            {
                file.IndexOf(column);
                throw new UsageException($"{option} {column}: that column is not a feature.");
            }
        }
    }

    private static string[] Features(FitRequest request, CsvFile file)
    {
        foreach (string column in request.Ignore)
            file.IndexOf(column);
        string[] features = request.Features.Count > 0
            ? [.. request.Features]
            : [.. file.Header.Where(column =>
                column.Length > 0 && column != request.Weight && !request.Ignore.Contains(column))];
        return features.Length > 0 ? features : throw new BadDataException($"{file.Name} has no column left to encode.");
    }

    /// <summary>The slots of a text are called column=level, and no other column may be called so too.</summary>
    private static void CheckNames(CsvFile file, string[] features, string[] texts)
    {
        foreach (string text in texts)
        {
            if (Array.Find(features, column => column.StartsWith(text + "=", StringComparison.Ordinal)) is string taken)
                throw new BadDataException($"{file.Name}: column '{taken}' is called like a level of '{text}'. Rename it.");
        }
    }
}
