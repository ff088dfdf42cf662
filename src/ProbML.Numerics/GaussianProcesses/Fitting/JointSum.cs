using ProbML.Fitting;
using ProbML.Sharding;

namespace ProbML.GaussianProcesses;

/// <summary>Ranges and a sample of (x, y − offset), or of (x, y, offset).</summary>
internal sealed class JointSum(
    IReadOnlyList<string> features, string response, int size, int seed, LatentLikelihood? likelihood, Kernel kernel, bool keepsOffsets)
    : IBlockSum<JointSum>, IShardSum
{
    public const string Kind = "gp-rows";

    private readonly int d = features.Count, width = features.Count + (keepsOffsets ? 2 : 1);
    private double[] joint = [], ones = [];

    public RangeSum Ranges { get; } = new(features.Count + (keepsOffsets ? 2 : 1), size, seed);

    public double WeightSum { get; private set; }

    public double ResponseSum { get; private set; }

    public double Exposure { get; private set; }

    string IShardSum.Kind => Kind;

    public void Clear()
    {
        Ranges.Clear();
        (WeightSum, ResponseSum, Exposure) = (0, 0, 0);
    }

    public void Merge(JointSum other)
    {
        Ranges.Merge(other.Ranges);
        WeightSum += other.WeightSum;
        ResponseSum += other.ResponseSum;
        Exposure += other.Exposure;
    }

    public void Add(in RowBlock rows)
    {
        if (ones.Length < rows.Count)
            (joint, ones) = (new double[rows.Count * width], new double[rows.Count]);
        for (int i = 0; i < rows.Count; i++)
        {
            ones[i] = rows.Weight(i) > 0 ? 1 : 0;              // weights are of the noise, not of the rows' spread
            var row = joint.AsSpan(i * width, width);
            rows.Row(i).CopyTo(row);
            row[d] = rows.Response[i] - (keepsOffsets ? 0 : rows.Offset(i));
            if (keepsOffsets)
                row[d + 1] = rows.Offset(i);
            if (ones[i] == 0)
                continue;
            GaussianProcessRows.Check(features, response, rows, i, likelihood, kernel);
            double weight = rows.Weight(i);
            WeightSum += weight;
            ResponseSum += weight * row[d];
            Exposure += weight * (keepsOffsets ? Math.Exp(rows.Offset(i)) : 1);
        }
        Ranges.Add(new RowBlock(rows.Count, width, joint, weights: ones.AsSpan(0, rows.Count), rowNumbers: rows.RowNumbers));
    }

    public static Func<JointSum> ReadQuestion(BinaryReader reader, int features)
    {
        string[] names = reader.ReadStringArray("feature names");
        if (names.Length != features)
            throw new FormatException($"The question is of {names.Length} features, but there are {features}: it is damaged.");
        string response = reader.ReadString();
        int size = reader.ReadInt32(), seed = reader.ReadInt32();
        if (size < 0)
            throw new FormatException($"The question asks for a sample of {size} rows: it is damaged.");
        var kernel = Kernel.Parse(reader.ReadString()).ForFeatures(features);
        bool keepsOffsets = reader.ReadBoolean();
        return () => new(names, response, size, seed, null, kernel, keepsOffsets);
    }

    public void WriteQuestion(BinaryWriter writer)
    {
        if (likelihood is not null)
            throw ShardedDesign.RowsAreElsewhere();              // its inference reads rows
        writer.WriteArray(features);
        writer.Write(response);
        writer.Write(size);
        writer.Write(seed);
        writer.Write(kernel.ToString());
        writer.Write(keepsOffsets);
    }

    public void WriteAnswer(BinaryWriter writer)
    {
        Ranges.Write(writer);
        writer.Write(WeightSum);
        writer.Write(ResponseSum);
        writer.Write(Exposure);
    }

    public void ReadAnswer(BinaryReader reader)
    {
        Ranges.Read(reader);
        (WeightSum, ResponseSum, Exposure) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
    }
}
