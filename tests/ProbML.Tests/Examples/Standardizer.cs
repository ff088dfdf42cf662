namespace ProbML.Examples;

/// <summary>An encoder of two numbers a row: the mean of the observed features in deviations, and how many there are.</summary>
[ModelKey("ExampleStandardizer")]
internal sealed record Standardizer(string Output, double[] Means, double[] Deviations) : IScoringModel<Standardizer>
{
    public int FeatureCount => Means.Length;

    public IReadOnlyList<OutputColumn> Outputs => Columns(Output);

    public static IReadOnlyList<OutputColumn> Columns(string output) => [new(output, Size: 2)];

    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            var x = rows.Row(i);
            double sum = 0;
            int observed = 0;
            for (int j = 0; j < x.Length; j++)
            {
                if (double.IsNaN(x[j]))
                    continue;
                sum += (x[j] - Means[j]) / Deviations[j];
                observed++;
            }
            (outputs.Row(i)[0], outputs.Row(i)[1]) = ((float)(sum / Math.Max(observed, 1)), observed);
        }
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Output);
        writer.Write(Means.Length);
        foreach (double value in Means.Concat(Deviations))
            writer.Write(value);
    }

    public static Standardizer Read(BinaryReader reader)
    {
        string output = reader.ReadString();
        var values = new double[2 * reader.ReadInt32()];
        for (int j = 0; j < values.Length; j++)
            values[j] = reader.ReadDouble();
        return new(output, values[..(values.Length / 2)], values[(values.Length / 2)..]);
    }
}

/// <summary>Fits it in one pass; features may be missing.</summary>
internal sealed record StandardizerFitter(string Output, int? Threads = null) : IFitter<Standardizer>
{
    public IReadOnlyList<OutputColumn> Outputs => Standardizer.Columns(Output);

    public bool TakesMissingValues => true;

    public Standardizer Fit(Design design, TrainingMonitor monitor)
    {
        var moments = design.Sum(() => new FeatureMoments(design.FeatureCount), monitor, Threads);
        monitor.Report(new("Moments", 1, 0, 0, TimeSpan.Zero));
        return new(Output, moments.Means, moments.Deviations);
    }
}
