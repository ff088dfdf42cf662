namespace ProbML.DensityRatios;

/// <summary>The rows of a design as a classifier sees them: the terms φ(z) for features, and no weight in one fold.</summary>
internal sealed class TermDesign(
    Design rows, FeatureRanges ranges, RatioTerms terms, RowDealer dealer, int leftOut = -1)
    : Design(terms.Names(rows.FeatureNames), rows.ResponseName)
{
    public override bool HasWeights => true;

    /// <summary>The rows that the terms are made of.</summary>
    public Design Rows => rows;

    public override IDesignReader OpenReader() => new Reader(rows, ranges, terms, dealer, leftOut);

    public override string? DescribeResponse(double response) => rows.DescribeResponse(response);

    private sealed class Reader(Design rows, FeatureRanges ranges, RatioTerms terms, RowDealer dealer, int leftOut)
        : IDesignReader
    {
        private readonly IDesignReader source = rows.OpenReader();
        private RowBuffer? buffer;

        public bool Read(RowBuffer target)
        {
            if (buffer?.Capacity != target.Capacity)
                buffer = new(target.Capacity, rows.FeatureCount);
            target.Count = 0;
            if (!source.Read(buffer))
                return false;
            int n = target.Count = buffer.Count, width = terms.Count, d = rows.FeatureCount;
            buffer.Response.AsSpan(0, n).CopyTo(target.Response);
            buffer.Weights.AsSpan(0, n).CopyTo(target.Weights);
            buffer.RowNumbers.AsSpan(0, n).CopyTo(target.RowNumbers);
            target.Offsets.AsSpan(0, n).Clear();
            for (int i = 0; i < n; i++)
            {
                var x = buffer.Block.Row(i);
                var phi = target.Features.AsSpan(i * width, width);
                if (leftOut >= 0 && dealer.Fold(dealer.Hash(x)) == leftOut)
                    target.Weights[i] = 0;
                ranges.Standardise(x, phi[..d]);
                terms.Fill(phi[..d], phi);
            }
            return true;
        }

        public void Dispose() => source.Dispose();
    }
}
