namespace ProbML.Vae;

public sealed partial class VaeModel
{
    private bool NeedsDraws(in OutputBlock outputs)
    {
        for (int k = 1; k < Outputs.Count; k++)
        {
            if (Outputs[k].Size == 0 && outputs.Wants(k))
                return true;
        }
        return false;
    }

    private void ScoreChunk(in RowBlock rows, int start, int count, in OutputBlock outputs)
    {
        var features = rows.Features.Slice(start * FeatureCount, count * FeatureCount);
        float[] numbers = Encode(features, count);
        WriteLatent(numbers, start, count, outputs);
        if (NeedsDraws(outputs))
            WriteDensities(features, numbers, start, count, outputs);
        for (int i = 0; i < count; i++)
        {
            foreach (double value in features.Slice(i * FeatureCount, FeatureCount))
            {
                if (!double.IsInfinity(value))
                    continue;
                outputs.Row(start + i).Fill(float.NaN);
                break;
            }
        }
    }

    private void WriteLatent(float[] numbers, int start, int count, in OutputBlock outputs)
    {
        bool deviates = parts.Columns.HasFlag(VaeColumns.LatentStandardDeviation) && outputs.Wants(1);
        if (!outputs.Wants(0) && !deviates)
            return;
        int offset = 0;
        for (int l = 1; l <= posteriors.Length; l++)
        {
            int k = posteriors[l - 1].Dimension;
            float[] means = new float[count * k], deviations = new float[deviates ? count * k : 0];
            Moments(l, numbers, count, means, deviations);
            for (int i = 0; i < count; i++)
            {
                means.AsSpan(i * k, k).CopyTo(outputs.Row(start + i)[offset..]);
                if (deviates)
                    deviations.AsSpan(i * k, k).CopyTo(outputs.Row(start + i)[(latentWidth + offset)..]);
            }
            offset += k;
            if (l < posteriors.Length)
                numbers = graphs.Encode(l + 1, means, count);
        }
    }

    /// <summary>E z_l, and where they are wanted the standard deviations, for the encoder's numbers: [n, k] each.</summary>
    internal void Moments(int layer, float[] numbers, int rows, float[] means, float[] deviations)
    {
        var family = posteriors[layer - 1];
        int k = family.Dimension;
        if (graphs.Flows.Count > 0)
        {
            graphs.Flows[layer - 1].Moments(numbers, rows, means, deviations.Length > 0 ? deviations : new float[means.Length]);
            return;
        }
        for (int i = 0; i < rows; i++)
        {
            var row = numbers.AsSpan(i * family.Width, family.Width);
            row[..k].CopyTo(means.AsSpan(i * k));
            if (deviations.Length > 0)
                family.StandardDeviation(row, deviations.AsSpan(i * k, k));
        }
    }

    private void WriteDensities(
        ReadOnlySpan<double> features, float[] numbers, int start, int count, in OutputBlock outputs)
    {
        int width = posteriors[0].Width, place = Outputs.TakeWhile(column => column.Size > 0).Sum(column => column.Width);
        var draws = Inference.Draw(features, numbers, count);
        for (int i = 0; i < count; i++)
        {
            bool possible = Layout.FindUnsupported(features.Slice(i * FeatureCount, FeatureCount)) < 0;
            double reconstruction = possible ? draws.MeanReconstruction(i) : double.NegativeInfinity;
            var row = outputs.Row(start + i)[place..];
            int next = 0;
            if (parts.Columns.HasFlag(VaeColumns.Elbo))
                row[next++] = (float)(reconstruction - draws.Divergence(i, numbers.AsSpan(i * width, width)));
            if (parts.Columns.HasFlag(VaeColumns.ReconstructionError))
                row[next++] = (float)-reconstruction;
            if (parts.Columns.HasFlag(VaeColumns.LogLikelihood))
                row[next] = possible ? (float)draws.LogLikelihood(i) : float.NegativeInfinity;
        }
    }
}
