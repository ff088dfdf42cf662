namespace ProbML.Cli;

/// <summary>How a file becomes the design of a model: which columns are features, and what they are read as.</summary>
internal sealed class FitPlan
{
    private readonly FitRequest request;
    private readonly DataScan scan;
    private readonly bool isOfFiles;

    private FitPlan(FitRequest request, LabelKind label, string[] features, DataScan scan)
    {
        (this.request, this.scan, isOfFiles) = (request, scan, label == LabelKind.File);
        Terms = new FeatureTerms(request, features, scan).Make();
        var labels = new LabelClasses(request, scan);
        if (label == LabelKind.TwoClasses)
            (Negative, Positive, LabelNote) = labels.Two();
        if (label == LabelKind.Classes)
            (Levels, LabelNote) = labels.InOrder();
        if (label == LabelKind.File)
        {
            if (scan.Files.Zip(scan.CompleteRowsOfFiles).FirstOrDefault(one => one.Second == 0).First is { } empty)
                throw new BadDataException($"{empty.Name} has no row with a value in every column that is used: there is nothing to compare.");
            bool sameName = scan.Files[0].Name == scan.Files[1].Name;
            (Positive, Negative) = sameName ? (scan.Files[0].Path, scan.Files[1].Path) : (scan.Files[0].Name, scan.Files[1].Name);
        }
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
    public string? LabelNote { get; }

    /// <summary>The rows as ML.NET sees them: those in which nothing is missing.</summary>
    /// <param name="zero">The name of a column of zeros to add, or null.</param>
    public CsvDataView View(string? zero = null) => View(isOfFiles ? scan.Files : [scan.File], zero);

    /// <summary>The rows of one of the files as ML.NET sees them.</summary>
    public CsvDataView View(CsvFile file) => View([file], null);

    /// <summary>The label's column; null: there is none, and the samples are files.</summary>
    public string? Label => isOfFiles ? null : request.Label;

    private CsvDataView View(IReadOnlyList<CsvFile> files, string? zero)
    {
        List<ViewColumn> columns =
        [
            isOfFiles ? ViewColumn.FirstFile(request.Label)
                : Levels is { } classes ? ViewColumn.Classes(request.Label, classes)
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
        columns.AddRange(request.GroupColumns.Select(group => ViewColumn.Text(group, [])));
        if (zero is not null)
            columns.Add(ViewColumn.Zero(zero));
        return new(files, columns, omitMissing: true);
    }

    /// <summary>Looks through the files once.</summary>
    /// <exception cref="BadDataException">A cell cannot be used.</exception>
    /// <exception cref="UsageException">The options do not go with the file's columns.</exception>
    public static FitPlan Make(FitRequest request, ModelSpec spec, Action<long> progress)
    {
        var files = ShardFiles.Open(request.Files);
        var file = files[0];
        string[] features = Features(request, file, spec.Label != LabelKind.File);
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
        List<ColumnUse> uses = [];
        if (spec.Label != LabelKind.File)
        {
            uses.Add(new(
                request.Label,
                spec.Label == LabelKind.Number ? CellKind.Number : CellKind.Level,
                spec.Problem,
                request.Levels.Count > 0 ? request.Levels : null));
        }
        else if (file.Has(request.Label))
        {
            throw new BadDataException($"{file.Name} has a column '{request.Label}', which is what the samples' label is called. Rename it.");
        }
        uses.AddRange(features.Select(column => new ColumnUse(
            column, request.Categorical.Contains(column) || column == request.Gp.Outputs ? CellKind.Level : CellKind.Guess)));
        Need(request.Weight, w => w >= 0 ? null : "a weight must be at least 0");
        Need(request.Offset, _ => null);
        Need(request.Exposure, e => e > 0 ? null : "an exposure must be greater than 0");
        if (request.Cluster is { } cluster && !uses.Exists(use => use.Name == cluster))
            uses.Add(new(cluster, CellKind.Level));
        uses.AddRange(request.GroupColumns.Select(group => new ColumnUse(group, CellKind.Level)));
        return new(request, spec.Label, features, DataScan.Of(files, uses, progress));

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

    private static string[] Features(FitRequest request, CsvFile file, bool hasLabel)
    {
        foreach (string column in hasLabel ? request.Ignore.Append(request.Label) : request.Ignore)
            file.IndexOf(column);
        string?[] taken = [request.Label, request.Weight, request.Offset, request.Exposure, request.Cluster, .. request.GroupColumns, .. request.Ignore];
        string[] features = request.Features.Count > 0
            ? [.. request.Features]
            : [.. file.Header.Where(column => column.Length > 0 && !taken.Contains(column))];
        if (request.Gp.Outputs is string outputs)
        {
            file.IndexOf(outputs);
            if (taken.Contains(outputs))
                throw new UsageException($"--outputs {outputs}: that column is something else already.");
            features = [.. features.Where(column => column != outputs)];
        }
        if (features.Length == 0)
            throw new BadDataException($"{file.Name} has no column left to {(hasLabel ? $"predict '{request.Label}' from" : "compare")}.");
        return request.Gp.Outputs is null ? features : [.. features, request.Gp.Outputs];
    }
}
