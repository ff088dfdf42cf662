namespace ProbML.Examples;

/// <summary>Independent normal features: Score is −ln p(x), and an anomaly one more than so many deviations off.</summary>
[ModelKey("ExampleGaussianDensity")]
internal sealed record GaussianDensity(double[] Means, double[] Deviations)
    : IScoringModel<GaussianDensity>, IAnomalyModel
{
    public static IReadOnlyList<OutputColumn> Columns { get; } = [new(ColumnNames.Score), new(ColumnNames.LogDensity)];

    public int FeatureCount => Means.Length;

    public int BlockSize => 64;

    public IReadOnlyList<OutputColumn> Outputs => Columns;

    /// <summary>Where all features are 1.7 deviations off.</summary>
    public double Threshold => -LogDensity([.. Means.Zip(Deviations, (mean, deviation) => mean + 1.7 * deviation)]);

    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            double density = LogDensity(rows.Row(i));
            (outputs.Row(i)[0], outputs.Row(i)[1]) = ((float)-density, (float)density);
        }
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Means.Length);
        foreach (double value in Means.Concat(Deviations))
            writer.Write(value);
    }

    public static GaussianDensity Read(BinaryReader reader)
    {
        var values = new double[2 * reader.ReadInt32()];
        for (int j = 0; j < values.Length; j++)
            values[j] = reader.ReadDouble();
        return new(values[..(values.Length / 2)], values[(values.Length / 2)..]);
    }

    private double LogDensity(ReadOnlySpan<double> x)
    {
        double sum = 0;
        for (int j = 0; j < x.Length; j++)
        {
            double z = (x[j] - Means[j]) / Deviations[j];
            sum -= 0.5 * (z * z + Math.Log(2 * Math.PI)) + Math.Log(Deviations[j]);
        }
        return sum;
    }
}

/// <summary>Fits it in one pass.</summary>
internal sealed record GaussianDensityFitter(int? Threads = null) : IFitter<GaussianDensity>
{
    public IReadOnlyList<OutputColumn> Outputs => GaussianDensity.Columns;

    public GaussianDensity Fit(Design design, TrainingMonitor monitor)
    {
        var moments = design.Sum(() => new FeatureMoments(design.FeatureCount), monitor, Threads);
        monitor.Report(new("Moments", 1, 0, 0, TimeSpan.Zero));
        return new(moments.Means, moments.Deviations);
    }
}
