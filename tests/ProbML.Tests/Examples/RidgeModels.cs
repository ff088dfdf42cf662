namespace ProbML.Examples;

/// <summary>Scores row by row, and knows its features' names.</summary>
[ModelKey("ExampleRidge")]
internal sealed record RidgeModel(LinearGaussian Gaussian, IReadOnlyList<string> FeatureNames) : IScoringModel<RidgeModel>
{
    public int FeatureCount => Gaussian.FeatureCount;

    public IReadOnlyList<OutputColumn> Outputs => LinearGaussian.Outputs;

    public void Score(in RowBlock rows, in OutputBlock outputs) => Gaussian.Score(rows, outputs);

    public void Write(BinaryWriter writer)
    {
        Gaussian.Write(writer);
        foreach (string name in FeatureNames)
            writer.Write(name);
    }

    public static RidgeModel Read(BinaryReader reader)
    {
        var gaussian = LinearGaussian.Read(reader);
        var names = new string[gaussian.FeatureCount];
        for (int j = 0; j < names.Length; j++)
            names[j] = reader.ReadString();
        return new(gaussian, names);
    }
}

/// <summary>Asks for 100 rows at once, and counts what it gets.</summary>
[ModelKey("ExampleBlockRidge")]
internal sealed class BlockRidgeModel(LinearGaussian gaussian) : IScoringModel<BlockRidgeModel>, IDisposable
{
    private int largestBlock;

    public int FeatureCount => gaussian.FeatureCount;

    public int BlockSize => 100;

    public IReadOnlyList<OutputColumn> Outputs => LinearGaussian.Outputs;

    public int LargestBlock => largestBlock;

    public bool IsDisposed { get; private set; }

    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        largestBlock = Math.Max(largestBlock, rows.Count);
        gaussian.Score(rows, outputs);
    }

    public void Write(BinaryWriter writer) => gaussian.Write(writer);

    public static BlockRidgeModel Read(BinaryReader reader) => new(LinearGaussian.Read(reader));

    public void Dispose() => IsDisposed = true;
}

/// <summary>Linear regression on the classes 0 and 1: η = 4 (mean − ½), P = 1 / (1 + e^−η).</summary>
[ModelKey("ExampleClassifier")]
internal sealed record ClassifierModel(LinearGaussian Gaussian) : IScoringModel<ClassifierModel>
{
    public static IReadOnlyList<OutputColumn> Columns { get; } =
    [
        new(ColumnNames.Score),
        new(ColumnNames.Probability, IsNormalized: true),
        new(ColumnNames.LogDensity),
    ];

    public int FeatureCount => Gaussian.FeatureCount;

    public IReadOnlyList<OutputColumn> Outputs => Columns;

    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            double eta = 4 * (Gaussian.Mean(rows.Row(i)) - 0.5) + rows.Offset(i), probability = 1 / (1 + Math.Exp(-eta));
            double y = rows.ResponseOrNaN(i);
            var row = outputs.Row(i);
            row[0] = (float)eta;
            row[1] = (float)probability;
            row[2] = (float)(y == 1 ? Math.Log(probability) : y == 0 ? Math.Log(1 - probability) : double.NaN);
        }
    }

    public void Write(BinaryWriter writer) => Gaussian.Write(writer);

    public static ClassifierModel Read(BinaryReader reader) => new(LinearGaussian.Read(reader));
}
