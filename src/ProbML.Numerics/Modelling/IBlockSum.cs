namespace ProbML;

/// <summary>A statistic of the data that is a sum over rows, so that blocks, threads and machines can share the work.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IBlockSum<TSelf>
    where TSelf : class, IBlockSum<TSelf>
{
    /// <summary>Sets the sum to that of no rows.</summary>
    void Clear();

    /// <summary>Adds the rows of a block.</summary>
    void Add(in RowBlock rows);

    /// <summary>Adds another sum, leaving it as it was.</summary>
    void Merge(TSelf other);
}
