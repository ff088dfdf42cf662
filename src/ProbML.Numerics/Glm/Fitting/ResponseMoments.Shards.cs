using ProbML.Sharding;

namespace ProbML.Fitting;

/// <content>The moments of a shard.</content>
internal sealed partial class ResponseMoments : IShardSum
{
    public const string Kind = "moments";

    string IShardSum.Kind => Kind;

    public static Func<ResponseMoments> ReadQuestion(BinaryReader reader, int features)
    {
        var family = Families.Parse(reader.ReadString());
        return () => new(features, family);
    }

    public void WriteQuestion(BinaryWriter writer) => writer.Write(family.Name);

    public void WriteAnswer(BinaryWriter writer)
    {
        writer.Write(Rows);
        writer.Write(PositiveRows);
        writer.WriteArray([SumOfWeights, ResponseMean, ResponseSquares, OffsetMean, ImpossibleResponse]);
        writer.Write(ImpossibleRow);
        writer.WriteArray(Mean);
        writer.WriteArray(Squares);
    }

    public void ReadAnswer(BinaryReader reader)
    {
        (Rows, PositiveRows) = (reader.ReadInt64(), reader.ReadInt64());
        double[] numbers = reader.ReadDoubles(5, "moments");
        (SumOfWeights, ResponseMean, ResponseSquares, OffsetMean, ImpossibleResponse) =
            (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        ImpossibleRow = reader.ReadInt64();
        reader.ReadDoubles(featureCount, "means").CopyTo(Mean, 0);
        reader.ReadDoubles(featureCount, "squares").CopyTo(Squares, 0);
    }
}
