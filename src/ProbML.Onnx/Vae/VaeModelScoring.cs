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
            var family = posteriors[l - 1];
            var means = new float[count * family.Dimension];
            for (int i = 0; i < count; i++)
            {
                var row = numbers.AsSpan(i * family.Width, family.Width);
                row[..family.Dimension].CopyTo(means.AsSpan(i * family.Dimension));
                row[..family.Dimension].CopyTo(outputs.Row(start + i)[offset..]);
                if (deviates)
                    family.StandardDeviation(row, outputs.Row(start + i).Slice(latentWidth + offset, family.Dimension));
            }
            offset += family.Dimension;
            if (l < posteriors.Length)
                numbers = graphs.Encode(l + 1, means, count);
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
