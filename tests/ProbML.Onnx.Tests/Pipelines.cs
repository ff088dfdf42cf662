using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Laws;

namespace ProbML.Onnx.Tests;

/// <summary>A policy holder: text, numbers with gaps, a count, a class and a flag.</summary>
internal sealed class Holder
{
    public string District { get; set; } = "";

    public float Age { get; set; }

    public float Income { get; set; }

    public int Zone { get; set; }

    public bool IsUrban { get; set; }

    public float Claims { get; set; }

    public float Years { get; set; }

    public string Kind { get; set; } = "";

    public bool HasClaim => Claims > 0;

    public static List<Holder> Sample(int count = 300, int seed = 5)
    {
        var random = new Random(seed);
        var rows = new List<Holder>(count);
        for (int i = 0; i < count; i++)
        {
            float age = 20 + random.Next(50), years = 1 + random.Next(4);
            string district = "NSEW"[random.Next(4)].ToString();
            double rate = years * Math.Exp(-0.5 + 0.02 * (45 - age) + (district == "N" ? 0.7 : 0));
            rows.Add(new()
            {
                District = district,
                Age = age,
                Income = random.Next(6) == 0 ? float.NaN : random.Next(20, 90),
                Zone = random.Next(3),
                IsUrban = random.Next(2) == 0,
                Years = years,
                Claims = (float)Math.Floor(rate * 2 * random.NextDouble()),
                Kind = ((string[])["bad", "fair", "good"])[Math.Clamp((int)(age / 25 - 0.5 + random.NextDouble()), 0, 2)],
            });
        }
        return rows;
    }
}

/// <summary>Compares an exported file with the pipeline it was exported from.</summary>
internal static class Agreement
{
    public static void Assert(MLContext context, ITransformer model, IDataView data, OnnxFile file, double tolerance = 1e-5)
    {
        foreach (var (name, rows) in file.Score(data))
        {
            string column = name.Replace(".output", "", StringComparison.Ordinal);
            var expected = Read(model.Transform(data), column);
            Xunit.Assert.Equal(expected.Count, rows.Count);
            for (int i = 0; i < rows.Count; i++)
                for (int k = 0; k < rows[i].Length; k++)
                    Scores.AssertClose(expected[i][k], rows[i][k], tolerance, $"{name}[{k}] of row {i}");
        }
    }

    public static List<float[]> Read(IDataView view, string name)
    {
        var column = view.Schema[name];
        return Type.GetTypeCode((column.Type as VectorDataViewType)?.ItemType.RawType ?? column.Type.RawType) switch
        {
            TypeCode.Single => Rows<float>(view, column, value => value),
            TypeCode.Double => Rows<double>(view, column, value => (float)value),
            TypeCode.Boolean => Rows<bool>(view, column, value => value ? 1 : 0),
            TypeCode.UInt32 => Rows<uint>(view, column, value => value),
            _ => throw new NotSupportedException(column.Type.ToString()),
        };
    }

    private static List<float[]> Rows<T>(IDataView view, DataViewSchema.Column column, Func<T, float> convert) =>
        column.Type is VectorDataViewType
            ? [.. view.GetColumn<VBuffer<T>>(column).Select(row => row.DenseValues().Select(convert).ToArray())]
            : [.. view.GetColumn<T>(column).Select(value => new[] { convert(value) })];
}
