namespace ProbML.GaussianProcesses;

/// <summary>Acquisitions that a fitted process fills columns with, and the best value that they improve on.</summary>
/// <param name="All">What is computed.</param>
/// <param name="Maximise">Whether large responses are looked for.</param>
/// <param name="Best">The best value so far, in the response's unit.</param>
internal sealed record FittedAcquisition(IReadOnlyList<Acquisition> All, bool Maximise, double Best)
{
    /// <summary>The columns.</summary>
    public IEnumerable<OutputColumn> Outputs =>
        All.Select(one => new OutputColumn(one.ColumnName, IsNormalized: one is ImprovementProbabilityAcquisition));

    private double Sign => Maximise ? -1 : 1;

    /// <summary>Fills a row's columns.</summary>
    /// <param name="mean">μ of f, in the response's unit.</param>
    /// <param name="deviation">s of f.</param>
    /// <param name="columns">As many as there are acquisitions.</param>
    public void Fill(double mean, double deviation, Span<float> columns)
    {
        for (int k = 0; k < All.Count; k++)
            columns[k] = (float)All[k].Value(Sign * mean, deviation, Sign * Best);
    }

    /// <summary>The same as ONNX operators; null where a column is not wanted.</summary>
    public IEnumerable<OnnxReal?> Emit(OnnxReal mean, OnnxReal? deviation, bool[] wanted)
    {
        for (int k = 0; k < All.Count; k++)
            yield return wanted[k] && deviation is { } known ? All[k].Emit(Sign * mean, known, Sign * Best) : null;
    }

    /// <summary>The best posterior mean at a row of the design: Σ over blocks.</summary>
    public static double Incumbent(GaussianProcessModel model, Design design, bool maximise, TrainingMonitor monitor) =>
        design.Sum(() => new IncumbentSum(model, maximise ? -1 : 1), monitor, threads: 1).Best * (maximise ? -1 : 1);

    public void Write(BinaryWriter writer)
    {
        writer.WriteArray([.. All.Select(one => one.ToString()!)]);
        writer.Write(Maximise);
        writer.Write(Best);
    }

    public static FittedAcquisition Read(BinaryReader reader) => new(
        [.. reader.ReadStringArray("acquisitions").Select(Acquisition.Parse)], reader.ReadBoolean(), reader.ReadDouble());

    /// <summary>The least of sign · (m + f(x) + offset) over rows.</summary>
    private sealed class IncumbentSum(GaussianProcessModel model, double sign) : IBlockSum<IncumbentSum>
    {
        public double Best { get; private set; } = double.PositiveInfinity;

        public void Clear() => Best = double.PositiveInfinity;

        public void Add(in RowBlock rows)
        {
            var means = new double[rows.Count];
            model.PredictLatent(rows.Features, means, default);
            for (int i = 0; i < rows.Count; i++)
            {
                if (rows.Weight(i) > 0)
                    Best = Math.Min(Best, sign * (means[i] + rows.Offset(i)));
            }
        }

        public void Merge(IncumbentSum other) => Best = Math.Min(Best, other.Best);
    }
}
