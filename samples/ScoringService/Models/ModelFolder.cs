using System.Collections.Concurrent;

namespace ProbML.Examples.Scoring;

/// <summary>Serves the model files of a folder: NAME.zip, and where there is one NAME.drift, the saved monitor of its training rows.</summary>
/// <remarks>
/// It looks at the folder again and again, which works on network drives and in containers too. A file is loaded once two looks
/// find the same length and time, so that none is read while it is written. One that cannot be served leaves the model before it in
/// its place.
/// </remarks>
internal sealed partial class ModelFolder(ScoringOptions options, ServiceMetrics metrics, ILogger<ModelFolder> logger)
    : BackgroundService
{
    private readonly ConcurrentDictionary<string, ModelSlot> slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (FileStamp? Model, FileStamp? Drift)> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (FileStamp? Model, FileStamp? Drift)> taken = new(StringComparer.Ordinal);
    private volatile bool isReady;

    /// <summary>Whether every file that was there at the start was looked at.</summary>
    public bool IsReady => isReady;

    /// <summary>Why the folder cannot be read; null: it can.</summary>
    public string? Fault { get; private set; }

    /// <summary>The models by name.</summary>
    public IEnumerable<ModelSlot> Slots => slots.Values.OrderBy(slot => slot.Name, StringComparer.Ordinal);

    /// <summary>The model of a name, held for the caller; null: there is none.</summary>
    public LoadedModel? Hold(string name) => slots.TryGetValue(name, out var slot) ? slot.Hold() : null;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var slot in slots.Values)
        {
            if (slot.Hold() is not { } model)
                continue;
            if (model.Drift is { } drift)
                await drift.DisposeAsync();
            model.Release();
            slot.Replace(null);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Look(atStart: true);
        isReady = true;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.ReloadSeconds));
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Look(atStart: false);
    }

    private void Look(bool atStart)
    {
        try
        {
            var names = Directory.EnumerateFiles(options.Models, "*.zip").Select(path => Path.GetFileNameWithoutExtension(path))
                .Where(name => name.Length > 0 && !name.StartsWith('.')).ToHashSet(StringComparer.Ordinal);
            foreach (string name in names.Union(taken.Keys).ToList())
                LookAt(name, atStart);
            Fault = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Fault is null)
                FolderFailed(logger, options.Models, e.Message);
            Fault = $"The folder of models cannot be read: {e.Message}";
        }
    }

    private void LookAt(string name, bool atStart)
    {
        string model = Path.Combine(options.Models, name + ".zip"), drift = Path.Combine(options.Models, name + ".drift");
        var now = (FileStamp.Of(model), FileStamp.Of(drift));
        bool isSettled = atStart || (seen.TryGetValue(name, out var before) && before == now);
        seen[name] = now;
        if (!isSettled || (taken.TryGetValue(name, out var last) && last == now))
            return;
        taken[name] = now;
        if (now.Item1 is null)
            Remove(name);
        else
            Load(slots.GetOrAdd(name, one => new(one)), model, now.Item2 is null ? null : drift);
    }

    private void Load(ModelSlot slot, string path, string? driftPath)
    {
        LoadedModel next;
        try
        {
            next = LoadedModel.Load(slot.Name, File.ReadAllBytes(path), options);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            slot.Fault = e.Message;
            metrics.Loaded(slot.Name, isServed: false);
            LoadFailed(logger, slot.Name, e.Message);
            return;
        }
        var old = slot.Hold();
        slot.DriftFault = null;
        try
        {
            next.Drift = driftPath is null ? null : DriftWatch.Open(next, driftPath, old?.Drift, options, metrics);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            slot.DriftFault = e.Message;
            DriftFailed(logger, slot.Name, e.Message);
        }
        slot.Replace(next);
        slot.Fault = null;
        if (old?.Drift is { } watch && watch != next.Drift)
            watch.DisposeAsync().AsTask().GetAwaiter().GetResult();
        old?.Release();
        metrics.Loaded(slot.Name, isServed: true);
        Served(logger, slot.Name, next.Version);
    }

    private void Remove(string name)
    {
        seen.Remove(name);
        taken.Remove(name);
        if (!slots.TryRemove(name, out var slot))
            return;
        var old = slot.Hold();
        slot.Replace(null);
        old?.Drift?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        old?.Release();
        Removed(logger, name);
    }

    [LoggerMessage(LogLevel.Information, "Model {Name} is served, version {Version}.")]
    private static partial void Served(ILogger logger, string name, string version);

    [LoggerMessage(LogLevel.Information, "Model {Name} is no longer served: its file is gone.")]
    private static partial void Removed(ILogger logger, string name);

    [LoggerMessage(LogLevel.Error, "The file of model {Name} cannot be served, and what was served before stays: {Fault}")]
    private static partial void LoadFailed(ILogger logger, string name, string fault);

    [LoggerMessage(LogLevel.Error, "The drift of model {Name} is not watched: {Fault}")]
    private static partial void DriftFailed(ILogger logger, string name, string fault);

    [LoggerMessage(LogLevel.Error, "The folder of models {Folder} cannot be read: {Fault}")]
    private static partial void FolderFailed(ILogger logger, string folder, string fault);
}
