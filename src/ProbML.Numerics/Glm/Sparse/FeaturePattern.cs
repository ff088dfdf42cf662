namespace ProbML.Fitting;

/// <summary>One pass over sparse rows before the first iteration: moments, and which sparse columns meet in a row.</summary>
internal sealed class FeaturePattern(StructureGuess guess, int featureCount, IFamily family) : IBlockSum<FeaturePattern>
{
    /// <summary>More pairs than this take too much memory: no column is eliminated then.</summary>
    private const int MostPairs = 1 << 22;

    private readonly LongSet pairs = new();

    /// <summary>The moments of features and responses.</summary>
    public ResponseMoments Moments { get; } = new(featureCount, family);

    /// <summary>Whether there were too many pairs to keep.</summary>
    public bool Overflows { get; private set; }

    public void Clear()
    {
        Moments.Clear();
        pairs.Clear();
        Overflows = false;
    }

    public void Add(in RowBlock rows)
    {
        Moments.Add(rows);
        var roles = guess.Roles;
        for (int i = 0; i < rows.Count; i++)
        {
            var features = rows.Indices[rows.RowStarts[i]..rows.RowStarts[i + 1]];
            for (int k = 0; k < features.Length; k++)
            {
                if (roles[features[k]] != ColumnRole.Eliminated)
                    continue;
                for (int l = 0; l < features.Length; l++)
                {
                    var role = roles[features[l]];
                    if (role == ColumnRole.Core || (role == ColumnRole.Eliminated && l > k))
                        pairs.Add((long)features[k] * featureCount + features[l]);
                }
            }
        }
    }

    public void Merge(FeaturePattern other)
    {
        Moments.Merge(other.Moments);
        if (!Overflows)
            pairs.UnionWith(other.pairs);
        Overflows |= other.Overflows || pairs.Count > MostPairs;
        if (Overflows)
            pairs.Clear();
    }

    /// <summary>The pairs, in order.</summary>
    public List<(int One, int Other)> Pairs()
    {
        long[] sorted = pairs.Sorted();
        return [.. sorted.Select(pair => ((int)(pair / featureCount), (int)(pair % featureCount)))];
    }
}
