namespace ProbML.GaussianProcesses;

/// <summary>Batches of rows in random order, without end: a stream of rows, shuffled within a buffer, pass after pass.</summary>
/// <remarks>Where the buffer holds all rows, every pass is a permutation of them. Rows of weight zero are left out.</remarks>
internal sealed class ShuffledRows : IDisposable
{
    private readonly Design design;
    private readonly Random random;
    private readonly int d;
    private readonly double[] features, responses, weights, offsets;
    private readonly RowBuffer block;
    private IDesignReader reader;
    private int held, next;
    private bool ended;

    /// <summary>Starts the first pass.</summary>
    /// <param name="design">The rows.</param>
    /// <param name="capacity">Rows in the buffer.</param>
    /// <param name="random">Draws.</param>
    public ShuffledRows(Design design, int capacity, Random random)
    {
        (this.design, this.random, d) = (design, random, design.FeatureCount);
        (features, responses) = (new double[capacity * d], new double[capacity]);
        (weights, offsets) = (new double[capacity], new double[capacity]);
        block = design.RentBuffer();
        block.Count = 0;
        reader = design.OpenReader();
    }

    /// <summary>Passes begun.</summary>
    public int Epoch { get; private set; } = 1;

    /// <summary>The next rows, always as many as there is room for: at the end of a pass the next one begins.</summary>
    /// <param name="x">[b, d], row-major.</param>
    /// <param name="y">[b].</param>
    /// <param name="w">[b].</param>
    /// <param name="o">[b], the offsets; empty: not wanted.</param>
    /// <exception cref="InvalidOperationException">A pass had no rows.</exception>
    public void Next(Span<double> x, Span<double> y, Span<double> w, Span<double> o = default)
    {
        for (int i = 0; i < y.Length; i++)
        {
            Fill();
            if (held == 0)
            {
                Restart();
                Fill();
                if (held == 0)
                    throw new InvalidOperationException("There are no rows of positive weight.");
            }
            int drawn = random.Next(held), last = --held;
            features.AsSpan(drawn * d, d).CopyTo(x.Slice(i * d, d));
            (y[i], w[i]) = (responses[drawn], weights[drawn]);
            if (!o.IsEmpty)
                o[i] = offsets[drawn];
            features.AsSpan(last * d, d).CopyTo(features.AsSpan(drawn * d, d));
            (responses[drawn], weights[drawn], offsets[drawn]) = (responses[last], weights[last], offsets[last]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        reader.Dispose();
        design.ReturnBuffer(block);
    }

    private void Restart()
    {
        reader.Dispose();
        reader = design.OpenReader();
        (next, block.Count, ended) = (0, 0, false);
        Epoch++;
    }

    private void Fill()
    {
        while (held < responses.Length && !ended)
        {
            if (next == block.Count)
            {
                next = 0;
                ended = !reader.Read(block);
                if (ended)
                    block.Count = 0;
                continue;
            }
            if (block.Weights[next] > 0)
            {
                block.Features.AsSpan(next * d, d).CopyTo(features.AsSpan(held * d));
                (responses[held], weights[held], offsets[held]) = (block.Response[next], block.Weights[next], block.Offsets[next]);
                held++;
            }
            next++;
        }
    }
}
