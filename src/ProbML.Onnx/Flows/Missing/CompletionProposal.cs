namespace ProbML.Flows;

/// <summary>A density q that is drawn from, of what is not known of a row.</summary>
internal abstract class CompletionProposal
{
    /// <summary>Fills n rows, [n, d], of preprocessed values.</summary>
    public abstract void Draw(float[] rows, int count, Random random);

    /// <summary>ln q of a row.</summary>
    /// <param name="row">[d].</param>
    /// <param name="terms">What ln p of the row is the sum of, by columns or one number.</param>
    public abstract double LogDensity(ReadOnlySpan<float> row, ReadOnlySpan<float> terms);
}

/// <summary>q = Π p(x_j | x_1, …, x_{j−1}) over the missing columns: the flow's own conditionals, for those that have them.</summary>
/// <remarks>
/// Weights p / q are then Π p(x_j | x_1, …, x_{j−1}) over the known ones, alike for all draws if those come first. Fung &amp;
/// Chang (1990), likelihood weighting.
/// </remarks>
internal sealed class SequentialProposal(PartialRow partial, FlowGraphs graphs, NoiseDistribution noise) : CompletionProposal
{
    public override void Draw(float[] rows, int count, Random random)
    {
        int d = partial.Values.Length;
        for (int i = 0; i < count; i++)
            partial.Fill(rows.AsSpan(i * d, d), random);
        float[] u = FlowDraws.Noise(noise, count, random), known = new float[u.Length], drawn = new float[u.Length];
        var terms = new float[u.Length];
        for (int start = 0; start < d; start++)
        {
            if (!partial.IsMissing(start))
                continue;
            int end = start;
            while (end < d && partial.IsMissing(end))
                end++;
            if (start > 0)
            {
                graphs.Evaluate(count, rows, known, terms);
                for (int i = 0; i < count; i++)
                    known.AsSpan(i * d, start).CopyTo(u.AsSpan(i * d));
            }
            graphs.Sample(count, u, drawn);
            for (int i = 0; i < count; i++)
                drawn.AsSpan(i * d + start, end - start).CopyTo(rows.AsSpan(i * d + start));
            start = end;
        }
    }

    public override double LogDensity(ReadOnlySpan<float> row, ReadOnlySpan<float> terms)
    {
        double sum = partial.LogCells();
        for (int j = 0; j < terms.Length; j++)
            sum += partial.IsMissing(j) ? terms[j] : 0;
        return sum;
    }
}
