namespace ProbML.Flows;

/// <summary>Mean and standard deviation of the response.</summary>
internal sealed class LabelScan : IBlockSum<LabelScan>
{
    private double squares;

    public long Rows { get; private set; }

    public double Mean { get; private set; }

    public double StandardDeviation => Rows == 0 ? 0 : Math.Sqrt(squares / Rows);

    public void Clear() => (Rows, Mean, squares) = (0, 0, 0);

    public void Add(in RowBlock block)
    {
        foreach (double y in block.Response)
        {
            double delta = y - Mean;
            Mean += delta / ++Rows;
            squares += delta * (y - Mean);
        }
    }

    public void Merge(LabelScan other)
    {
        if (other.Rows == 0)
            return;
        double delta = other.Mean - Mean, share = (double)other.Rows / (Rows + other.Rows);
        squares += other.squares + delta * delta * Rows * share;
        Mean += delta * share;
        Rows += other.Rows;
    }
}
