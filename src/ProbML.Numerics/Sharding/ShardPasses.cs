using ProbML.Fitting;
using ProbML.GaussianProcesses;

namespace ProbML.Sharding;

/// <summary>The passes that shards know.</summary>
internal static class ShardPasses
{
    private static readonly Dictionary<string, IShardPass> passes = new()
    {
        [RowDigest.Kind] = new ShardPass<RowDigest>(RowDigest.ReadQuestion),
        [ResponseMoments.Kind] = new ShardPass<ResponseMoments>(ResponseMoments.ReadQuestion),
        [LikelihoodSum.Kind] = new ShardPass<LikelihoodSum>(LikelihoodSum.ReadQuestion),
        [ClassCounts.Kind] = new ShardPass<ClassCounts>(ClassCounts.ReadQuestion),
        [CensoringCounts.Kind] = new ShardPass<CensoringCounts>(CensoringCounts.ReadQuestion),
        [VectorSum.Kind] = new ShardPass<VectorSum>(VectorSum.ReadQuestion),
        [LinearMoments.Kind] = new ShardPass<LinearMoments>(LinearMoments.ReadQuestion),
        [PosteriorSum.Kind] = new ShardPass<PosteriorSum>(PosteriorSum.ReadQuestion),
        [JointSum.Kind] = new ShardPass<JointSum>(JointSum.ReadQuestion),
        [SparseSum.Kind] = new ShardPass<SparseSum>(SparseSum.ReadQuestion),
        [SparseGradientSum.Kind] = new ShardPass<SparseGradientSum>(SparseGradientSum.ReadQuestion),
        [ScaledPass.Kind] = new ScaledPass(),
    };

    /// <summary>The pass of a name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static IShardPass Of(string kind) => passes.TryGetValue(kind, out var pass)
        ? pass
        : throw new FormatException($"There is no pass '{kind}': the coordinator has a later version of ProbML. Update this one.");
}
