using ProbML.Fitting;

namespace ProbML;

/// <summary>The Tweedie family's power by profile likelihood: the p at which max over β and φ of ln L is largest.</summary>
/// <param name="Power">p̂, in (1.01, 1.99).</param>
/// <param name="Dispersion">The φ of the largest likelihood at p̂ (not Pearson's).</param>
/// <param name="LogLikelihood">ln L there.</param>
/// <param name="Lower">The lower end of the profile-likelihood interval of p; 1.01 where it reaches that far.</param>
/// <param name="Upper">The upper end; 1.99 where it reaches that far.</param>
/// <param name="Model">The model fitted with p̂.</param>
/// <remarks>
/// Dunn &amp; Smyth (2005), Statistics and Computing 15, §6; R's <c>tweedie.profile</c>, which interpolates a grid instead. β is
/// maximised for each p by a fit, φ by Brent's method on the exact density, a pass a step.
/// </remarks>
public sealed record TweediePower(
    double Power, double Dispersion, double LogLikelihood, double Lower, double Upper, GlmModel Model)
{
    private const double Least = 1.01, Most = 1.99;

    /// <summary>Estimates p, with its interval at the options' level.</summary>
    /// <param name="design">The rows; some responses should be zero, others positive.</param>
    /// <param name="options">The model; a Tweedie family in it is replaced. The link is the log where none is given.</param>
    /// <param name="monitor">Asked for cancellation; null: none.</param>
    /// <exception cref="ArgumentException">The options have a penalty.</exception>
    /// <exception cref="InvalidOperationException">The data do not allow a fit; the message names column and row.</exception>
    public static TweediePower Estimate(Design design, GlmOptions? options = null, TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(design);
        options ??= new GlmOptions();
        if (options.IsPenalised)
            throw new ArgumentException("Penalised fits do not maximise the likelihood: there is no such profile.", nameof(options));
        var told = monitor ?? TrainingMonitor.None;
        var quiet = told with { Warning = null, Information = null };
        var known = new Dictionary<double, (double LogLikelihood, double Dispersion)>();
        double best = Maximise(p => Profile(p).LogLikelihood, Least, Most, 1e-5);
        var (top, dispersion) = Profile(best);
        double drop = 0.5 * ChiSquared.Quantile(options.Level, 1);
        double lower = Crossing(best, Least), upper = Crossing(best, Most);
        return new TweediePower(best, dispersion, top, lower, upper, Fit(best, told));

        GlmModel Fit(double power, TrainingMonitor monitor) =>
            new GlmFitter(options with { Family = Families.Tweedie(power), Link = options.Link ?? Links.Log }).Fit(design, monitor);

        (double LogLikelihood, double Dispersion) Profile(double power)
        {
            if (known.TryGetValue(power, out var found))
                return found;
            var model = Fit(power, quiet);
            double middle = Math.Log(model.Statistics.Dispersion);
            double logPhi = Maximise(x => LogLikelihood(model, Math.Exp(x)), middle - 1.5, middle + 1.5, 1e-6);
            return known[power] = (LogLikelihood(model, Math.Exp(logPhi)), Math.Exp(logPhi));
        }

        double LogLikelihood(GlmModel model, double phi) => design.Sum(
            () => new LikelihoodSum(
                GlmInference.Point(model),
                Information.Expected,
                false,
                new RowStatistics(model.Family, model.Link, phi, 0)),
            told,
            options.NumberOfThreads).Statistics.LogLikelihood;

        double Crossing(double inside, double end)
        {
            if (Profile(end).LogLikelihood >= top - drop)
                return end;
            double outside = end;
            for (int k = 0; k < 30 && Math.Abs(outside - inside) > 1e-4; k++)
            {
                double middle = 0.5 * (inside + outside);
                if (Profile(middle).LogLikelihood >= top - drop)
                    inside = middle;
                else
                    outside = middle;
            }
            return 0.5 * (inside + outside);
        }
    }

    /// <summary>Brent's method: parabolas where they help, golden sections elsewhere.</summary>
    /// <remarks>Brent (1973), ch. 5.</remarks>
    private static double Maximise(Func<double, double> f, double a, double b, double tolerance)
    {
        const double Golden = 0.3819660112501051;
        double x = a + Golden * (b - a), w = x, v = x, fx = -f(x), fw = fx, fv = fx, step = 0, before = 0;
        for (int k = 0; k < 100 && Math.Abs(x - 0.5 * (a + b)) > 2 * tolerance - 0.5 * (b - a); k++)
        {
            double r = (x - w) * (fx - fv), q = (x - v) * (fx - fw), p = (x - v) * q - (x - w) * r;
            q = 2 * (q - r);
            if (q > 0)
                p = -p;
            q = Math.Abs(q);
            if (Math.Abs(p) < Math.Abs(0.5 * q * before) && p > q * (a - x) && p < q * (b - x))
                (before, step) = (step, p / q);
            else
            {
                before = x < 0.5 * (a + b) ? b - x : a - x;
                step = Golden * before;
            }
            double u = x + (Math.Abs(step) >= tolerance ? step : Math.CopySign(tolerance, step)), fu = -f(u);
            if (fu <= fx)
            {
                (a, b) = u < x ? (a, x) : (x, b);
                (v, fv, w, fw, x, fx) = (w, fw, x, fx, u, fu);
                continue;
            }
            (a, b) = u < x ? (u, b) : (a, u);
            if (fu <= fw || w == x)
                (v, fv, w, fw) = (w, fw, u, fu);
            else if (fu <= fv || v == x || v == w)
                (v, fv) = (u, fu);
        }
        return x;
    }
}
