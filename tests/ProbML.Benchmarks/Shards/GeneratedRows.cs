namespace ProbML.Benchmarks;

/// <summary>Rows made as they are read: of a logistic regression whose coefficients are −1, 0, 1, −1, ..., as many as wanted.</summary>
/// <remarks>A row depends on its number alone, so every pass and every process sees the same ones.</remarks>
internal sealed class GeneratedRows(long from, long to, int features)
    : Design([.. Enumerable.Range(1, features).Select(j => $"x{j}")], "y")
{
    public override IDesignReader OpenReader() => new Reader(from, to, features);

    private const double Unit = 1.0 / (1L << 53);

    private sealed class Reader(long from, long to, int features) : IDesignReader
    {
        private readonly long first = from;
        private long next = from;

        public bool Read(RowBuffer buffer)
        {
            int count = (int)Math.Min(buffer.Capacity, to - next);
            buffer.Count = count;
            for (int i = 0; i < count; i++)
            {
                long row = next + i;
                var x = buffer.Features.AsSpan(i * features, features);
                ulong state = Mix((ulong)row + 0x9E3779B97F4A7C15);
                double eta = -0.5;
                for (int j = 0; j < features; j++)
                {
                    state = unchecked(state * 6364136223846793005 + 1442695040888963407);
                    x[j] = 2 * (state >> 11) * Unit - 1;
                    eta += (j % 3 - 1) * x[j];
                }
                buffer.Response[i] = (Mix(state) >> 11) * Unit < 1 / (1 + Math.Exp(-eta)) ? 1 : 0;
                buffer.RowNumbers[i] = row - first + 1;
            }
            buffer.Weights.AsSpan(0, count).Fill(1);
            buffer.Offsets.AsSpan(0, count).Clear();
            next += count;
            return count > 0;
        }

        public void Dispose() => next = to;

        private static ulong Mix(ulong hash)
        {
            hash = unchecked((hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9);
            hash = unchecked((hash ^ (hash >> 27)) * 0x94D049BB133111EB);
            return hash ^ (hash >> 31);
        }
    }
}
