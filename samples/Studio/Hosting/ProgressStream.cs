using System.Runtime.CompilerServices;

namespace ProbML.Studio;

/// <summary>How far a training is, told as server-sent events.</summary>
internal static class ProgressStream
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static void Map(WebApplication app) => app.MapGet("/runs/{id:int}/progress", (int id, HttpContext context, SessionStore sessions) =>
        sessions.Of(context)?.Run(id) is { } run
            ? Results.ServerSentEvents(Follow(run, () => sessions.Of(context), context.RequestAborted))
            : Results.NotFound());

    /// <summary>Says what has changed, until nothing more will; watching keeps the session alive.</summary>
    private static async IAsyncEnumerable<RunStatus> Follow(
        TrainingRun run, Action touch, [EnumeratorCancellation] CancellationToken gone)
    {
        RunStatus? last = null;
        while (true)
        {
            bool isLast = run.HasEnded;
            var now = RunStatus.Of(run);
            if (!now.Equals(last))
                yield return now;
            last = now;
            if (isLast)
                yield break;
            touch();
            await Task.Delay(Pause, gone);
        }
    }
}

/// <summary>How far a run is.</summary>
/// <param name="Status">In a sentence.</param>
/// <param name="HasEnded">Whether nothing more will happen.</param>
/// <param name="Models">How far each model is.</param>
internal sealed record RunStatus(string Status, bool HasEnded, IReadOnlyList<ModelStatus> Models)
{
    public static RunStatus Of(TrainingRun run) => new(
        run.Status,
        run.HasEnded,
        [.. run.Models.Select(model => new ModelStatus(model.Candidate.Key, model.StateText, model.Error ?? model.Progress, Show.Time(model.Elapsed)))]);

    public bool Equals(RunStatus? other) =>
        other is not null && Status == other.Status && HasEnded == other.HasEnded && Models.SequenceEqual(other.Models);

    public override int GetHashCode() => HashCode.Combine(Status, HasEnded, Models.Count);
}

/// <summary>How far a model is.</summary>
/// <param name="Key">Which.</param>
/// <param name="State">Waiting, training, done, failed or cancelled.</param>
/// <param name="Text">What is being done.</param>
/// <param name="Time">How long it has taken.</param>
internal sealed record ModelStatus(string Key, string State, string Text, string Time);
