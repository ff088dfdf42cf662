namespace ProbML.Fitting;

/// <summary>What a column is in an information matrix of arrow shape.</summary>
internal enum ColumnRole
{
    /// <summary>One of a set of columns no two of which share a row.</summary>
    Eliminated,

    /// <summary>Any other sparse column.</summary>
    Core,

    /// <summary>A column with few zeros: centred, and kept row by row.</summary>
    Dense,
}

/// <summary>Which columns are dense, and of the sparse ones which never meet in a row.</summary>
internal sealed class FeatureStructure
{
    /// <summary>Chooses roles from what the rows showed.</summary>
    /// <param name="guess">What the first rows suggested.</param>
    /// <param name="pattern">The pairs of columns that all rows showed.</param>
    public FeatureStructure(StructureGuess guess, FeaturePattern pattern)
    {
        Roles = [.. guess.Roles.Select(role => pattern.Overflows && role == ColumnRole.Eliminated ? ColumnRole.Core : role)];
        Pairs = pattern.Pairs();
        var neighbours = new List<int>?[Roles.Length];
        foreach (var (one, other) in Pairs)
        {
            if (Roles[one] != ColumnRole.Eliminated || Roles[other] != ColumnRole.Eliminated)
                continue;
            (neighbours[one] ??= []).Add(other);
            (neighbours[other] ??= []).Add(one);
        }
        // Greedily an independent set of columns: those that meet fewest others first.
        var candidates = Enumerable.Range(0, Roles.Length).Where(j => Roles[j] == ColumnRole.Eliminated && neighbours[j] is not null);
        foreach (int j in candidates.OrderBy(j => neighbours[j]!.Count).ThenBy(j => j).ToList())
        {
            if (Roles[j] != ColumnRole.Eliminated)
                continue;
            foreach (int other in neighbours[j]!)
                Roles[other] = ColumnRole.Core;
        }
    }

    private FeatureStructure(ColumnRole[] roles) => (Roles, Pairs) = (roles, []);

    /// <summary>The same columns where no matrix is kept, so that it does not matter which of them meet.</summary>
    public FeatureStructure WithoutMatrix() =>
        new([.. Roles.Select(role => role == ColumnRole.Core ? ColumnRole.Eliminated : role)]);

    /// <summary>The numbers that an information matrix of this shape takes, its core counted as factored.</summary>
    public double Numbers()
    {
        double e = Roles.Count(role => role == ColumnRole.Eliminated), c = Roles.Count(role => role == ColumnRole.Core);
        double m = 8 + Roles.Length - e - c;
        return e * (1 + m) + Pairs.Count + (c + m) * (c + m);
    }

    /// <summary>Each feature's role, [d].</summary>
    public ColumnRole[] Roles { get; }

    /// <summary>Pairs of sparse columns that share a row, at least one of each pair a candidate for elimination.</summary>
    public IReadOnlyList<(int One, int Other)> Pairs { get; }

    /// <summary>The columns whose zeros must stay zeros, [d].</summary>
    public bool[] Uncentred => [.. Roles.Select(role => role != ColumnRole.Dense)];
}
