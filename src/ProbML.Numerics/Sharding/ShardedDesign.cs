using System.Globalization;

namespace ProbML.Sharding;

/// <summary>Rows that lie in shards: every pass asks all shards, and adds up their answers in the order of the shards.</summary>
/// <remarks>
/// Generalized linear, multinomial, ordinal, Tobit and Bayesian linear models, Bayesian GLMs by Laplace's method or by
/// variational inference and sparse Gaussian processes are fitted so: to the model of all rows in one place, up to rounding. What reads the rows themselves
/// (samplers, paths of penalties, diagnostics) says that it cannot.
/// </remarks>
public sealed class ShardedDesign : Design
{
    private readonly ShardQuestions questions;
    private readonly ShardDescription[] descriptions;
    private readonly long[] starts;                       // of each shard's rows, among all
    private readonly IReadOnlyList<IShard> shards;

    private ShardedDesign(IReadOnlyList<IShard> shards, ShardQuestions questions, ShardDescription[] descriptions, long firstRow)
        : base(descriptions[0].FeatureNames, descriptions[0].ResponseName)
    {
        (this.shards, this.questions, this.descriptions) = (shards, questions, descriptions);
        starts = new long[shards.Count];
        for (int s = 0; s < starts.Length; s++)
            starts[s] = s == 0 ? firstRow : starts[s - 1] + descriptions[s - 1].LastRow;
    }

    /// <summary>What each shard holds.</summary>
    public IReadOnlyList<ShardDescription> Shards => descriptions;

    /// <summary>The rows of all shards.</summary>
    public long Rows => descriptions.Sum(one => one.Rows);

    /// <inheritdoc/>
    public override bool HasRows => false;

    /// <inheritdoc/>
    public override bool HasResponse => descriptions[0].HasResponse;

    /// <inheritdoc/>
    public override bool HasWeights => descriptions[0].HasWeights;

    /// <inheritdoc/>
    public override bool HasOffsets => descriptions[0].HasOffsets;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ResponseLevels => descriptions[0].ResponseLevels;

    /// <inheritdoc/>
    public override long SkippedRows => descriptions.Sum(one => one.SkippedRows);

    /// <summary>Asks shards what they hold, in one pass over their rows.</summary>
    /// <param name="shards">The shards, whose order matters to rounding alone; those without rows count for nothing.</param>
    /// <param name="options">How they are asked.</param>
    /// <param name="monitor">May cancel.</param>
    /// <exception cref="ArgumentException">There are no shards, or two have one name.</exception>
    /// <exception cref="ShardException">A shard gives no answer, has other columns, or the rows of another shard.</exception>
    public static ShardedDesign Create(
        IReadOnlyList<IShard> shards, ShardingOptions? options = null, TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(shards);
        options ??= new();
        options.Validate();
        if (shards.Count == 0)
            throw new ArgumentException("There are no shards.", nameof(shards));
        if (shards.GroupBy(shard => shard.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"{twice.Count()} shards are called '{twice.Key}'.", nameof(shards));
        var questions = new ShardQuestions(shards, options);
        byte[] question = ShardFormat.Question(ShardDescription.Kind, 0, _ => { });
        var descriptions = questions.Ask(
            [.. shards.Select(_ => question)],
            (_, answer) => ShardFormat.Read(answer, "answer", reader =>
            {
                ShardFormat.ReadAnswer(reader, question);
                return ShardDescription.Read(reader);
            }),
            monitor ?? TrainingMonitor.None);
        Check(shards, descriptions, options);
        return new(shards, questions, descriptions, 0);
    }

    /// <summary>The number of a row among all, as its place in its shard.</summary>
    public override string DescribeRow(long row)
    {
        int s = starts.Length - 1;
        while (s > 0 && starts[s] >= row)
            s--;
        return string.Create(CultureInfo.InvariantCulture, $"row {row - starts[s]} of shard '{shards[s].Name}'");
    }

    /// <inheritdoc/>
    public override string? DescribeResponse(double response) =>
        response >= 0 && response < ResponseLevels.Count && response == Math.Floor(response) ? ResponseLevels[(int)response] : null;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: the rows lie in the shards.</exception>
    public override IDesignReader OpenReader() => throw RowsAreElsewhere();

    /// <summary>The same shards, their rows numbered from another.</summary>
    internal ShardedDesign From(long firstRow) => new(shards, questions, descriptions, firstRow);

    private protected override TSum SumRows<TSum>(Func<TSum> create, TrainingMonitor monitor, int? threads)
    {
        var total = create();
        total.Clear();
        if (total is not IShardSum asked)
            throw RowsAreElsewhere();
        byte[][] bytes = [.. starts.Select(start => ShardFormat.Question(asked.Kind, start, asked.WriteQuestion))];
        var parts = questions.Ask(bytes, (s, answer) => ShardFormat.Read(answer, "answer", reader =>
        {
            long rows = ShardFormat.ReadAnswer(reader, bytes[s]);
            if (rows != descriptions[s].Rows)
                throw new InvalidOperationException(
                    $"it had {descriptions[s].Rows} rows when the fit began and has {rows} now. Fit again once its data are at rest.");
            var part = create();
            part.Clear();
            ((IShardSum)part).ReadAnswer(reader);
            return part;
        }), monitor);
        foreach (var part in parts)
            total.Merge(part);
        return total;
    }

    internal static NotSupportedException RowsAreElsewhere() => new(
        "This fit reads the rows themselves, but they lie in shards, which give sums alone. Generalized linear, multinomial, ordinal, "
        + "Tobit and Bayesian linear models, Bayesian GLMs by Laplace's method or variational inference, and Gaussian processes by "
        + "SparseVariationalInference can be fitted to shards.");

    private static void Check(IReadOnlyList<IShard> shards, ShardDescription[] descriptions, ShardingOptions options)
    {
        var seen = new Dictionary<UInt128, int>();
        for (int s = 0; s < descriptions.Length; s++)
        {
            if (descriptions[0].Difference(descriptions[s]) is { } difference)
                throw new ShardException(
                    $"Shard '{shards[s].Name}' has other columns than '{shards[0].Name}': {difference}. All shards must have the same.");
            if (descriptions[s].Rows > 0 && !seen.TryAdd(descriptions[s].Digest, s) && !options.AllowDuplicates)
                throw new ShardException(
                    $"Shards '{shards[seen[descriptions[s].Digest]].Name}' and '{shards[s].Name}' hold the same {descriptions[s].Rows} rows: they would "
                    + "count twice. Leave one out, or set AllowDuplicates.");
        }
    }
}
