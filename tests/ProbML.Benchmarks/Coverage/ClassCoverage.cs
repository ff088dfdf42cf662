namespace ProbML.Benchmarks;

/// <summary>
/// Coverage of the smallest set of classes whose predicted probability reaches the level, and of the intervals of the
/// classes' probabilities.
/// </summary>
internal static class ClassCoverage
{
    /// <summary>A generalized linear model of two classes.</summary>
    public static CoverageCase Binary(ILinkFunction link, double[] b)
    {
        var options = new GlmOptions
        {
            Family = Families.Bernoulli, Link = link, Level = CoverageCase.Level, NumberOfThreads = 1,
        };
        return Of(
            $"Bernoulli, {link.Name} link",
            (x, i) => [1 - link.Inverse(CoverageCase.Eta(b, x, i)).Mean, link.Inverse(CoverageCase.Eta(b, x, i)).Mean],
            design => new GlmFitter(options, PredictionTask.BinaryClassification).Fit(design, TrainingMonitor.None),
            row => ([1 - row[2], row[2]], [1 - row[5], row[4]], [1 - row[4], row[5]]));
    }

    /// <summary>A softmax model of as many classes as there are vectors, and the first.</summary>
    public static CoverageCase Multinomial(double[][] b)
    {
        string[] names = [.. Enumerable.Range(0, b.Length + 1).Select(k => $"{k}")];
        return Of(
            $"multinomial, {names.Length} classes",
            (x, i) =>
            {
                double[] e = [1, .. b.Select(own => Math.Exp(CoverageCase.Eta(own, x, i)))];
                return [.. e.Select(value => value / e.Sum())];
            },
            design => new MultinomialFitter(names, new() { Level = CoverageCase.Level, NumberOfThreads = 1 })
                .Fit(design, TrainingMonitor.None),
            row => Split(row, names.Length));
    }

    /// <summary>A cumulative-link model with the thresholds given.</summary>
    public static CoverageCase Ordinal(ILinkFunction link, double[] thresholds, double[] b)
    {
        string[] names = [.. Enumerable.Range(0, thresholds.Length + 1).Select(k => $"{k}")];
        return Of(
            $"ordinal, {link.Name} link, {names.Length} classes",
            (x, i) =>
            {
                double[] below = [0, .. thresholds.Select(t => link.Inverse(t - CoverageCase.Eta(b, x, i)).Mean), 1];
                return [.. names.Select((_, k) => below[k + 1] - below[k])];
            },
            design => new OrdinalFitter(names, new() { Link = link, Level = CoverageCase.Level, NumberOfThreads = 1 })
                .Fit(design, TrainingMonitor.None),
            row => Split(row, names.Length));
    }

    private static CoverageCase Of<TModel>(
        string name,
        Func<double[], int, double[]> truth,
        Func<Design, TModel> fit,
        Func<float[], (double[] P, double[] Lower, double[] Upper)> read)
        where TModel : class, IScoringModel<TModel> => new(name, random =>
    {
        double[] x = CoverageCase.Features(random, CoverageCase.Rows), y = new double[CoverageCase.Rows];
        for (int i = 0; i < y.Length; i++)
        {
            double[] p = truth(x, i);
            double u = random.NextDouble();
            while (y[i] < p.Length - 1 && u >= p[(int)y[i]])
                u -= p[(int)y[i]++];
        }
        var model = fit(new MatrixDesign(x, y));
        double[] at = CoverageCase.Features(random, CoverageCase.NewRows);
        return CoverageResult.Mean([.. Enumerable.Range(0, CoverageCase.NewRows)
            .Select(i => At(truth(at, i), read(CoverageCase.Score(model, at.AsSpan(2 * i, 2), [double.NaN])[0])))]);
    });

    private static CoverageResult At(double[] truth, (double[] P, double[] Lower, double[] Upper) found)
    {
        double attained = 0, randomised = 0, left = CoverageCase.Level;
        foreach (int k in Enumerable.Range(0, truth.Length).OrderByDescending(k => found.P[k]))
        {
            if (left <= 0)
                break;
            attained += truth[k];
            randomised += Math.Min(1, left / found.P[k]) * truth[k];
            left -= found.P[k];
        }
        double held = Enumerable.Range(0, truth.Length)
            .Average(k => found.Lower[k] <= truth[k] && truth[k] <= found.Upper[k] ? 1.0 : 0.0);
        return new(attained, randomised, held);
    }

    /// <summary>Score [K], LogDensity, standard errors [K], lower and upper bounds [K].</summary>
    private static (double[] P, double[] Lower, double[] Upper) Split(float[] row, int k) =>
        (Doubles(row[..k]), Doubles(row[(2 * k + 1)..(3 * k + 1)]), Doubles(row[(3 * k + 1)..]));

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];
}
