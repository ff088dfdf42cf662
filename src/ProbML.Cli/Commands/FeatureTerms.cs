namespace ProbML.Cli;

/// <summary>What the feature columns of a file are to a model: numbers, or levels of which one is the baseline.</summary>
internal sealed class FeatureTerms(FitRequest request, string[] features, DataScan scan)
{
    /// <exception cref="BadDataException">A column has too many levels, or nothing varies.</exception>
    /// <exception cref="UsageException">A baseline is no level, or none of a feature.</exception>
    public IReadOnlyList<DesignTerm> Make()
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
            if (column == request.Gp.Outputs)
            {
                terms.Add(DesignTerm.Code(column, levels));
                continue;
            }
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
}
