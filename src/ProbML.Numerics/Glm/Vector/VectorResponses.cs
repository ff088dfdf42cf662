namespace ProbML.Fitting;

/// <summary>Distributions of vector models as bytes.</summary>
internal static class VectorResponses
{
    public static void Write(IVectorResponse response, BinaryWriter writer)
    {
        switch (response)
        {
            case SoftmaxResponse softmax:
                writer.Write("softmax");
                writer.Write(softmax.Classes);
                writer.Write(softmax.Predictors);
                break;
            case OrdinalResponse ordinal:
                writer.Write("ordinal");
                writer.Write(ordinal.Link.Name);
                writer.Write(ordinal.Classes);
                break;
            case TobitResponse tobit:
                writer.Write("tobit");
                writer.Write(tobit.Lower);
                writer.Write(tobit.Upper);
                break;
            default:
                throw new InvalidOperationException($"{response.GetType().Name} cannot be written.");
        }
    }

    /// <exception cref="FormatException">There is no such distribution.</exception>
    public static IVectorResponse Read(BinaryReader reader) => reader.ReadString() switch
    {
        "softmax" => Softmax(reader.ReadInt32(), reader.ReadInt32()),
        "ordinal" => Ordinal(Links.Parse(reader.ReadString()), reader.ReadInt32()),
        "tobit" => new TobitResponse(reader.ReadDouble(), reader.ReadDouble()),
        var other => throw new FormatException($"There is no distribution '{other}'. Update ProbML."),
    };

    private static SoftmaxResponse Softmax(int classes, int predictors) => classes >= 2 && (predictors == classes || predictors == classes - 1)
        ? new(classes, predictors)
        : throw new FormatException($"{classes} classes have no {predictors} predictors: the bytes are damaged.");

    private static OrdinalResponse Ordinal(ILinkFunction link, int classes) => classes is >= 2 and < 1 << 20
        ? new(link, classes)
        : throw new FormatException($"There are no {classes} ordered classes: the bytes are damaged.");
}
