using Microsoft.ML;
using Microsoft.ML.Runtime;
using ProbML.TwoSample;

namespace ProbML;

/// <summary>Where a drift monitor stands.</summary>
/// <param name="Rows">The rows it has been shown.</param>
/// <param name="EValue">The evidence against "the rows come from the reference's distribution"; ≤ 1 on average while they do.</param>
/// <param name="IsDrift">Whether the evidence has ever reached 1/level: the probability of that, over all time, is at most the level.</param>
/// <param name="DriftRow">The row, from 1, at which it did; null: it has not.</param>
/// <param name="IsChange">
/// Whether the faster Shiryaev–Roberts detector, which forgets a calm past, has reached its threshold: within t rows the
/// probability of that is at most t / <see cref="DriftMonitor.RowsPerFalseAlarm"/> while nothing changes.
/// </param>
/// <param name="ChangeRow">An estimate of the row at which the change came, once either alarm is given.</param>
/// <param name="Feature">The column with the most evidence.</param>
public sealed record DriftStatus(
    long Rows, double EValue, bool IsDrift, long? DriftRow, bool IsChange, long? ChangeRow, string Feature);

/// <summary>Watches rows as they come for drift from a reference, with false alarms under control however long it runs.</summary>
/// <remarks>
/// Each column's values are ranked among the reference's and those seen since, and two martingales bet on the ranks: on their
/// size and on their distance from the middle. With k martingales evidence is the largest one's capital over k, so
/// P(evidence ever reaches 1/α) ≤ α (Ville's inequality and Bonferroni's). A level's value is how often the reference has it.
/// Made by <see cref="Microsoft.ML.DriftCatalog.CreateDriftMonitor"/>; <see cref="Save"/> keeps it over a restart. Not thread-safe. Memory: the reference, and as many rows again times
/// four, beyond which ranks are taken among those.
/// </remarks>
public sealed class DriftMonitor
{
    private const int HistoryPerRow = 5;

    private readonly IHost host;
    private readonly DriftOptions options;
    private readonly int window, most;
    private readonly IReadOnlyList<DriftColumn> columns;
    private readonly DriftSample sample;
    private readonly List<DriftFeature> features;
    private readonly double[]?[] frequencies;
    private readonly double[] medians;

    private RankHistory[] histories = [];
    private ExchangeabilityMartingale[] martingales = [];
    private Queue<(double[] Values, long Row)> last = [];
    private UniformNumbers random;
    private long rows;
    private long? driftRow, changeRow;
    private bool isChange;

    internal DriftMonitor(
        IHost host, IReadOnlyList<DriftColumn> columns, DriftSample sample, DriftOptions options, int window)
    {
        (this.host, this.columns, this.sample, this.options, this.window) = (host, columns, sample, options, window);
        if (sample.Rows < 4)
            throw host.Except($"The reference has {sample.Rows} rows; 4 or more are needed to compare with.");
        features = new DriftFeatures(columns, sample, sample, options.MaximumLevels).Features;
        frequencies = [.. features.Select(FrequenciesOf)];
        medians = [.. features.Select((_, f) => MedianOf(f))];
        most = HistoryPerRow * sample.Rows;
        Reset();
    }

    /// <summary>Goes on from where another monitor stood.</summary>
    internal DriftMonitor(IHost host, DriftMonitorState state)
        : this(host, state.Columns, state.Sample, state.Options, state.Window)
    {
        if (state.Fault(features.Count, most) is { } fault)
            throw new FormatException($"The saved drift monitor is damaged: {fault}. Make another from the reference.");
        histories = [.. state.Histories.Select(values => new RankHistory(values, most))];
        martingales = [.. state.Martingales.Select(martingale => new ExchangeabilityMartingale(martingale))];
        last = new(state.Last.Select((values, i) => (values, state.Rows - state.Last.Count + i + 1)));
        (rows, driftRow, changeRow, isChange) = (state.Rows, state.DriftRow, state.ChangeRow, state.IsChange);
        random = new(state.Random);
        RowsPerFalseAlarm = state.RowsPerFalseAlarm;
    }

    /// <summary>The threshold of the Shiryaev–Roberts detector, in rows.</summary>
    public double RowsPerFalseAlarm { get; init; } = 1e6;

    /// <summary>Where it stands.</summary>
    public DriftStatus Status
    {
        get
        {
            int leader = Enumerable.Range(0, martingales.Length).MaxBy(k => martingales[k].LogCapital);
            return new(
                rows,
                Math.Exp(martingales[leader].LogCapital) / martingales.Length,
                driftRow is not null,
                driftRow,
                isChange,
                changeRow,
                features[leader / 2].Name);
        }
    }

    /// <summary>Takes in the next rows.</summary>
    /// <exception cref="ArgumentException">A column of the reference is absent, or of another type.</exception>
    public DriftStatus Observe(IDataView next)
    {
        host.CheckValue(next, nameof(next));
        DriftColumn.Check(host, columns, next.Schema);       // levels stay those of the reference: others are of frequency zero
        using var cursor = next.GetRowCursor(columns.Select(column => next.Schema[column.Name]).DistinctBy(one => one.Index));
        var readers = columns.Select(column => column.Reader(cursor)).ToArray();
        while (cursor.MoveNext())
        {
            var values = new double[features.Count];
            int at = 0;
            for (int c = 0; c < readers.Length; at += columns[c].Slots.Count, c++)
                readers[c](values, at);
            rows++;
            last.Enqueue((values, rows));
            if (last.Count > window)
                last.Dequeue();
            Bet(values);
        }
        return Status;
    }

    /// <summary>Compares the last rows, as many as the window holds, with the reference.</summary>
    /// <exception cref="InvalidOperationException">Fewer than four rows were seen.</exception>
    public DriftReport Report(TrainingMonitor? monitor = null) => DriftDetection.Run(
        columns,
        sample,
        new([.. last.SelectMany(row => row.Values)], [.. last.Select(row => row.Row)], rows),
        options,
        monitor ?? TrainingMonitor.None);

    /// <summary>Forgets all rows but the reference's, as after a drift that was dealt with.</summary>
    public void Reset()
    {
        histories = new RankHistory[2 * features.Count];
        martingales = [.. histories.Select(_ => new ExchangeabilityMartingale())];
        random = new((ulong)options.Seed);
        for (int f = 0; f < features.Count; f++)
        {
            double[] values = [.. Enumerable.Range(0, sample.Rows).Select(i => Coded(f, sample.Values[i * features.Count + f]))];
            histories[2 * f] = new(values, most);
            histories[2 * f + 1] = new(values.Select(value => Folded(f, value)), most);
        }
        (last, rows, driftRow, changeRow, isChange) = ([], 0, null, null, false);
    }

    /// <summary>Writes all that it knows, the reference's rows included, as JSON; <c>mlContext.Data.LoadDriftMonitor</c> goes on from there.</summary>
    /// <param name="stream">Where it goes; left open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        new DriftMonitorState
        {
            Options = options,
            Window = window,
            RowsPerFalseAlarm = RowsPerFalseAlarm,
            Columns = columns,
            Sample = sample,
            Rows = rows,
            DriftRow = driftRow,
            ChangeRow = changeRow,
            IsChange = isChange,
            Random = random.State,
            Histories = [.. histories.Select(history => history.Values)],
            Martingales = [.. martingales.Select(martingale => martingale.State)],
            Last = [.. last.Select(row => row.Values)],
        }.Write(stream);
    }

    private void Bet(double[] values)
    {
        double k = martingales.Length, evidence = double.NegativeInfinity, detector = double.NegativeInfinity;
        int leader = 0;
        for (int f = 0; f < values.Length; f++)
        {
            double value = Coded(f, values[f]);
            martingales[2 * f].Observe(histories[2 * f].Next(value, random.Next()));
            martingales[2 * f + 1].Observe(histories[2 * f + 1].Next(Folded(f, value), random.Next()));
        }
        for (int j = 0; j < martingales.Length; j++)
        {
            evidence = Math.Max(evidence, martingales[j].LogCapital);
            if (martingales[j].LogShiryaevRoberts > detector)
                (detector, leader) = (martingales[j].LogShiryaevRoberts, j);
        }
        if (driftRow is null && evidence >= Math.Log(k / options.Level))
            driftRow = rows;
        isChange |= detector >= Math.Log(k * RowsPerFalseAlarm);
        if (changeRow is null && (isChange || driftRow is not null))
            changeRow = Math.Max(1, rows - martingales[leader].SinceChange + 1);
    }

    /// <summary>A number itself; a level's frequency in the reference.</summary>
    private double Coded(int feature, double value) => frequencies[feature] is not { } known ? value
        : double.IsNaN(value) ? known[^1]
        : known[(int)value];

    /// <summary>The distance from the reference's median.</summary>
    private double Folded(int feature, double value) => Math.Abs(value - medians[feature]);

    private double MedianOf(int feature)
    {
        double[] present = [.. Enumerable.Range(0, sample.Rows).Select(i => Coded(feature, sample.Values[i * features.Count + feature]))
            .Where(double.IsFinite).Order()];
        return present.Length == 0 ? 0 : present[present.Length / 2];
    }

    private double[]? FrequenciesOf(DriftFeature feature)
    {
        if (feature.Levels is not { } levels)
            return null;
        var counts = new double[levels.Count + 1];
        for (int i = 0; i < sample.Rows; i++)
        {
            double place = sample.Values[i * features.Count + feature.Place];
            counts[double.IsNaN(place) ? levels.Count : (int)place]++;
        }
        return counts;
    }
}
