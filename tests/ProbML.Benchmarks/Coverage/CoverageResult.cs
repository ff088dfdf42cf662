namespace ProbML.Benchmarks;

/// <summary>How often intervals of a nominal level hold what they are of, as probabilities under the truth.</summary>
/// <param name="Attained">
/// That a new observation lies in the interval, or in the smallest set of classes that reaches the level; not sampled, but
/// computed from the true distribution.
/// </param>
/// <param name="Randomised">
/// The same where values of positive probability at the ends (counts, limits, the last class of a set) count with the share
/// that makes the predictive probability the level exactly.
/// </param>
/// <param name="Probability">That the interval of a class's probability holds it; NaN where there are no classes.</param>
internal readonly record struct CoverageResult(double Attained, double Randomised, double Probability)
{
    public static CoverageResult Mean(IReadOnlyCollection<CoverageResult> results) => new(
        results.Average(r => r.Attained), results.Average(r => r.Randomised), results.Average(r => r.Probability));
}

/// <summary>A model whose truth is known, so that coverage can be computed.</summary>
/// <param name="Name">Family and link.</param>
/// <param name="Replicate">Draws rows and fits; coverage at new rows.</param>
internal sealed record CoverageCase(string Name, Func<Random, CoverageResult> Replicate)
{
    /// <summary>The rows of a fit.</summary>
    public const int Rows = 500;

    /// <summary>The nominal level.</summary>
    public const double Level = 0.9;

    /// <summary>New rows a fit.</summary>
    public const int NewRows = 20;

    /// <summary>The mean over fits; the same seeds give the same numbers.</summary>
    public CoverageResult Run(int replicates)
    {
        var results = new CoverageResult[replicates];
        Parallel.For(0, replicates, seed => results[seed] = Replicate(new Random(1_000 + seed)));
        return CoverageResult.Mean(results);
    }

    /// <summary>Two features between −1 and 1 for each of n rows.</summary>
    public static double[] Features(Random random, int n) =>
        [.. Enumerable.Range(0, 2 * n).Select(_ => 2 * random.NextDouble() - 1)];

    /// <summary>b₀ + b₁x₁ + b₂x₂ of a row.</summary>
    public static double Eta(double[] b, double[] x, int i) => b[0] + b[1] * x[2 * i] + b[2] * x[2 * i + 1];

    /// <summary>The outputs of a model at one row of features, for each of some labels, [labels][width].</summary>
    public static float[][] Score<TModel>(TModel model, ReadOnlySpan<double> x, double[] labels)
        where TModel : class, IScoringModel<TModel>
    {
        var features = new double[labels.Length * x.Length];
        for (int i = 0; i < labels.Length; i++)
            x.CopyTo(features.AsSpan(i * x.Length));
        int width = model.Outputs.Sum(column => column.Width);
        var values = new float[labels.Length * width];
        model.Score(new RowBlock(labels.Length, x.Length, features, labels), new OutputBlock(values, width));
        return [.. values.Chunk(width)];
    }
}
