using System.IO.Compression;
using Microsoft.ML.Data;

namespace VaeLatents;

/// <summary>A picture of a piece of clothing: 28 x 28 grey levels between 0 and 1.</summary>
internal sealed class Clothes
{
    private static readonly string[] Names =
        ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"];

    [VectorType(784)]
    public float[] Pixels { get; set; } = [];

    public string Label { get; set; } = "";

    public static IEnumerable<Clothes> Read(string folder, string part)
    {
        byte[] pixels = Unzip(Path.Combine(folder, $"{part}-images-idx3-ubyte.gz"))[16..];
        byte[] labels = Unzip(Path.Combine(folder, $"{part}-labels-idx1-ubyte.gz"))[8..];
        return labels.Select((label, i) => new Clothes
        {
            Pixels = Array.ConvertAll(pixels[(i * 784)..(i * 784 + 784)], pixel => pixel / 255f),
            Label = Names[label],
        });
    }

    private static byte[] Unzip(string path)
    {
        using var zip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        zip.CopyTo(memory);
        return memory.ToArray();
    }
}
