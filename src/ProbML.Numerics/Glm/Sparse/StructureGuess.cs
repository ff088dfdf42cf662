namespace ProbML.Fitting;

/// <summary>What the first block of rows says of the columns: which are dense, and which too frequent to be eliminated.</summary>
internal sealed class StructureGuess
{
    private const double DenseShare = 0.25;               // of rows in which a column is not zero
    private const double FrequentShare = 1.0 / 64;
    private const int MostFrequent = 512;
    private const int MostPairs = 100;                    // a row, on average: counting more takes longer than it saves

    private StructureGuess(ColumnRole[] roles) => Roles = roles;

    /// <summary>Each feature's role; candidates for elimination count as eliminated, [d].</summary>
    public ColumnRole[] Roles { get; }

    /// <summary>Looks at the first block.</summary>
    public static StructureGuess From(Design design)
    {
        var roles = new ColumnRole[design.FeatureCount];
        var buffer = design.RentBuffer(sparse: true);
        using (var reader = design.OpenReader())
            reader.Read(buffer);
        var rows = buffer.Block;
        var count = new int[roles.Length];
        foreach (int j in rows.Indices[..rows.RowStarts[rows.Count]])
            count[j]++;
        int n = rows.Count;
        foreach (int j in Enumerable.Range(0, roles.Length).Where(j => count[j] > FrequentShare * n)
            .OrderByDescending(j => count[j]).Take(MostFrequent))
            roles[j] = count[j] > DenseShare * n ? ColumnRole.Dense : ColumnRole.Core;
        if (PairsOfRow(rows, roles) > MostPairs)
        {
            for (int j = 0; j < roles.Length; j++)
                roles[j] = roles[j] == ColumnRole.Eliminated ? ColumnRole.Core : roles[j];
        }
        design.ReturnBuffer(buffer);
        return new StructureGuess(roles);
    }

    private static double PairsOfRow(in RowBlock rows, ColumnRole[] roles)
    {
        long pairs = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            int candidates = 0, core = 0;
            foreach (int j in rows.Indices[rows.RowStarts[i]..rows.RowStarts[i + 1]])
            {
                candidates += roles[j] == ColumnRole.Eliminated ? 1 : 0;
                core += roles[j] == ColumnRole.Core ? 1 : 0;
            }
            pairs += (long)candidates * (candidates - 1) / 2 + (long)candidates * core;
        }
        return rows.Count == 0 ? 0 : (double)pairs / rows.Count;
    }
}
