namespace ProbML.Fitting;

/// <summary>Q of the penalty ½ b'Qb, [P, P], in the coordinates of z.</summary>
internal static class VectorPenalty
{
    /// <summary>For blocks of coefficients, one a predictor, and constants that are free.</summary>
    /// <param name="options">The penalty, of each predictor's coefficients alike.</param>
    /// <param name="transform">The coordinates z.</param>
    /// <param name="first">The first of z's columns that has a coefficient.</param>
    /// <param name="blocks">Predictors.</param>
    /// <param name="constants">Constants.</param>
    public static double[] Of(GlmOptions options, RowTransform transform, int first, int blocks, int constants)
    {
        double[] one = new Penalty(options, transform).L2;
        int width = transform.Width - first, n = blocks * width + constants;
        var q = new double[n * n];
        for (int j = 0; j < blocks * width; j++)
            q[j * n + j] = one[first + j % width];
        return q;
    }

    /// <summary>Of a multinomial model.</summary>
    public static double[] Multinomial(MultinomialOptions options, RowTransform transform, int blocks)
    {
        double[] penalty = Of(options.Common, transform, 0, blocks, 0);
        if (options is { Coding: MultinomialCoding.Symmetric, L2: > 0, Intercept: true, PenaliseIntercept: false })
            PinIntercepts(transform, blocks, penalty);
        return penalty;
    }

    /// <summary>Q b.</summary>
    public static double[] Times(double[] penalty, double[] b)
    {
        var product = new double[b.Length];
        for (int i = 0; i < b.Length; i++)
            product[i] = System.Numerics.Tensors.TensorPrimitives.Dot<double>(penalty.AsSpan(i * b.Length, b.Length), b);
        return product;
    }

    /// <summary>
    /// A common constant added to free intercepts changes nothing: ½ (Σₖ β₀ₖ)², zero at the optimum, makes them add up
    /// to zero.
    /// </summary>
    private static void PinIntercepts(RowTransform transform, int blocks, double[] penalty)
    {
        double[] t = transform.ToOriginal(out _);
        int q = transform.Width, n = blocks * q;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                penalty[i * n + j] += t[i % q] * t[j % q];              // T's first row gives β₀
        }
    }
}
