using System.Text;

namespace ProbML.Onnx.Tests;

public sealed class OnnxScoringModelTests
{
    private static readonly double[] Beta = [0.5, 1, -2];
    private static readonly IReadOnlyList<OutputColumn> Outputs = new OnnxLinear().Outputs;

    [Fact]
    public void Rows_are_scored_with_offset_and_response()
    {
        using var model = Model();
        float[] scores = Score(model, [1, 1, 2, 0], [1.5, 1], [0.5, 0]);
        Assert.Equal([0f, 0.5f], [scores[0], scores[1]]);
        Assert.Equal(-0.5f * 1.5f * 1.5f / 0.25f - 0.5f * MathF.Log(2 * MathF.PI * 0.25f), scores[2], 1e-5f);
        Assert.Equal(-0.98f, scores[3], 1e-6f);
        Assert.Equal(2.5f, scores[5]);
    }

    [Fact]
    public void A_missing_feature_spoils_its_row_and_no_other()
    {
        using var model = Model();
        float[] scores = Score(model, [double.NaN, 1, 2, 0], [], []);
        Assert.All(scores[..5], score => Assert.Equal(float.NaN, score));
        Assert.Equal(2.5f, scores[5]);
        Assert.Equal(float.NaN, scores[7]);                // no response, so no density of it
    }

    [Fact]
    public void Blocks_of_any_size_agree()
    {
        using var model = Model();
        var random = new Random(1);
        double[] x = [.. Enumerable.Range(0, 2 * 300).Select(_ => random.NextDouble())];
        float[] together = Score(model, x, [], []);
        for (int i = 0; i < 300; i += 7)
            Assert.Equal(together[(5 * i)..(5 * i + 5)], Score(model, x[(2 * i)..(2 * i + 2)], [], []));
    }

    [Fact]
    public void Threads_may_share_a_model()
    {
        using var model = Model();
        double[] x = [1, 1, 2, 0];
        float[] expected = Score(model, x, [], []);
        Parallel.For(0, 200, _ => Assert.Equal(expected, Score(model, x, [], [])));
    }

    [Fact]
    public void What_was_written_is_read_bit_for_bit()
    {
        using var model = Model();
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, Encoding.UTF8, leaveOpen: true))
            model.Write(writer);
        memory.Position = 0;
        using var reader = new BinaryReader(memory);
        using var read = OnnxScoringModel.Read(reader);
        Assert.Equal(memory.Length, memory.Position);
        Assert.True(model.Graph.Span.SequenceEqual(read.Graph.Span));
        Assert.Equal(model.Outputs, read.Outputs);
        Assert.Equal(Score(model, [1, 2], [], []), Score(read, [1, 2], [], []));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(400)]
    public void Damaged_bytes_are_refused_early(int length)
    {
        var error = Assert.Throws<FormatException>(() => new OnnxScoringModel(Bytes().AsMemory(0, length), Outputs));
        Assert.Contains("cannot be loaded by ONNX Runtime", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_of_another_shape_is_refused()
    {
        Assert.Contains("no output named 'Other'", Message([new("Other")]), StringComparison.Ordinal);
        Assert.Contains("2 were expected", Message([new(ColumnNames.Score, Size: 2)]).Replace(" of Single", "", StringComparison.Ordinal), StringComparison.Ordinal);
        static string Message(IReadOnlyList<OutputColumn> outputs) =>
            Assert.Throws<ArgumentException>(() => new OnnxScoringModel(Bytes(), outputs)).Message;
    }

    [Fact]
    public void It_emits_the_graph_it_scores()
    {
        using var model = Model();
        byte[] file = model.ToOnnx(withOffset: true, withResponse: true);
        OnnxChecker.Check(file);
        using var again = new OnnxScoringModel(file, Outputs, takesMissing: true);
        double[] x = [double.NaN, 1, 2, 0], y = [1.5, 1], offsets = [0.5, 0];
        Assert.Equal(Score(model, x, y, offsets), Score(again, x, y, offsets));
        using var bare = new OnnxSession(model.ToOnnx());
        Assert.Equal([OnnxScoringModel.FeaturesInput], bare.Inputs.Select(port => port.Name));
        Assert.DoesNotContain(bare.Outputs, port => port.Name == ColumnNames.LogDensity);
    }

    [Fact]
    public void A_disposed_model_says_so()
    {
        var model = Model();
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Score(model, [1, 2], [], []));
    }

    [Fact]
    public void Threads_are_an_option()
    {
        using var session = new OnnxSession(Bytes(), threads: 2);
        Assert.Equal(2, session.Threads);
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxSession(Bytes(), threads: 0));
        float[] few = new float[3];
        var error = Assert.Throws<ArgumentException>(() =>
            session.Run(2, [OnnxBinding.Of(OnnxScoringModel.OffsetInput, few)], []));
        Assert.Contains("3 numbers were given for 'Offset'; 2 rows of it take 2", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes() => OnnxLinear.Graph(Beta, variance: 0.25);

    private static OnnxScoringModel Model() => new(Bytes(), Outputs);

    private static float[] Score(OnnxScoringModel model, double[] x, double[] y, double[] offsets)
    {
        int n = x.Length / model.FeatureCount;
        var outputs = new float[5 * n];
        model.Score(new RowBlock(n, model.FeatureCount, x, y, offsets: offsets), new OutputBlock(outputs, 5));
        return outputs;
    }
}
