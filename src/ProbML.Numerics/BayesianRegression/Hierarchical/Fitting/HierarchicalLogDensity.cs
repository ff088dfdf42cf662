using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>The log posterior of a hierarchical regression on ℝᵐ, with its gradient.</summary>
/// <remarks>
/// u = (ln s, y of each factor; ζ of each group; c; τ): b = diag(s) L ζ with ζ ~ N(0, I), L from y (<see cref="CorrelationFactor"/>); c are
/// the fixed coefficients, standardised; τ = ln φ. The non-centred form: Betancourt &amp; Girolami (2015).
/// </remarks>
internal sealed class HierarchicalLogDensity : ILogDensity
{
    private readonly MixedProblem problem;
    private readonly MixedLayout layout;
    private readonly MixedRows rows;
    private readonly PriorTerms priors;
    private readonly Prior[][] scales;
    private readonly double shape;
    private readonly DispersionPrior? dispersion;
    private readonly double knownLogDispersion;
    private readonly SamplingRows.Kernel? kernel;
    private readonly int[] starts;
    private readonly int main, border, tau;

    /// <param name="problem">The rows.</param>
    /// <param name="priors">Of the fixed coefficients.</param>
    /// <param name="scales">Of the standard deviations, raw, factor by factor.</param>
    /// <param name="shape">η of the correlations.</param>
    /// <param name="dispersion">Of φ; null: it is known.</param>
    /// <param name="knownLogDispersion">ln φ where it is known.</param>
    public HierarchicalLogDensity(
        MixedProblem problem, CoefficientPriors priors, Prior[][] scales, double shape, DispersionPrior? dispersion, double knownLogDispersion)
    {
        (this.problem, layout, this.scales, this.shape) = (problem, problem.Layout, scales, shape);
        (this.dispersion, this.knownLogDispersion) = (dispersion, knownLogDispersion);
        rows = MixedRows.Read(problem);
        this.priors = new(priors, problem.Transform, problem.Design.FeatureNames);
        kernel = SamplingRows.For(problem.Family, problem.Link);
        if (problem.Family is not GaussianFamily && (dispersion is not null || knownLogDispersion != 0))
            kernel = null;
        starts = new int[layout.Factors.Length];
        for (int k = 0; k < starts.Length; k++)
        {
            starts[k] = main;
            main += ScaleCount(layout.Factors[k]);
        }
        border = main + layout.Main.Count;
        tau = border + layout.Border;
        Dimension = tau + (dispersion is null ? 0 : 1);
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>ln s and y of a factor.</summary>
    public static int ScaleCount(MixedFactor factor) =>
        factor.Width + (factor.Effect.Correlated ? factor.Width * (factor.Width - 1) / 2 : 0);

    /// <summary>A place to start from.</summary>
    /// <param name="beta">The fixed coefficients, [p].</param>
    /// <param name="spread">About the standard deviations of the groups' coefficients.</param>
    /// <param name="logDispersion">τ.</param>
    /// <param name="random">Chains start apart.</param>
    public double[] Start(ReadOnlySpan<double> beta, double spread, double logDispersion, Random random)
    {
        var u = new double[Dimension];
        RandomNormal.Fill(random, u);
        TensorPrimitives.Multiply(u, 0.2, u);
        for (int k = 0; k < starts.Length; k++)
        {
            for (int c = 0; c < layout.Factors[k].Width; c++)
                u[starts[k] + c] += Math.Log(spread);
        }
        for (int j = 0; j < layout.Fixed; j++)
            u[border + layout.Random + j] = beta[j] + 0.1 * spread * u[border + layout.Random + j];
        if (dispersion is not null)
            u[tau] += logDispersion;
        return u;
    }

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<double> position, Span<double> gradient)
    {
        int whole = rows.Response.Length;
        using var rented = new RentedNumbers(2 * (layout.Main.Count + layout.Border + whole));
        Span<double> b = rented.Take(layout.Main.Count), rest = rented.Take(layout.Border);
        Span<double> bSlope = rented.Take(layout.Main.Count), restSlope = rented.Take(layout.Border);
        Span<double> eta = rented.Take(whole), score = rented.Take(whole);
        gradient.Clear();
        ToCoefficients(position, b, rest);
        rows.Predict(b, rest, eta);
        double log = dispersion is null ? knownLogDispersion : position[tau];
        double value = kernel is not null ? ByKernel(eta, score, log, gradient) : ByRows(eta, score, log, gradient);
        if (!double.IsFinite(value))
            return double.NegativeInfinity;
        rows.Accumulate(score, bSlope, restSlope);
        restSlope[layout.Random..].CopyTo(gradient.Slice(border + layout.Random, layout.Fixed));
        for (int k = 0; k < starts.Length; k++)
            value += Factor(k, position, k == 0 ? bSlope : restSlope, gradient);
        if (layout.Fixed > 0)
            value += priors.Add(
                position.Slice(border + layout.Random, layout.Fixed), [], gradient.Slice(border + layout.Random, layout.Fixed), [], layout.Fixed);
        if (dispersion is not null)
        {
            var (v, g, _) = dispersion.At(position[tau]);
            value += v;
            gradient[tau] += g;
        }
        return value;
    }

    /// <summary>The coefficients of a u.</summary>
    /// <param name="position">u.</param>
    /// <param name="b">[J q].</param>
    /// <param name="rest">[r + p].</param>
    public void ToCoefficients(ReadOnlySpan<double> position, Span<double> b, Span<double> rest)
    {
        position.Slice(border + layout.Random, layout.Fixed).CopyTo(rest[layout.Random..]);
        for (int k = 0; k < starts.Length; k++)
        {
            var factor = layout.Factors[k];
            int q = factor.Width, from = Standard(k);
            var to = k == 0 ? b : rest[layout.Starts[k]..];
            double[] l = Scale(k, position, out _);
            for (int g = 0; g < factor.Levels.Length; g++)
            {
                position.Slice(from + g * q, q).CopyTo(to.Slice(g * q, q));
                SmallMatrix.Multiply(l, q, to.Slice(g * q, q), transpose: false);
            }
        }
    }

    /// <summary>diag(s) L of a factor, [q, q], and L itself.</summary>
    public double[] Scale(int k, ReadOnlySpan<double> position, out double[] correlation)
    {
        int q = layout.Factors[k].Width;
        correlation = new double[q * q];
        if (layout.Factors[k].Effect.Correlated)
            CorrelationFactor.Fill(position.Slice(starts[k] + q, q * (q - 1) / 2), q, correlation);
        else
            for (int c = 0; c < q; c++)
                correlation[c * q + c] = 1;
        double[] l = [.. correlation];
        for (int c = 0; c < q; c++)
            TensorPrimitives.Multiply(l.AsSpan(c * q, q), Math.Exp(position[starts[k] + c]), l.AsSpan(c * q, q));
        return l;
    }

    /// <summary>ln φ of a u.</summary>
    public double LogDispersion(ReadOnlySpan<double> position) => dispersion is null ? knownLogDispersion : position[tau];

    /// <summary>Where ζ of a factor starts.</summary>
    private int Standard(int k) => k == 0 ? main : border + layout.Starts[k];

    /// <summary>The prior of a factor's s, y and ζ, and the likelihood's gradient with respect to them.</summary>
    private double Factor(int k, ReadOnlySpan<double> position, ReadOnlySpan<double> slopes, Span<double> gradient)
    {
        var factor = layout.Factors[k];
        int q = factor.Width, from = Standard(k);
        double[] l = Scale(k, position, out double[] correlation), products = new double[q * q], one = new double[q];
        slopes = k == 0 ? slopes : slopes[layout.Starts[k]..];
        for (int g = 0; g < factor.Levels.Length; g++)
        {
            var zeta = position.Slice(from + g * q, q);
            var v = slopes.Slice(g * q, q);
            for (int i = 0; i < q; i++)
            {
                for (int j = 0; j <= i; j++)
                    products[i * q + j] += v[i] * zeta[j];
            }
            v.CopyTo(one);
            SmallMatrix.Multiply(l, q, one, transpose: true);
            for (int c = 0; c < q; c++)
                gradient[from + g * q + c] = one[c] - zeta[c];
        }
        double value = -0.5 * TensorPrimitives.SumOfSquares(position.Slice(from, factor.Count));
        for (int i = 0; i < q; i++)
        {
            double s = Math.Exp(position[starts[k] + i]), raw = s * factor.Scales[i];
            double along = TensorPrimitives.Dot<double>(products.AsSpan(i * q, q), l.AsSpan(i * q, q));
            value += scales[k][i].LogDensity(raw) + position[starts[k] + i];
            gradient[starts[k] + i] = along + scales[k][i].Gradient(raw) * raw + 1;
            TensorPrimitives.Multiply(products.AsSpan(i * q, q), s, products.AsSpan(i * q, q));   // ∂/∂ of the correlations' factor
        }
        if (!factor.Effect.Correlated)
            return value;
        int count = q * (q - 1) / 2;
        return value + CorrelationFactor.Add(
            position.Slice(starts[k] + q, count), q, correlation, products, shape, gradient.Slice(starts[k] + q, count));
    }

    private double ByKernel(ReadOnlySpan<double> eta, Span<double> score, double log, Span<double> gradient)
    {
        double value = kernel!(eta, rows.Response, rows.Weights, score);
        if (problem.Family is not GaussianFamily)
            return value;
        double scale = Math.Exp(log);
        if (!double.IsNormal(scale))
            return double.NegativeInfinity;
        TensorPrimitives.Divide(score, scale, score);
        if (dispersion is not null)
            gradient[tau] = -value / scale - 0.5 * rows.Count;
        return value / scale - 0.5 * rows.Count * log;
    }

    private double ByRows(ReadOnlySpan<double> eta, Span<double> score, double log, Span<double> gradient)
    {
        if (!double.IsNormal(Math.Exp(log)))
            return double.NegativeInfinity;
        var likelihood = new EtaLikelihood(problem.Family, problem.Link, log);
        double value = 0, tauScore = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            if (!likelihood.TryAt(rows.Response[i], eta[i], rows.Weights[i], dispersion is not null, out var row))
                return double.NegativeInfinity;
            value += row.Value;
            tauScore += row.TauScore;
            score[i] = row.Score;
        }
        if (dispersion is not null)
            gradient[tau] = tauScore;
        return value;
    }
}
