using Microsoft.ML;
using ProbML.Sharding;

namespace ProbML.Examples;

// <grain>
/// <summary>A shard that lives wherever Orleans puts it.</summary>
public interface IShardGrain : IGrainWithStringKey
{
    Task<byte[]> AskAsync(byte[] question);
}

/// <summary>Holds the rows of the file that is its key.</summary>
public sealed class ShardGrain : Grain, IShardGrain
{
    private IShard? shard;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var mlContext = new MLContext();
        string file = this.GetPrimaryKeyString();
        shard = Meters.Trainer(mlContext).CreateShard(file, Meters.Load(mlContext, file), threads: 1);
        return Task.CompletedTask;
    }

    public Task<byte[]> AskAsync(byte[] question) => shard!.AskAsync(question);
}

/// <summary>The coordinator's side of a grain.</summary>
public sealed class GrainShard(string file, IGrainFactory grains) : IShard
{
    public string Name => Path.GetFileName(file);

    public Task<byte[]> AskAsync(byte[] question, CancellationToken cancellation = default) =>
        grains.GetGrain<IShardGrain>(file).AskAsync(question);
}
// </grain>
