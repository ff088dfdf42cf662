namespace ProbML;

/// <summary>Scores of rows that did not train, from which a detector's threshold follows.</summary>
internal static class HeldOutScores
{
    /// <summary>The first column of a model for the rows held out, rising; for all rows where none are.</summary>
    public static double[] Of<TModel>(
        TModel model, Design design, TrainingReceipt receipt, TrainingOptions training, TrainingMonitor monitor)
        where TModel : class, IScoringModel<TModel>
    {
        var split = training.ValidationFraction > 0
            ? new RowSplit(receipt.Rows + receipt.ValidationRows, training.ValidationFraction, training.SeedOf(monitor))
            : null;
        int width = model.Outputs.Sum(column => column.Width), d = design.FeatureCount;
        var scores = new List<double>();
        using var reader = design.OpenReader();
        var buffer = new RowBuffer(design.BlockRows, d);
        var outputs = new float[buffer.Capacity * width];
        var features = new double[buffer.Capacity * d];
        while (reader.Read(buffer))
        {
            monitor.ThrowIfCancelled();
            int kept = 0;
            for (int i = 0; i < buffer.Count; i++)
            {
                if (split?.Next() ?? true)
                    buffer.Block.Row(i).CopyTo(features.AsSpan(kept++ * d));
            }
            model.Score(new(kept, d, features.AsSpan(0, kept * d)), new(outputs.AsSpan(0, kept * width), width));
            for (int i = 0; i < kept; i++)
                scores.Add(outputs[i * width]);
            if (buffer.Count < buffer.Capacity)
                break;
        }
        scores.Sort();
        return [.. scores];
    }

    /// <summary>The ⌈(1 − α)(m + 1)⌉-th smallest of m scores, or the largest: a split-conformal bound on false alarms.</summary>
    public static double Threshold(double[] rising, double falseAlarmRate)
    {
        int place = (int)Math.Ceiling((1 - falseAlarmRate) * (rising.Length + 1));
        return rising[Math.Clamp(place, 1, rising.Length) - 1];
    }
}
