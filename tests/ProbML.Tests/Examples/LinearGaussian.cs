namespace ProbML.Examples;

/// <summary>p(y | x) = N(y; xᵀβ + b + offset, σ²): the mathematics that the example models share.</summary>
internal sealed record LinearGaussian(double[] Coefficients, double Variance)
{
    public static IReadOnlyList<OutputColumn> Outputs { get; } =
    [
        new(ColumnNames.Score),
        new(ColumnNames.ScoreStandardDeviation),
        new(ColumnNames.LogDensity),
        new("Interval", Size: 2),
    ];

    public int FeatureCount => Coefficients.Length - 1;

    public double Mean(ReadOnlySpan<double> x)
    {
        double mean = Coefficients[^1];
        for (int j = 0; j < x.Length; j++)
            mean += Coefficients[j] * x[j];
        return mean;
    }

    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        double deviation = Math.Sqrt(Variance);
        for (int i = 0; i < rows.Count; i++)
        {
            double mean = Mean(rows.Row(i)) + rows.Offset(i), z = (rows.ResponseOrNaN(i) - mean) / deviation;
            var row = outputs.Row(i);
            row[0] = (float)mean;
            row[1] = (float)(double.IsNaN(mean) ? mean : deviation);
            if (outputs.Wants(2))
                row[2] = (float)(-0.5 * (z * z + Math.Log(2 * Math.PI * Variance)));
            row[3] = (float)(mean - 1.96 * deviation);
            row[4] = (float)(mean + 1.96 * deviation);
        }
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(1);
        writer.Write(Coefficients.Length);
        foreach (double coefficient in Coefficients)
            writer.Write(coefficient);
        writer.Write(Variance);
    }

    public static LinearGaussian Read(BinaryReader reader)
    {
        if (reader.ReadInt32() is not 1 and var version)
            throw new FormatException($"Version {version} of the linear Gaussian model is not known here.");
        int count = reader.ReadInt32();
        if (count < 1 || count > reader.BaseStream.Length / sizeof(double))
            throw new FormatException($"{count} coefficients cannot be in so few bytes.");
        var coefficients = new double[count];
        for (int j = 0; j < count; j++)
            coefficients[j] = reader.ReadDouble();
        return new(coefficients, reader.ReadDouble());
    }
}
