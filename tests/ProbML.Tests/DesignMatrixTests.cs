using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Tests;

/// <summary>The rows are those of R's model.matrix under contr.treatment, less the constant column.</summary>
public class DesignMatrixTests
{
    private static readonly Row[] Rows =
    [
        new() { Age = 0.1, City = "Rome", Grade = 10, IsNew = true, Small = 1.5f },
        new() { Age = 1d / 3, City = "Bonn", Grade = 9, IsNew = false, Small = 2.5f },
        new() { Age = 123456789.123456789, City = "Oslo", Grade = 2, IsNew = true, Small = -1f },
    ];

    [Fact]
    public void Levels_are_learned_in_ordinal_order_and_the_first_is_left_out()
    {
        var (slots, rows) = Design(Rows, DesignTerm.Numeric("Age"), DesignTerm.Categorical("City"));
        Assert.Equal(["Age", "City=Oslo", "City=Rome"], slots);
        Assert.Equal([[0.1, 0, 1], [1d / 3, 0, 0], [123456789.123456789, 1, 0]], rows);
    }

    [Fact]
    public void Levels_of_whole_numbers_are_ordered_by_size()
    {
        var (slots, rows) = Design(Rows, DesignTerm.Categorical("Grade", baseline: Baseline.None));
        Assert.Equal(["Grade=2", "Grade=9", "Grade=10"], slots);
        Assert.Equal([[0, 0, 1], [0, 1, 0], [1, 0, 0]], rows);
    }

    [Fact]
    public void Booleans_are_numbers_or_levels()
    {
        var (slots, rows) = Design(Rows, DesignTerm.Numeric("IsNew"));
        Assert.Equal(["IsNew"], slots);
        Assert.Equal([[1], [0], [1]], rows);
        (slots, rows) = Design(Rows, DesignTerm.Categorical("IsNew"));
        Assert.Equal(["IsNew=True"], slots);
        Assert.Equal([[1], [0], [1]], rows);
    }

    [Fact]
    public void Given_levels_keep_their_order_and_a_given_baseline_is_left_out()
    {
        var term = DesignTerm.Categorical("City", ["Rome", "Oslo", "Bonn", "Kiev"], Baseline.Of("Oslo"));
        var (slots, rows) = Design(Rows, term);
        Assert.Equal(["City=Rome", "City=Bonn", "City=Kiev"], slots);
        Assert.Equal([[1, 0, 0], [0, 1, 0], [0, 0, 0]], rows);
    }

    [Fact]
    public void Keys_keep_their_order_and_their_names()
    {
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable(Rows);
        var fitted = ml.Transforms.Conversion.MapValueToKey("Key", "City")
            .Append(ml.Transforms.DesignMatrix("X", DesignTerm.Categorical("Key")))
            .Fit(data);
        var (slots, rows) = Read(fitted.Transform(data));
        Assert.Equal(["Key=Bonn", "Key=Oslo"], slots);
        Assert.Equal([[0, 0], [1, 0], [0, 1]], rows);
    }

    [Fact]
    public void Vectors_enter_slot_by_slot()
    {
        var ml = new MLContext();
        var data = ml.Transforms.Concatenate("Vector", "Small", "Smaller").Fit(Load(ml)).Transform(Load(ml));
        var fitted = ml.Transforms.DesignMatrix("X", DesignTerm.Numeric("Vector"), DesignTerm.Numeric("Age")).Fit(data);
        var (slots, rows) = Read(fitted.Transform(data));
        Assert.Equal(["Vector.Small", "Vector.Smaller", "Age"], slots);
        Assert.Equal([1.5, 0, 0.1], rows[0]);

        static IDataView Load(MLContext ml) => ml.Data.LoadFromEnumerable(Rows);
    }

    [Fact]
    public void Doubles_pass_unrounded()
    {
        double[] values = [Math.PI, double.Epsilon, double.MaxValue, -0.1, 1e300, double.PositiveInfinity];
        var (_, rows) = Design([.. values.Select(value => new Row { Age = value })], DesignTerm.Numeric("Age"));
        Assert.Equal(values, rows.Select(row => row[0]));
    }

    [Fact]
    public void Missing_values_and_unseen_levels_are_NaN_in_the_slots_of_their_term()
    {
        var ml = new MLContext();
        var fitted = ml.Transforms
            .DesignMatrix("X", DesignTerm.Numeric("Age"), DesignTerm.Categorical("City"), DesignTerm.Categorical("Grade"))
            .Fit(ml.Data.LoadFromEnumerable(Rows));
        Row[] scored =
        [
            new() { Age = 2, City = "Paris", Grade = 2 },
            new() { Age = 2, City = "", Grade = 9 },
            new() { Age = double.NaN, City = "Rome", Grade = 3 },
        ];
        var (_, rows) = Read(fitted.Transform(ml.Data.LoadFromEnumerable(scored)));
        const double Nan = double.NaN;
        Assert.Equal([[2, Nan, Nan, 0, 0], [2, Nan, Nan, 1, 0], [Nan, 0, 1, Nan, Nan]], rows);
    }

    [Fact]
    public void An_unseen_level_of_a_term_without_slots_is_never_taken_for_the_known_one()
    {
        var ml = new MLContext();
        var fitted = ml.Transforms.DesignMatrix("X", DesignTerm.Numeric("Age"), DesignTerm.Categorical("City"))
            .Fit(ml.Data.LoadFromEnumerable<Row>([new() { Age = 1, City = "Rome" }]));
        Assert.Equal(["Age"], fitted.SlotNames);
        Row[] scored = [new() { Age = 1, City = "Rome" }, new() { Age = 1, City = "Oslo" }];
        Assert.Equal([[1], [double.NaN]], Read(fitted.Transform(ml.Data.LoadFromEnumerable(scored))).Rows);
    }

    [Fact]
    public void Codes_are_the_numbers_of_levels_and_NaN_for_what_is_none()
    {
        var (slots, rows) = Design(Rows, DesignTerm.Numeric("Small"), DesignTerm.Code("City"));
        Assert.Equal(["Small", "City"], slots);
        Assert.Equal([[1.5, 2], [2.5, 0], [-1, 1]], rows);
        Assert.Equal([[double.NaN], [1], [0]], Design(Rows, DesignTerm.Code("Grade", ["2", "9"])).Rows);
        Assert.Throws<ArgumentException>(() => DesignTerm.Code("City", ["a", "a"]));
        Assert.Throws<ArgumentException>(() => DesignTerm.Code(" "));
        Assert.Equal("code 'City'", DesignTerm.Code("City").ToString());
    }

    [Fact]
    public void A_constant_number_is_a_term_like_any_other()
    {
        var (_, rows) = Design([new Row { Age = 7 }, new Row { Age = 7 }], DesignTerm.Numeric("Age"));
        Assert.Equal([[7], [7]], rows);
    }

    [Fact]
    public void The_shape_promised_is_the_schema_given()
    {
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable(Rows);
        var estimator = ml.Transforms.DesignMatrix("City", DesignTerm.Numeric("Age"), DesignTerm.Categorical("City"));
        var promised = estimator.GetOutputSchema(Shape(data.Schema)).Single(column => column.Name == "City");
        var given = Shape(estimator.Fit(data).GetOutputSchema(data.Schema)).Single(column => column.Name == "City");
        Assert.Equal(
            (SchemaShape.Column.VectorKind.Vector, (DataViewType)NumberDataViewType.Double, false),
            (promised.Kind, promised.ItemType, promised.IsKey));
        Assert.Equal((given.Kind, given.ItemType, given.IsKey), (promised.Kind, promised.ItemType, promised.IsKey));
        Assert.Equal(
            given.Annotations.Select(column => (column.Name, column.Kind, column.ItemType)),
            promised.Annotations.Select(column => (column.Name, column.Kind, column.ItemType)));
    }

    [Fact]
    public void Several_cursors_give_what_one_gives()
    {
        var ml = new MLContext();
        var many = Enumerable.Range(0, 20_000).Select(i => new Row { Age = i, City = $"c{i % 7}" }).ToArray();
        var data = ml.Data.LoadFromEnumerable(many);
        var view = ml.Transforms.DesignMatrix("X", DesignTerm.Numeric("Age"), DesignTerm.Categorical("City"))
            .Fit(data).Transform(data);
        var rows = Read(view).Rows;
        for (int i = 0; i < many.Length; i++)
        {
            Assert.Equal(i, rows[i][0]);
            Assert.Equal(i % 7 == 0 ? 0 : 1, rows[i].Skip(1).Sum());
            Assert.True(i % 7 == 0 || rows[i][i % 7] == 1);
        }
    }

    internal static (string[] Slots, double[][] Rows) Design(Row[] rows, params DesignTerm[] terms)
    {
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable(rows);
        return Read(ml.Transforms.DesignMatrix("X", terms).Fit(data).Transform(data));
    }

    private static SchemaShape Shape(DataViewSchema schema) => (SchemaShape)typeof(SchemaShape)
        .GetMethod("Create", BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, [schema])!;

    internal static (string[] Slots, double[][] Rows) Read(IDataView view)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema["X"].GetSlotNames(ref names);
        return (
            [.. names.DenseValues().Select(name => name.ToString())],
            [.. view.GetColumn<VBuffer<double>>("X").Select(row => row.DenseValues().ToArray())]);
    }

    internal sealed class Row
    {
        public double Age { get; set; }

        public string City { get; set; } = "Rome";

        public int Grade { get; set; }

        public bool IsNew { get; set; }

        public float Small { get; set; }

        public float Smaller { get; set; }
    }
}
