using ProbML.Sharding;

namespace ProbML.Numerics.Tests.Sharding;

/// <summary>Rows of a regression, whole and in shards.</summary>
internal sealed class ShardRows
{
    private const int Features = 3;

    private readonly double[] features, response;
    private readonly double[]? weights, offsets;

    private ShardRows(double[] features, double[] response, double[]? weights, double[]? offsets) =>
        (this.features, this.response, this.weights, this.offsets) = (features, response, weights, offsets);

    public int Count => response.Length;

    public double[] Response => response;

    public MatrixDesign Whole => Part(0, Count);

    /// <summary>Rows whose response is drawn from a function of η and a uniform number.</summary>
    public static ShardRows Draw(Func<double, double, double> respond, bool weighted = false, int rows = 403, int seed = 5)
    {
        var random = new Random(seed);
        var (x, y, w, o) = (new double[rows * Features], new double[rows], new double[rows], new double[rows]);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < Features; j++)
                x[i * Features + j] = 10 * j + random.NextDouble();
            (w[i], o[i]) = (weighted ? 0.5 + random.NextDouble() : 1, weighted ? 0.1 * random.NextDouble() : 0);
            double eta = 0.4 + o[i] + 0.9 * x[i * Features] - 0.5 * (x[i * Features + 1] - 10) + 0.2 * (x[i * Features + 2] - 20);
            y[i] = respond(eta, random.NextDouble());
        }
        return new(x, y, weighted ? w : null, weighted ? o : null);
    }

    public MatrixDesign Part(int from, int to) => new(
        features[(from * Features)..(to * Features)], response[from..to], ["a", "b", "c"], weights?[from..to], offsets?[from..to]);

    /// <summary>Five shards of very different sizes, one of them without rows.</summary>
    public IShard[] Shards()
    {
        int[] ends = [0, Count / 20, Count / 20, Count / 2, Count - 40, Count];
        return [.. Enumerable.Range(0, 5).Select(s => new LocalShard($"part-{s}", Part(ends[s], ends[s + 1]), threads: 1))];
    }

    /// <summary>What a model makes of the first rows.</summary>
    public static float[] Scores<TModel>(TModel model, ShardRows rows)
        where TModel : class, IScoringModel<TModel>
    {
        var buffer = new RowBuffer(20, 3);
        using var reader = rows.Part(0, 20).OpenReader();
        Assert.True(reader.Read(buffer));
        int width = model.Outputs.Sum(output => output.Width);
        float[] scores = new float[20 * width];
        model.Score(buffer.Block, new OutputBlock(scores, width));
        return scores;
    }

    public ShardedDesign Sharded() => ShardedDesign.Create(Shards());
}
