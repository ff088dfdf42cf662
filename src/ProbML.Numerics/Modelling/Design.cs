namespace ProbML;

/// <summary>What a model is fitted to: a stream of rows (x, y, weight, offset) that can be read again and again.</summary>
/// <remarks>
/// Never an n-by-d copy in memory: an algorithm passes over it, and a pass is a <see cref="Sum"/> over blocks. Blocks hold
/// the same rows whatever the number of threads, and their sums are merged in the order of the rows, so a result does not
/// depend on the number of threads, to the last bit.
/// </remarks>
public abstract class Design
{
    /// <summary>Rows of a sparse block: many, for what is summed over them is large.</summary>
    private const int SparseBlockRows = 32_768;

    private readonly System.Collections.Concurrent.ConcurrentBag<RowBuffer> spare = [];
    private readonly System.Collections.Concurrent.ConcurrentBag<RowBuffer> spareSparse = [];

    /// <summary>Describes the columns of a stream of rows.</summary>
    protected Design(IReadOnlyList<string> featureNames, string responseName)
    {
        ArgumentNullException.ThrowIfNull(featureNames);
        FeatureNames = featureNames;
        ResponseName = responseName;
    }

    /// <summary>The number of features, d.</summary>
    public int FeatureCount => FeatureNames.Count;

    /// <summary>The names of the features, [d], which become the names of coefficients.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>The name of the response, for messages.</summary>
    public string ResponseName { get; }

    /// <summary>Whether rows carry a response; false: it is NaN, and there is nothing but features to learn from.</summary>
    public virtual bool HasResponse => true;

    /// <summary>Whether rows carry prior weights; false: every weight is one.</summary>
    public virtual bool HasWeights => false;

    /// <summary>Whether rows carry offsets; false: every offset is zero.</summary>
    public virtual bool HasOffsets => false;

    /// <summary>The grouping factors that rows come with, in the order of <see cref="RowBlock.Groups"/>; none where there are none.</summary>
    public virtual IReadOnlyList<GroupingFactor> Groups => [];

    /// <summary>The values that a response 0, 1, 2, ... stands for; none where it is a number.</summary>
    public virtual IReadOnlyList<string> ResponseLevels => [];

    /// <summary>
    /// Whether the rows themselves can be read here; false: they lie elsewhere, and only sums over them are to be had.
    /// </summary>
    public virtual bool HasRows => true;

    /// <summary>What messages call a row, by its number.</summary>
    public virtual string DescribeRow(long row) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"row {row}");

    /// <summary>How the response looks: what the first rows' messages call a value, e.g. a label's text. Null: the number.</summary>
    public virtual string? DescribeResponse(double response) => null;

    /// <summary>The number of rows the last complete pass left out, because a value was missing or not finite.</summary>
    public virtual long SkippedRows => 0;

    /// <summary>
    /// Whether rows are mostly zeros, and their reader also fills sparse buffers: who can work on sparse rows then should.
    /// </summary>
    public virtual bool IsSparse => false;

    /// <summary>Rows of a block: about half a megabyte, so that a block stays in a core's second-level cache.</summary>
    public int BlockRows => Math.Clamp(65_536 / Math.Max(1, FeatureCount) / 64 * 64, 256, 4_096);

    /// <summary>Memory for a block: some pass's before, or new.</summary>
    internal RowBuffer RentBuffer(bool sparse = false) =>
        (sparse ? spareSparse : spare).TryTake(out var buffer) ? buffer
        : new RowBuffer(sparse ? SparseBlockRows : BlockRows, FeatureCount, sparse, Groups.Count);

    /// <summary>Keeps memory for the next pass.</summary>
    internal void ReturnBuffer(RowBuffer buffer) => (buffer.IsSparse ? spareSparse : spare).Add(buffer);

    /// <summary>Starts a pass over the rows, in their order.</summary>
    public abstract IDesignReader OpenReader();

    /// <summary>One pass over the rows: Σ over all rows, on several threads, bit for bit as on one.</summary>
    /// <typeparam name="TSum">What is summed.</typeparam>
    /// <param name="create">Makes an empty sum; called once a thread and more.</param>
    /// <param name="threads">How many threads add blocks; null: one a core.</param>
    /// <param name="monitor">Asked for cancellation after each block.</param>
    /// <exception cref="OperationCanceledException">The monitor says so.</exception>
    public TSum Sum<TSum>(Func<TSum> create, TrainingMonitor monitor, int? threads = null)
        where TSum : class, IBlockSum<TSum>
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(monitor);
        return SumRows(create, monitor, threads);
    }

    /// <summary>One pass over dense rows; overridden where others make it.</summary>
    private protected virtual TSum SumRows<TSum>(Func<TSum> create, TrainingMonitor monitor, int? threads)
        where TSum : class, IBlockSum<TSum> =>
        new BlockPipeline<TSum>(this, create, monitor, threads ?? Environment.ProcessorCount, sparse: false).Run();

    /// <summary>As <see cref="Sum"/>, over sparse rows.</summary>
    /// <typeparam name="TSum">What is summed; takes sparse blocks.</typeparam>
    /// <param name="create">Makes an empty sum; called once a thread and more.</param>
    /// <param name="threads">How many threads add blocks; null: one a core.</param>
    /// <param name="monitor">Asked for cancellation after each block.</param>
    /// <exception cref="OperationCanceledException">The monitor says so.</exception>
    /// <exception cref="InvalidOperationException"><see cref="IsSparse"/> is false.</exception>
    public TSum SumSparse<TSum>(Func<TSum> create, TrainingMonitor monitor, int? threads = null)
        where TSum : class, IBlockSum<TSum>
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(monitor);
        if (!IsSparse)
            throw new InvalidOperationException("The design's reader gives no sparse rows: look at IsSparse first, or use Sum.");
        return new BlockPipeline<TSum>(this, create, monitor, threads ?? Environment.ProcessorCount, sparse: true).Run();
    }
}

/// <summary>One pass over the rows of a <see cref="Design"/>.</summary>
public interface IDesignReader : IDisposable
{
    /// <summary>Fills the buffer with the next rows; one that is not <see cref="RowBuffer.IsFull"/> is the last. False: there were none.</summary>
    /// <remarks>A reader of a design whose <see cref="Design.IsSparse"/> is true fills dense and sparse buffers alike.</remarks>
    bool Read(RowBuffer buffer);
}
