using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ProbML.Examples.Scoring;

/// <summary>What the service counts.</summary>
internal sealed class ServiceMetrics
{
    public const string MeterName = "ProbML.ScoringService";

    private readonly Counter<long> scored, rejected, loads, observed, notObserved, notSaved;
    private readonly Histogram<double> duration;
    private readonly ConcurrentDictionary<string, DriftStatus> drifts = new(StringComparer.Ordinal);

    public ServiceMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        scored = meter.CreateCounter<long>("probml.rows.scored", null, "Rows that were scored.");
        rejected = meter.CreateCounter<long>("probml.rows.rejected", null, "Rows that could not be scored.");
        loads = meter.CreateCounter<long>("probml.model.loads", null, "Model files that were read, by outcome.");
        observed = meter.CreateCounter<long>("probml.drift.rows.observed", null, "Rows that a drift monitor was shown.");
        notObserved = meter.CreateCounter<long>("probml.drift.rows.dropped", null, "Rows that a drift monitor was not shown because too many waited.");
        notSaved = meter.CreateCounter<long>("probml.drift.save.failures", null, "Times that a drift monitor could not be saved.");
        duration = meter.CreateHistogram<double>(
            "probml.prediction.duration", "s", "Time to read, score and write the rows of a request, or a block of a stream.", tags: null,
            new() { HistogramBucketBoundaries = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5] });
        meter.CreateObservableGauge("probml.drift.evidence", () => Measure(status => status.EValue), null, "Evidence against no drift; at most 1 on average without.");
        meter.CreateObservableGauge("probml.drift.alarm", () => Measure(status => status.IsDrift || status.IsChange ? 1 : 0), null, "1 where a monitor says that the rows have drifted.");
    }

    public void Scored(string model, int rows) => scored.Add(rows, Of(model));

    public void Rejected(string model, int rows) => rejected.Add(rows, Of(model));

    public void Took(string model, string endpoint, TimeSpan time) =>
        duration.Record(time.TotalSeconds, Of(model), new("endpoint", endpoint));

    public void Loaded(string model, bool isServed) => loads.Add(1, Of(model), new("outcome", isServed ? "served" : "failed"));

    public void Observed(string model, int rows) => observed.Add(rows, Of(model));

    public void NotObserved(string model, int rows) => notObserved.Add(rows, Of(model));

    public void NotSaved(string model) => notSaved.Add(1, Of(model));

    public void Drift(string model, DriftStatus status) => drifts[model] = status;

    public void Forget(string model) => drifts.TryRemove(model, out _);

    private static KeyValuePair<string, object?> Of(string model) => new("model", model);

    private IEnumerable<Measurement<double>> Measure(Func<DriftStatus, double> value) =>
        drifts.Select(pair => new Measurement<double>(value(pair.Value), Of(pair.Key)));
}
