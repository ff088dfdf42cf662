using ProbML.Fitting;

namespace ProbML.Sharding;

/// <summary>The passes that shards know.</summary>
internal static class ShardPasses
{
    private delegate IShardSum Pass(BinaryReader question, Design rows, TrainingMonitor monitor, int? threads);

    private static readonly Dictionary<string, Pass> passes = new()
    {
        [RowDigest.Kind] = Over(RowDigest.ReadQuestion),
        [ResponseMoments.Kind] = Over(ResponseMoments.ReadQuestion),
        [LikelihoodSum.Kind] = Over(LikelihoodSum.ReadQuestion),
        [ClassCounts.Kind] = Over(ClassCounts.ReadQuestion),
        [CensoringCounts.Kind] = Over(CensoringCounts.ReadQuestion),
        [VectorSum.Kind] = Over(VectorSum.ReadQuestion),
        [LinearMoments.Kind] = Over(LinearMoments.ReadQuestion),
        [PosteriorSum.Kind] = Over(PosteriorSum.ReadQuestion),
    };

    /// <summary>Makes a pass over rows.</summary>
    /// <exception cref="FormatException">The pass is unknown, or its question damaged.</exception>
    public static IShardSum Run(string kind, BinaryReader question, Design rows, TrainingMonitor monitor, int? threads) =>
        passes.TryGetValue(kind, out var pass)
            ? pass(question, rows, monitor, threads)
            : throw new FormatException($"There is no pass '{kind}': the coordinator has a later version of ProbML. Update this one.");

    private static Pass Over<TSum>(Func<BinaryReader, int, Func<TSum>> readQuestion)
        where TSum : class, IBlockSum<TSum>, IShardSum => (question, rows, monitor, threads) =>
            rows.Sum(readQuestion(question, rows.FeatureCount), monitor, threads);
}
