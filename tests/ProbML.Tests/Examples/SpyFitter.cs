namespace ProbML.Examples;

/// <summary>Lets a test look at the design and the monitor that a fitter is given; then fits a constant.</summary>
internal sealed class SpyFitter(Action<Design, TrainingMonitor> look) : IFitter<RidgeModel>
{
    public IReadOnlyList<OutputColumn> Outputs => LinearGaussian.Outputs;

    public RidgeModel Fit(Design design, TrainingMonitor monitor)
    {
        look(design, monitor);
        return new(new LinearGaussian(new double[design.FeatureCount + 1], 1), design.FeatureNames);
    }

    /// <summary>All rows of a pass, copied.</summary>
    public static List<(double[] X, double Y, double Weight, double Offset, long Number)> Rows(Design design, int capacity = 3)
    {
        var rows = new List<(double[], double, double, double, long)>();
        var buffer = new RowBuffer(capacity, design.FeatureCount);
        using var reader = design.OpenReader();
        while (reader.Read(buffer))
        {
            var block = buffer.Block;
            for (int i = 0; i < block.Count; i++)
                rows.Add((block.Row(i).ToArray(), block.Response[i], block.Weight(i), block.Offset(i), block.RowNumber(i)));
        }
        return rows;
    }
}
