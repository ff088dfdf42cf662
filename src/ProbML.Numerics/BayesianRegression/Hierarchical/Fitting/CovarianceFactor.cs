namespace ProbML.Fitting;

/// <summary>θ and the relative covariance factors L, Σ = φ LLᵀ: columns of the lower triangle, or a diagonal, factor by factor.</summary>
/// <remarks>Bates et al. (2015), J. Stat. Softw. 67, §2. θ is free: the sign of a column of L means nothing.</remarks>
internal static class CovarianceFactor
{
    /// <summary>The parameters of a factor.</summary>
    public static int Count(MixedFactor factor) =>
        factor.Effect.Correlated ? factor.Width * (factor.Width + 1) / 2 : factor.Width;

    /// <summary>L of each factor, [q, q] by rows.</summary>
    public static double[][] Of(MixedLayout layout, ReadOnlySpan<double> theta)
    {
        var factors = new double[layout.Factors.Length][];
        int at = 0;
        for (int k = 0; k < factors.Length; k++)
        {
            int q = layout.Factors[k].Width;
            factors[k] = new double[q * q];
            foreach (var (row, column) in Entries(layout.Factors[k]))
                factors[k][row * q + column] = theta[at++];
        }
        return factors;
    }

    /// <summary>θ of L, columns turned so that the diagonal is not negative.</summary>
    public static void Normalise(MixedLayout layout, Span<double> theta)
    {
        int at = 0;
        foreach (var factor in layout.Factors)
        {
            var entries = Entries(factor).ToList();
            bool turn = false;
            foreach (var (row, column) in entries)
            {
                turn = row == column ? theta[at] < 0 : turn;
                theta[at] = turn ? -theta[at] : theta[at];
                at++;
            }
        }
    }

    /// <summary>Where to start: the identity.</summary>
    public static double[] Identity(MixedLayout layout) =>
        [.. layout.Factors.SelectMany(factor => Entries(factor).Select(entry => entry.Row == entry.Column ? 1.0 : 0))];

    /// <summary>The entries of L that are free, in the order of θ.</summary>
    public static IEnumerable<(int Row, int Column)> Entries(MixedFactor factor)
    {
        for (int column = 0; column < factor.Width; column++)
        {
            for (int row = column; row < (factor.Effect.Correlated ? factor.Width : column + 1); row++)
                yield return (row, column);
        }
    }

    /// <summary>The gradient with respect to θ of a function whose gradient with respect to each L is given, [q, q] by rows.</summary>
    public static double[] Gradient(MixedLayout layout, double[][] byFactor)
    {
        var gradient = new double[layout.ThetaCount];
        int at = 0;
        for (int k = 0; k < byFactor.Length; k++)
        {
            foreach (var (row, column) in Entries(layout.Factors[k]))
                gradient[at++] = byFactor[k][row * layout.Factors[k].Width + column];
        }
        return gradient;
    }
}
