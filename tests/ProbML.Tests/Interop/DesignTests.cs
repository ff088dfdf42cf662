using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Examples;

namespace ProbML.Interop;

/// <summary>What a fitter sees of a data view.</summary>
public sealed class DesignTests
{
    private readonly MLContext context = new(1);

    [Fact]
    public void A_matrix_without_response_has_rows_of_unknown_response()
    {
        var design = MatrixDesign.WithoutResponse([1, 2, double.NaN, 4, 5, 6], ["a", "b"], [1, 2, 3]);
        Assert.False(design.HasResponse);
        using var reader = design.OpenReader();
        var buffer = new RowBuffer(8, 2);
        Assert.True(reader.Read(buffer));
        Assert.Equal(3, buffer.Count);
        Assert.Equal([1, 2, double.NaN, 4, 5, 6], buffer.Block.Features.ToArray());
        Assert.All(buffer.Block.Response.ToArray(), y => Assert.True(double.IsNaN(y)));
        Assert.Equal([1, 2, 3], buffer.Block.Weights.ToArray());
        Assert.Throws<ArgumentException>(() => MatrixDesign.WithoutResponse([1, 2, 3], ["a", "b"]));
        Assert.Throws<ArgumentException>(() => MatrixDesign.WithoutResponse([1, 2], ["a"], [1]));
    }

    [Fact]
    public void Doubles_arrive_to_the_last_bit()
    {
        double[] x = [Math.PI, 1e-300, 1.0 / 3];
        var design = Design<Doubles>([new() { Features = x, Label = Math.E }]);
        var (features, y, _, _, _) = SpyFitter.Rows(design).Single();
        Assert.Equal(x, features);
        Assert.Equal(Math.E, y);
    }

    [Fact]
    public void Rows_are_numbered_by_their_place_in_the_view()
    {
        var rows = Enumerable.Range(1, 10)
            .Select(i => new Doubles { Features = [i, 0, i % 3 == 0 ? double.NaN : 1], Label = i });
        var design = Design(rows);
        Assert.Equal(0, design.SkippedRows);
        Assert.Equal([1, 2, 4, 5, 7, 8, 10], SpyFitter.Rows(design).Select(row => row.Number));
        Assert.Equal(3, design.SkippedRows);
        Assert.Equal([1, 2, 4, 5, 7, 8, 10], SpyFitter.Rows(design, capacity: 100).Select(row => (long)row.Y));
        Assert.Equal(3, design.SkippedRows);
    }

    [Fact]
    public void Offset_and_logarithm_of_exposure_add_up()
    {
        var roles = new ColumnRoles(Weight: "Weight", Offset: "Offset", Exposure: "Exposure");
        var design = Design<Doubles>(
            [new() { Offset = 0.5f, Exposure = 3, Weight = 0 }, new() { Exposure = 1 }], roles);
        var rows = SpyFitter.Rows(design);
        Assert.Equal([0.5 + Math.Log(3), 0], rows.Select(row => row.Offset));
        Assert.Equal([0, 1], rows.Select(row => row.Weight));
        Assert.True(design.HasOffsets && design.HasWeights);
        Assert.False(Design<Doubles>([new()]).HasOffsets || Design<Doubles>([new()]).HasWeights);
    }

    [Fact]
    public void A_sparse_row_is_zero_where_it_says_nothing()
    {
        var design = Design<Sparse>(
        [
            new() { Features = new(4, [1, 2, 3, 4]) },
            new() { Features = new(4, 1, [5], [2]) },
            new() { Features = new(4, 0, [], []) },
        ]);
        Assert.Equal([[1, 2, 3, 4], [0, 0, 5, 0], [0, 0, 0, 0]], SpyFitter.Rows(design).Select(row => row.X));
    }

    [Fact]
    public void Large_finite_features_are_kept() =>
        Assert.Single(SpyFitter.Rows(Design<Doubles>([new() { Features = [double.MaxValue, double.MaxValue, 1] }])));

    [Fact]
    public void A_row_of_another_length_is_named()
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => SpyFitter.Rows(Design<Doubles>([new(), new() { Features = [1, 2] }])));
        Assert.Equal(
            "Row 2 of 'Features' has 2 values where 3 are declared. Give every row a vector of the declared size.",
            error.Message);
    }

    [Fact]
    public void Integers_and_booleans_are_numbers_to_a_regression()
    {
        var whole = Design<Integers>([new() { Label = -3 }, new() { Label = 7 }]);
        Assert.Equal([-3, 7], SpyFitter.Rows(whole).Select(row => row.Y));
        var design = Design<Integers>([new() { Flag = true }, new()], new ColumnRoles(Label: "Flag"));
        Assert.Equal([1, 0], SpyFitter.Rows(design).Select(row => row.Y));
        Assert.Equal(("false", "true"), (design.DescribeResponse(0), design.DescribeResponse(1)));
    }

    [Fact]
    public void Keys_are_classes_counted_from_zero_and_keep_their_texts()
    {
        var keyed = Keyed("no", "yes", "", "no");
        var design = Design(keyed, new(), PredictionTask.BinaryClassification);
        Assert.Equal([0, 1, 0], SpyFitter.Rows(design).Select(row => row.Y));
        Assert.Equal(("no", "yes"), (design.DescribeResponse(0), design.DescribeResponse(1)));
        Assert.Null(design.DescribeResponse(0.5));
    }

    [Fact]
    public void Three_keys_are_no_two_classes()
    {
        var keyed = Keyed("a", "b", "c");
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => Design(keyed, new(), PredictionTask.BinaryClassification));
        Assert.Contains("a Key of two values, got Key<UInt32, 0-2>", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Design(keyed, new(), PredictionTask.Regression));
    }

    [Fact]
    public void A_class_must_be_zero_or_one()
    {
        var rows = new Doubles[] { new() { Label = 1 }, new() { Label = 0 }, new() { Label = -1 } };
        var design = Design(context.Data.LoadFromEnumerable(rows), new(), PredictionTask.BinaryClassification);
        var error = Assert.Throws<InvalidOperationException>(() => SpyFitter.Rows(design));
        Assert.Contains("must be 0 or 1, but row 3 of 'Label' is -1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_columns_needed_are_read()
    {
        var data = context.Data.LoadFromEnumerable<Doubles>([new() { Label = 1 }]);
        var poison = context.Transforms
            .CustomMapping<Doubles, Poisoned>((_, _) => throw new NotSupportedException(), null)
            .Fit(data).Transform(data);
        Assert.Single(SpyFitter.Rows(Design(poison, new(), PredictionTask.Regression)));
    }

    private IDataView Keyed(params string[] texts)
    {
        var data = context.Data.LoadFromEnumerable(texts.Select(text => new Texts { Text = text }));
        return context.Transforms.Conversion.MapValueToKey("Label", "Text").Fit(data).Transform(data);
    }

    private Design Design<T>(IEnumerable<T> rows, ColumnRoles? roles = null)
        where T : class => Design(context.Data.LoadFromEnumerable(rows), roles ?? new(), PredictionTask.Regression);

    private Design Design(IDataView data, ColumnRoles roles, PredictionTask task)
    {
        Design? seen = null;
        ProbabilisticTrainer.Create(context, new SpyFitter((design, _) => seen = design), task, roles).Fit(data);
        return seen!;
    }

    private sealed class Doubles
    {
        [VectorType(3)]
        public double[] Features { get; set; } = [1, 2, 3];

        public double Label { get; set; }

        public double Weight { get; set; } = 1;

        public float Offset { get; set; }

        public float Exposure { get; set; }
    }

    private sealed class Sparse
    {
        [VectorType(4)]
        public VBuffer<float> Features { get; set; }

        public float Label { get; set; }
    }

    private sealed class Integers
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [1];

        public long Label { get; set; }

        public bool Flag { get; set; }
    }

    private sealed class Texts
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [1];

        public string Text { get; set; } = "";
    }

    private sealed class Poisoned
    {
        public float Poison { get; set; }
    }
}
