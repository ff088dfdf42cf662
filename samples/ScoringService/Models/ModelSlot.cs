namespace ProbML.Examples.Scoring;

/// <summary>A model's name, and what stands behind it now.</summary>
internal sealed class ModelSlot(string name)
{
    private LoadedModel? current;

    public string Name => name;

    /// <summary>Why the newest file is not served; null: it is.</summary>
    public string? Fault { get; set; }

    /// <summary>Why its drift is not watched although there is a file for it; null: it is, or there is none.</summary>
    public string? DriftFault { get; set; }

    /// <summary>The model, held for the caller, who releases it; null: none is served.</summary>
    public LoadedModel? Hold()
    {
        while (Volatile.Read(ref current) is { } model)
            if (model.TryHold())
                return model;
        return null;
    }

    /// <summary>Puts a model in its place; requests that hold the one before finish on it.</summary>
    public void Replace(LoadedModel? next) => Interlocked.Exchange(ref current, next)?.Release();
}
