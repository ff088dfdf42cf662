using System.Globalization;
using System.IO.Compression;
using ProbML.Tests;

namespace ProbML.Numerics.Tests.DensityRatios;

/// <summary>Two samples in five dimensions whose ratio is known.</summary>
internal sealed record KnownRatio(double[] Features, double[] Numerator, double[] LogRatio)
{
    public const int Dimension = 5;

    public MatrixDesign Design => new(Features, Numerator);

    public double[] Sample(int which) =>
        [.. Enumerable.Range(0, Numerator.Length).Where(i => Numerator[i] == which).SelectMany(i => Row(i).ToArray())];

    public ReadOnlySpan<double> Row(int i) => Features.AsSpan(i * Dimension, Dimension);

    /// <summary>The root mean square error over all rows, estimates floored at ln 1e−6 as the peers' are, or not.</summary>
    public double Error(ProbML.DensityRatios.IDensityRatio ratio, bool isFloored = false)
    {
        double sum = 0;
        for (int i = 0; i < LogRatio.Length; i++)
        {
            double log = ratio.LogRatio(Row(i));
            double error = (isFloored ? Math.Max(log, Math.Log(1e-6)) : log) - LogRatio[i];
            sum += error * error;
        }
        return Math.Sqrt(sum / LogRatio.Length);
    }

    public static KnownRatio Train(string name) => Read(name + ".train.csv.gz");

    public static KnownRatio Test(string name) => Read(name + ".test.csv.gz");

    private static KnownRatio Read(string file)
    {
        using var stream = new GZipStream(File.OpenRead(SharedFolder.Require("data", "ratio", file)), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        List<double> features = [], numerator = [], truth = [];
        while (reader.ReadLine() is { } line)
        {
            double[] fields = [.. line.Split(',').Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
            features.AddRange(fields[..Dimension]);
            numerator.Add(fields[Dimension]);
            if (fields.Length > Dimension + 1)
                truth.Add(fields[Dimension + 1]);
        }
        return new([.. features], [.. numerator], [.. truth]);
    }
}
