using ProbML.Sharding;

namespace ProbML.Fitting;

/// <content>The likelihood of a shard.</content>
internal sealed partial class LikelihoodSum : IShardSum
{
    public const string Kind = "glm-likelihood";

    string IShardSum.Kind => Kind;

    public static Func<LikelihoodSum> ReadQuestion(BinaryReader reader, int features)
    {
        var point = GlmPoint.Read(reader, features);
        var kind = (Information)reader.ReadByte();
        bool withTheta = reader.ReadBoolean(), withStatistics = reader.ReadBoolean();
        if (!Enum.IsDefined(kind) || (withTheta && point.Family is not NegativeBinomialFamily { Theta: not null }))
            throw new FormatException("The question does not fit together: it is damaged.");
        double dispersion = reader.ReadDouble(), nullPredictor = reader.ReadDouble();
        return () => new(
            point, kind, withTheta,
            withStatistics ? new RowStatistics(point.Family, point.Link, dispersion, nullPredictor) : null);
    }

    public void WriteQuestion(BinaryWriter writer)
    {
        point.Write(writer);
        writer.Write((byte)kind);
        writer.Write(withTheta);
        writer.Write(Rows.HasStatistics);
        writer.Write(Rows.HasStatistics ? Statistics.Dispersion : double.NaN);
        writer.Write(Rows.HasStatistics ? Statistics.NullPredictor : double.NaN);
    }

    public void WriteAnswer(BinaryWriter writer)
    {
        Rows.Write(writer);
        writer.WriteArray(Gradient);
        writer.WriteArray(Information);
        writer.WriteArray(ThetaCross);
    }

    public void ReadAnswer(BinaryReader reader)
    {
        Rows.Read(reader);
        reader.ReadDoubles(Gradient.Length, "gradient").CopyTo(Gradient, 0);
        reader.ReadDoubles(Information.Length, "information").CopyTo(Information, 0);
        reader.ReadDoubles(ThetaCross.Length, "information of theta").CopyTo(ThetaCross, 0);
    }
}
