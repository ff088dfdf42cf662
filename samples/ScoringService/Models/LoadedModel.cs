using System.Security.Cryptography;
using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Examples.Scoring;

/// <summary>A model file in memory, with a pool of engines; kept until the last request that holds it is done.</summary>
internal sealed class LoadedModel
{
    private readonly ITransformer transformer;
    private readonly ObjectPool<ScoringEngine> engines;
    private int holders = 1;

    private LoadedModel(string name, string version, ITransformer transformer, ModelSchema schema, ScoringOptions options)
    {
        (Name, Version, Schema, this.transformer) = (name, version, schema, transformer);
        engines = new DefaultObjectPoolProvider { MaximumRetained = options.ConcurrentPredictions }
            .Create(new ScoringEngine.Policy(transformer, schema, Math.Min(options.BlockRows, options.MaximumRows)));
        engines.Return(engines.Get());                     // a pipeline that cannot be bound shows now
    }

    public string Name { get; }

    /// <summary>The first digits of the file's SHA-256.</summary>
    public string Version { get; }

    public ModelSchema Schema { get; }

    public DateTimeOffset LoadedAt { get; } = DateTimeOffset.UtcNow;

    /// <summary>What watches the rows it scores; null: nothing.</summary>
    public DriftWatch? Drift { get; set; }

    /// <exception cref="Exception">It cannot be read, or not be served.</exception>
    public static LoadedModel Load(string name, byte[] file, ScoringOptions options)
    {
        using var stream = new MemoryStream(file, writable: false);
        var transformer = new MLContext().Model.Load(stream, out var input);
        try
        {
            string version = Convert.ToHexStringLower(SHA256.HashData(file))[..12];
            return new(name, version, transformer, ModelSchema.Of(transformer, input), options);
        }
        catch
        {
            (transformer as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>What is predicted with, as text: of a ProbML model its table of coefficients.</summary>
    public string Summary() => ModelSchema.Steps(transformer).Reverse().OfType<ISingleFeaturePredictionTransformer<object>>()
        .FirstOrDefault()?.Model.ToString() ?? transformer.ToString() ?? "";

    /// <summary>The type of what predicts.</summary>
    public string Kind() => ModelSchema.Steps(transformer).Reverse().OfType<ISingleFeaturePredictionTransformer<object>>()
        .FirstOrDefault()?.Model.GetType().Name ?? ModelSchema.Steps(transformer).Last().GetType().Name;

    /// <summary>An engine, and its return.</summary>
    public ScoringEngine Rent() => engines.Get();

    public void Return(ScoringEngine engine) => engines.Return(engine);

    /// <summary>Holds it; false: it is gone already, and another is in its place.</summary>
    public bool TryHold()
    {
        for (int seen = Volatile.Read(ref holders); seen > 0; seen = Volatile.Read(ref holders))
            if (Interlocked.CompareExchange(ref holders, seen + 1, seen) == seen)
                return true;
        return false;
    }

    /// <summary>Lets go of it; the last to do so disposes of it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref holders) > 0)
            return;
        (engines as IDisposable)?.Dispose();
        (transformer as IDisposable)?.Dispose();
    }
}
