namespace ProbML.Benchmarks;

/// <summary>Coverage of the interval of a new number: continuous, counts, or with a mass at a limit.</summary>
internal static class NumberCoverage
{
    private const double Below = (1 - CoverageCase.Level) / 2, Above = 1 - Below;

    /// <summary>A generalized linear model of numbers.</summary>
    /// <param name="truth">The family of the rows.</param>
    /// <param name="link">The link of the rows and the fit.</param>
    /// <param name="phi">The dispersion of the rows.</param>
    /// <param name="b">The coefficients of the rows.</param>
    /// <param name="fitted">The family of the fit; null: that of the rows.</param>
    public static CoverageCase Of(IFamily truth, ILinkFunction link, double phi, double[] b, IFamily? fitted = null)
    {
        var options = new GlmOptions
        {
            Family = fitted ?? truth, Link = link, Level = CoverageCase.Level, NumberOfThreads = 1,
        };
        return new($"{options.Family.Name}, {link.Name} link", random =>
        {
            double[] x = CoverageCase.Features(random, CoverageCase.Rows), y = new double[CoverageCase.Rows];
            for (int i = 0; i < y.Length; i++)
                y[i] = truth.Quantile(random.NextDouble(), link.Inverse(CoverageCase.Eta(b, x, i)).Mean, phi);
            var model = new GlmFitter(options).Fit(new MatrixDesign(x, y), TrainingMonitor.None);
            double[] at = CoverageCase.Features(random, CoverageCase.NewRows);
            return CoverageResult.Mean([.. Enumerable.Range(0, CoverageCase.NewRows).Select(i =>
            {
                double mean = link.Inverse(CoverageCase.Eta(b, at, i)).Mean;
                double Cumulative(double value) => truth.CumulativeProbability(value, mean, phi);
                return truth.IsDiscrete ? Counts(model, at.AsSpan(2 * i, 2), Cumulative)
                    : truth is TweedieFamily ? WithMass(model, at.AsSpan(2 * i, 2), 0, Cumulative)
                    : Continuous(model, at.AsSpan(2 * i, 2), Cumulative);
            })]);
        });
    }

    /// <summary>A Tobit model, censored from below at 0.</summary>
    public static CoverageCase Tobit(double[] b, double sigma) => new("Tobit, lower limit 0", random =>
    {
        double[] x = CoverageCase.Features(random, CoverageCase.Rows), y = new double[CoverageCase.Rows];
        for (int i = 0; i < y.Length; i++)
            y[i] = Math.Max(0, CoverageCase.Eta(b, x, i) + sigma * NormalDistribution.Quantile(random.NextDouble()));
        var model = new TobitFitter(new() { Level = CoverageCase.Level, NumberOfThreads = 1 })
            .Fit(new MatrixDesign(x, y), TrainingMonitor.None);
        double[] at = CoverageCase.Features(random, CoverageCase.NewRows);
        return CoverageResult.Mean([.. Enumerable.Range(0, CoverageCase.NewRows).Select(i =>
        {
            double eta = CoverageCase.Eta(b, at, i);
            return WithMass(
                model, at.AsSpan(2 * i, 2), 0, value => value < 0 ? 0 : NormalDistribution.Cdf((value - eta) / sigma));
        })]);
    });

    private static CoverageResult Continuous(GlmModel model, ReadOnlySpan<double> x, Func<double, double> cumulative)
    {
        var (lower, upper) = Interval(model, x);
        double held = cumulative(upper) - cumulative(lower);
        return new(held, held, double.NaN);
    }

    /// <summary>A response that is continuous but for one value, its least, of positive probability.</summary>
    private static CoverageResult WithMass<TModel>(
        TModel model, ReadOnlySpan<double> x, double least, Func<double, double> cumulative)
        where TModel : class, IScoringModel<TModel>
    {
        var (lower, upper) = Interval(model, x);
        double predicted = Math.Exp(CoverageCase.Score(model, x, [least])[0][1]), mass = cumulative(least);
        double share = Math.Max(0, Math.Min(Above, predicted) - Below) / predicted;
        double inside = cumulative(upper) - Math.Max(mass, cumulative(lower));
        return new(inside + (lower <= least ? mass : 0), inside + share * mass, double.NaN);
    }

    private static CoverageResult Counts(GlmModel model, ReadOnlySpan<double> x, Func<double, double> cumulative)
    {
        var (lower, upper) = Interval(model, x);
        double[] labels = [.. Enumerable.Range(0, (int)upper + 1).Select(k => (double)k)];
        double[] predicted = [.. CoverageCase.Score(model, x, labels).Select(row => Math.Exp(row[1]))];
        double attained = 0, randomised = 0, total = 0;
        for (int k = 0; k < predicted.Length; k++)
        {
            double before = total, truly = cumulative(k) - (k == 0 ? 0 : cumulative(k - 1));
            total += predicted[k];
            double share = (Math.Min(Above, total) - Math.Max(Below, before)) / predicted[k];
            attained += k >= lower ? truly : 0;
            randomised += Math.Clamp(share, 0, 1) * truly;
        }
        return new(attained, randomised, double.NaN);
    }

    /// <summary>LowerBound and UpperBound, which a GLM's and a Tobit model's outputs have in the same places.</summary>
    private static (double Lower, double Upper) Interval<TModel>(TModel model, ReadOnlySpan<double> x)
        where TModel : class, IScoringModel<TModel>
    {
        float[] row = CoverageCase.Score(model, x, [double.NaN])[0];
        return (row[4], row[5]);
    }
}
