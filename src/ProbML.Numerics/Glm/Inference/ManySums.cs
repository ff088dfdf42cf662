namespace ProbML.Fitting;

/// <summary>Several sums over the same rows, in one pass.</summary>
internal sealed class ManySums<TSum>(TSum[] parts) : IBlockSum<ManySums<TSum>>
    where TSum : class, IBlockSum<TSum>
{
    public TSum[] Parts => parts;

    public void Clear()
    {
        foreach (var part in parts)
            part.Clear();
    }

    public void Add(in RowBlock rows)
    {
        foreach (var part in parts)
            part.Add(rows);
    }

    public void Merge(ManySums<TSum> other)
    {
        for (int k = 0; k < parts.Length; k++)
            parts[k].Merge(other.Parts[k]);
    }
}
