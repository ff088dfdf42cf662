using Microsoft.ML;
using Microsoft.ML.Data;
using Row = ProbML.Tests.DesignMatrixTests.Row;

namespace ProbML.Tests;

public class DesignMatrixSavingTests
{
    private static readonly Row[] Rows =
    [
        new() { Age = 0.1, City = "Rome", Grade = 3, IsNew = true, Small = 4 },
        new() { Age = 1d / 3, City = "Köln", Grade = -1 },
        new() { Age = double.NaN, City = "", Grade = 7, Smaller = 0.5f },
    ];

    private static DesignTerm[] Terms =>
    [
        DesignTerm.Numeric("Age"),
        DesignTerm.Categorical("City", baseline: Baseline.Of("Rome")),
        DesignTerm.Categorical("Grade", baseline: Baseline.None),
        DesignTerm.Numeric("Vector"),
        DesignTerm.Categorical("IsNew"),
        DesignTerm.Code("Name"),
    ];

    [Fact]
    public void Saved_is_loaded_bit_for_bit()
    {
        var (fitted, file) = Save();
        var ml = new MLContext();
        var loaded = ml.Model.Load(file, out _);
        var data = ml.Data.LoadFromEnumerable(Rows);
        var (slots, expected) = DesignMatrixTests.Read(fitted.Transform(data));
        var (loadedSlots, rows) = DesignMatrixTests.Read(loaded.Transform(data));
        Assert.Equal(slots, loadedSlots);
        Assert.Equal(expected, rows);
        var matrix = ((IEnumerable<ITransformer>)loaded).OfType<DesignMatrixTransformer>().Single();
        Assert.Equal(["Köln", "Rome"], matrix.Levels("City"));
        Assert.Equal(["City=Köln"], matrix.SlotNamesOf("City"));
        Assert.Equal(Baseline.Of("Rome"), matrix.Terms[1].Baseline);
        Assert.True(matrix.Terms[2].Baseline.IsNone);
        Assert.True(matrix.Terms[5].IsCode);
        Assert.Equal("X", matrix.OutputColumnName);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Levels("Age"));
    }

    [Fact]
    public void A_prediction_engine_gives_the_same_row()
    {
        var (fitted, file) = Save();
        var ml = new MLContext();
        var expected = DesignMatrixTests.Read(fitted.Transform(ml.Data.LoadFromEnumerable(Rows))).Rows;
        using var engine = ml.Model.CreatePredictionEngine<Row, Matrix>(ml.Model.Load(file, out _));
        Assert.Equal(expected[0], engine.Predict(Rows[0]).X);
        Assert.Equal(expected[2], engine.Predict(Rows[2]).X);
    }

    [Fact]
    public void Registration_throws_nothing() =>
        new MLContext().ComponentCatalog.RegisterAssembly(typeof(DesignMatrixTransformer).Assembly);

    [Fact]
    public void A_file_cut_short_is_refused()
    {
        byte[] whole = Save().File.ToArray();
        for (int length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 40))
        {
            using var part = new MemoryStream(whole, 0, length);
            Assert.ThrowsAny<Exception>(() => new MLContext().Model.Load(part, out _));
        }
    }

    private static (ITransformer Fitted, MemoryStream File) Save()
    {
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable(Rows);
        var fitted = ml.Transforms.Concatenate("Vector", "Small", "Smaller")
            .Append(ml.Transforms.CopyColumns("Name", "City"))
            .Append(ml.Transforms.DesignMatrix("X", Terms)).Fit(data);
        var file = new MemoryStream();
        ml.Model.Save(fitted, data.Schema, file);
        file.Position = 0;
        return (fitted, file);
    }

    private sealed class Matrix
    {
        [VectorType]
        public double[] X { get; set; } = [];
    }
}
