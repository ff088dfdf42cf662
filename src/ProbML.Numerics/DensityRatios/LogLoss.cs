namespace ProbML.DensityRatios;

/// <summary>The log loss of a classifier.</summary>
internal static class LogLoss
{
    /// <summary>−ln P(y) for log odds η, y 0 or 1.</summary>
    public static double Of(double odds, double y) => Elementary.Softplus(y > 0 ? -odds : odds);
}

/// <summary>The log loss of a function over the rows of one fold.</summary>
internal sealed class LogLossSum(RatioFunction function, RowDealer dealer, int fold) : IBlockSum<LogLossSum>
{
    public double Loss { get; private set; }

    public double Weight { get; private set; }

    public void Clear() => (Loss, Weight) = (0, 0);

    public void Add(in RowBlock rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            double w = rows.Weight(i);
            if (w <= 0 || dealer.Fold(dealer.Hash(rows.Row(i))) != fold)
                continue;
            Loss += w * LogLoss.Of(function.LogOdds(rows.Row(i)), rows.Response[i]);
            Weight += w;
        }
    }

    public void Merge(LogLossSum other) => (Loss, Weight) = (Loss + other.Loss, Weight + other.Weight);
}
