using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>−ln of Laplace's approximation to the marginal likelihood, as a function of (β, θ), with its gradient.</summary>
/// <remarks>
/// f = −ℓ(û) + ½|û|² + ½ ln |H|, H = ΛᵀZᵀDZΛ + I, û the mode of u given β and θ, by Newton's method; D is the observed information.
/// The gradient counts that û moves: Breslow &amp; Clayton (1993); Skaug &amp; Fournier (2006), Comput. Stat. Data Anal. 51.
/// </remarks>
internal sealed class LaplaceLikelihood(MixedProblem problem)
{
    private const int MostSteps = 100;

    private readonly MixedBlocks blocks = problem.NewBlocks(), slopes = problem.NewBlocks();
    private readonly EtaLikelihood likelihood = new(problem.Family, problem.Link, 0);
    private (double[] Main, double[] Border) mode = (
        new double[problem.Layout.MainGroups * problem.Layout.Q], new double[problem.Layout.Random]);

    private int Fixed => problem.Layout.Fixed;

    /// <summary>The value at (β, θ), and its gradient where there is room for it.</summary>
    public double Evaluate(ReadOnlySpan<double> at, Span<double> gradient)
    {
        double[][] l = CovarianceFactor.Of(problem.Layout, at[Fixed..]);
        if (FindMode(at[..Fixed], l) is not { } system)
            return double.PositiveInfinity;
        double value = -blocks.Value + 0.5 * Penalty(mode) + 0.5 * system.LogDeterminant;
        if (!gradient.IsEmpty)
            Gradient(at, system, gradient);
        return value;
    }

    /// <summary>The mode and its curvature at (β, θ); false: there is none.</summary>
    public bool TryMode(ReadOnlySpan<double> at, out MixedSystem system, out (double[] Main, double[] Border) u)
    {
        var found = FindMode(at[..Fixed], CovarianceFactor.Of(problem.Layout, at[Fixed..]));
        (system, u) = (found!, mode);
        return found is not null;
    }

    /// <summary>The coefficients, and their joint covariance given the covariances of the groups, at (β, θ).</summary>
    public (MixedCoefficients Coefficients, MixedCovariance Covariance) At(ReadOnlySpan<double> at)
    {
        double[][] l = CovarianceFactor.Of(problem.Layout, at[Fixed..]);
        var system = FindMode(at[..Fixed], l)!;
        var coefficients = Coefficients(system, at[..Fixed]);
        return (coefficients, MixedSystem.Factor(blocks, l, withFixed: true)!.Covariance());
    }

    private MixedCoefficients Coefficients(MixedSystem system, ReadOnlySpan<double> beta)
    {
        var coefficients = system.Original(mode);
        beta.CopyTo(coefficients.Border.AsSpan(problem.Layout.Random));
        return coefficients;
    }

    /// <summary>Newton's method for u, from where it was last; leaves the blocks at the mode. Null: there is none.</summary>
    private MixedSystem? FindMode(ReadOnlySpan<double> beta, double[][] l)
    {
        var work = new Likelihood(likelihood, problem is { Family: BernoulliFamily, Link: LogitLink });
        double before = double.PositiveInfinity, size = 1;
        var (last, step) = (mode, (Main: Array.Empty<double>(), Border: Array.Empty<double>()));
        bool restarted = false, final = false;
        for (int i = 0; i < MostSteps; i++)
        {
            var at = Scale(l, mode, beta);
            MixedPass.Run(problem, blocks, at, work, products: true, fixedProducts: true);
            double objective = -blocks.Value + 0.5 * Penalty(mode);
            if (final)
                return MixedSystem.Factor(blocks, l, withFixed: false);
            if (!double.IsFinite(objective) && step.Main.Length == 0 && !restarted)
            {
                mode = (new double[mode.Main.Length], new double[mode.Border.Length]);
                (last, restarted) = (mode, true);
                continue;
            }
            if (!(objective <= before + 1e-12 * Math.Abs(before)))
            {
                size *= 0.5;
                if (size < 1e-8 || step.Main.Length == 0)
                    return null;
                mode = Move(last, step, size);
                continue;
            }
            if (MixedSystem.Factor(blocks, l, withFixed: false) is not { } system)
                return null;
            var slope = system.Scaled(blocks.MainRight, blocks.BorderRight);
            TensorPrimitives.Subtract<double>(slope.Main, mode.Main, slope.Main);
            TensorPrimitives.Subtract<double>(slope.Border.AsSpan(0, mode.Border.Length), mode.Border, slope.Border);
            step = system.Solve(slope);
            double decrement = TensorPrimitives.Dot<double>(step.Main, slope.Main)
                + (step.Border.Length > 0 ? TensorPrimitives.Dot<double>(step.Border, slope.Border) : 0);
            if (decrement < 1e-24 * (1 + Math.Abs(objective)))
                return system;
            final = decrement < 1e-11;                    // Newton's error squares: the next point is the mode
            (before, last, size) = (objective, mode, 1);
            mode = Move(last, step, 1);
        }
        return null;
    }

    private MixedCoefficients Scale(double[][] l, (double[] Main, double[] Border) u, ReadOnlySpan<double> beta)
    {
        var layout = problem.Layout;
        var coefficients = new MixedCoefficients([.. u.Main], [.. u.Border, .. beta]);
        for (int k = 0; k < l.Length; k++)
        {
            int q = layout.Factors[k].Width;
            for (int g = 0; g < layout.Factors[k].Levels.Length; g++)
                SmallMatrix.Multiply(
                    l[k], q, (k == 0 ? coefficients.Main : coefficients.Border).AsSpan(layout.Starts[k] + g * q, q), transpose: false);
        }
        return coefficients;
    }

    private void Gradient(ReadOnlySpan<double> at, MixedSystem system, Span<double> gradient)
    {
        var layout = problem.Layout;
        var coefficients = Coefficients(system, at[..Fixed]);
        MixedPass.Run(
            problem, slopes, coefficients, new Curvatures(likelihood, problem, system.Covariance()), products: false, fixedProducts: false);
        var t = system.Solve(system.Scaled(slopes.MainRight, slopes.BorderRight));
        var moved = blocks.Times(system.Original(t), withFixed: false);
        for (int j = 0, place = layout.Random; j < Fixed; j++, place++)
            gradient[j] = slopes.BorderRight[place] - blocks.BorderRight[place] - moved.Border[place];
        double[][] byFactor = system.TraceGradient();
        for (int k = 0; k < byFactor.Length; k++)
        {
            int q = layout.Factors[k].Width;
            var (g, e, c, u, s) = k == 0
                ? (blocks.MainRight, slopes.MainRight, moved.Main, mode.Main, t.Main)
                : (blocks.BorderRight, slopes.BorderRight, moved.Border, mode.Border, t.Border);
            for (int group = 0; group < layout.Factors[k].Levels.Length; group++)
            {
                for (int a = 0, place = layout.Starts[k] + group * q; a < q; a++)
                {
                    double v = e[place + a] - g[place + a] - c[place + a];
                    for (int b = 0; b < q; b++)
                        byFactor[k][a * q + b] += v * u[place + b] + g[place + a] * s[place + b];
                }
            }
        }
        CovarianceFactor.Gradient(layout, byFactor).CopyTo(gradient[Fixed..]);
    }

    private static double Penalty((double[] Main, double[] Border) u) =>
        TensorPrimitives.SumOfSquares<double>(u.Main) + TensorPrimitives.SumOfSquares<double>(u.Border);

    private static (double[] Main, double[] Border) Move(
        (double[] Main, double[] Border) from, (double[] Main, double[] Border) step, double size)
    {
        double[] main = [.. from.Main], border = [.. from.Border];
        TensorPrimitives.MultiplyAdd(step.Main, size, main, main);
        TensorPrimitives.MultiplyAdd(step.Border.AsSpan(0, border.Length), size, border, border);
        return (main, border);
    }

    /// <summary>The log-likelihood of a row, its score and its observed information; logistic ones, the usual kind, in a few operations.</summary>
    private sealed class Likelihood(EtaLikelihood likelihood, bool isLogistic) : IMixedWork
    {
        public bool TryRow(in MixedRow row, out double information, out double score, out double value)
        {
            if (isLogistic)
                return Logistic(row, out information, out score, out value);
            bool known = likelihood.TryAt(row.Response, row.Eta, row.Weight, withTau: false, out var at);
            (information, score, value) = (at.Information, at.Score, at.Value);
            return known;
        }

        private static bool Logistic(in MixedRow row, out double information, out double score, out double value)
        {
            double eta = row.Eta, y = row.Response, decay = Math.Exp(-Math.Abs(eta)), bulk = 1 / (1 + decay), tail = decay * bulk;
            information = row.Weight * bulk * tail;
            score = row.Weight * (eta < 0 ? y * bulk - (1 - y) * tail : y * tail - (1 - y) * bulk);
            value = row.Weight * (y * eta - Math.Max(eta, 0) - Elementary.Log1p(decay));
            return true;
        }
    }

    /// <summary>s = ½ Var(zᵀb) dD/dη of a row.</summary>
    private sealed class Curvatures(EtaLikelihood likelihood, MixedProblem problem, MixedCovariance covariance) : IMixedWork
    {
        private readonly bool canonical = problem.Link.Equals(problem.Family.CanonicalLink)
            && problem.Family is BernoulliFamily or PoissonFamily;

        public bool TryRow(in MixedRow row, out double information, out double score, out double value)
        {
            (information, value) = (0, 0);
            score = 0.5 * covariance.Variance(row.Groups, row.Z, row.X) * Slope(row);
            return double.IsFinite(score);
        }

        private double Slope(in MixedRow row)
        {
            if (canonical)                                // D = w V(μ)
            {
                var mean = problem.Link.Inverse(row.Eta);
                return row.Weight * problem.Family.UnitVarianceSlope(mean) * mean.Slope;
            }
            double step = 1e-4 * Math.Max(1, Math.Abs(row.Eta));
            return (8 * (Information(row, step) - Information(row, -step)) - Information(row, 2 * step) + Information(row, -2 * step))
                / (12 * step);
        }

        private double Information(in MixedRow row, double shift) =>
            likelihood.TryAt(row.Response, row.Eta + shift, row.Weight, withTau: false, out var at) ? at.Information : double.NaN;
    }
}
