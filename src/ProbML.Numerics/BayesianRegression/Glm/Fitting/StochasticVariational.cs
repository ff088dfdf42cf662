using System.Diagnostics;
using System.Numerics.Tensors;
using ProbML.Optimization;

namespace ProbML.Fitting;

/// <summary>A normal N(m, LLᵀ) of u by stochastic gradients of the evidence lower bound, with Adam.</summary>
/// <remarks>
/// Reparameterised: E ∇ ln p(m + Lε), the entropy's gradient in closed form (Kucukelbir et al. 2017, JMLR 18). Score function: E (ln p −
/// ln q − a) ∇ ln q, a taken for each parameter so that the variance is least (Ranganath, Gerrish &amp; Blei 2014, §3.2), from the other draws of
/// the same step. The last quarter of the steps is averaged. Kingma &amp; Ba (2015) for Adam.
/// </remarks>
internal sealed class StochasticVariational
{
    private const double LogTwoPiE = 2.83787706640934548356;

    private readonly ILogDensity density;
    private readonly VariationalOptions options;
    private readonly bool fullRank;
    private readonly int m;
    private readonly double[] mean, factor, gradient;
    private readonly Adam adam;

    public StochasticVariational(ILogDensity density, VariationalOptions options, bool fullRank, double[] start, double[] scales)
    {
        (this.density, this.options, this.fullRank, m) = (density, options, fullRank, density.Dimension);
        mean = [.. start];
        factor = new double[m * m];                        // ln Lᵢᵢ on the diagonal
        for (int i = 0; i < m; i++)
            factor[i * m + i] = Math.Log(scales[i]);
        gradient = new double[m + m * m];
        adam = new(gradient.Length);
    }

    /// <summary>m, LLᵀ and the bound.</summary>
    public GaussianFit Run(Random random, TrainingMonitor monitor)
    {
        double[] meanSum = new double[m], factorSum = new double[m * m];
        int averaged = 0;
        var watch = Stopwatch.StartNew();
        for (int step = 1; step <= options.Steps; step++)
        {
            Array.Clear(gradient);
            if (options.Gradient == VariationalGradient.ScoreFunction)
                ScoreFunction(random);
            else
                Reparameterised(random);
            Step(step);
            monitor.Report(new("Stochastic variational", step, double.NaN, 0, watch.Elapsed) { Completed = step, Total = options.Steps });
            if (4 * step > 3 * options.Steps)
            {
                averaged++;
                TensorPrimitives.Add(meanSum, mean, meanSum);
                TensorPrimitives.Add(factorSum, factor, factorSum);
            }
        }
        TensorPrimitives.Divide(meanSum, averaged, mean);
        TensorPrimitives.Divide(factorSum, averaged, factor);
        double bound = Bound(random, out double error);
        return new([.. mean], Covariance(), bound, options.Steps, double.IsFinite(bound) && error < 0.5);
    }

    private double[] Covariance()
    {
        double[] l = Lower(), covariance = new double[m * m];
        LinearAlgebra.Syrk.Accumulate(m, m, 1, l, m, false, covariance, m);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < i; j++)
                covariance[j * m + i] = covariance[i * m + j];
        }
        return covariance;
    }

    private double[] Lower()
    {
        double[] l = [.. factor];
        for (int i = 0; i < m; i++)
            l[i * m + i] = Math.Exp(factor[i * m + i]);
        return l;
    }

    private void Draw(Random random, double[] l, double[] noise, double[] at)
    {
        RandomNormal.Fill(random, noise);
        for (int i = 0; i < m; i++)
            at[i] = mean[i] + TensorPrimitives.Dot<double>(l.AsSpan(i * m, i + 1), noise.AsSpan(0, i + 1));
    }

    private void Reparameterised(Random random)
    {
        double[] l = Lower(), noise = new double[m], at = new double[m], slope = new double[m];
        int used = 0;
        for (int s = 0; s < options.Draws; s++)
        {
            Draw(random, l, noise, at);
            if (!double.IsFinite(density.Evaluate(at, slope)))
                continue;                                  // outside the domain
            used++;
            for (int i = 0; i < m; i++)
            {
                gradient[i] += slope[i];
                for (int j = fullRank ? 0 : i; j <= i; j++)
                    gradient[m + i * m + j] += slope[i] * noise[j] * (i == j ? l[i * m + i] : 1);
            }
        }
        TensorPrimitives.Divide(gradient, Math.Max(1, used), gradient);
        for (int i = 0; i < m; i++)
            gradient[m + i * m + i] += 1;                  // the entropy is Σ ln Lᵢᵢ and a constant
    }

    private void ScoreFunction(Random random)
    {
        int n = options.Draws, parameters = gradient.Length;
        double[] l = Lower(), noise = new double[m], at = new double[m], unused = new double[m];
        double[][] scores = new double[n][];
        double[] weights = new double[n];
        double entropyTerm = 0;
        for (int i = 0; i < m; i++)
            entropyTerm += factor[i * m + i];
        for (int s = 0; s < n; s++)
        {
            Draw(random, l, noise, at);
            double value = density.Evaluate(at, unused);
            double log = -0.5 * TensorPrimitives.Dot<double>(noise, noise) - entropyTerm;
            weights[s] = double.IsFinite(value) ? value - log : double.NaN;
            scores[s] = Score(l, noise, parameters);
        }
        if (weights.Any(double.IsNaN))
            return;                                        // a step that says nothing
        for (int k = 0; k < parameters; k++)
        {
            double cross = 0, square = 0, total = 0;
            for (int s = 0; s < n; s++)
            {
                double g = scores[s][k];
                cross += g * g * weights[s];
                square += g * g;
            }
            for (int s = 0; s < n; s++)
            {
                double g = scores[s][k], rest = square - g * g;
                double control = rest > 0 ? (cross - g * g * weights[s]) / rest : 0;
                total += g * (weights[s] - control);
            }
            gradient[k] = total / n;
        }
    }

    /// <summary>∇ ln q at a draw: L⁻ᵀε for m; L⁻ᵀ ε εᵀ − L⁻ᵀ's diagonal for L.</summary>
    private double[] Score(double[] l, double[] noise, int parameters)
    {
        var score = new double[parameters];
        double[] back = [.. noise];
        LinearAlgebra.TriangularSolve.Backward(l, m, m, back);
        for (int i = 0; i < m; i++)
        {
            score[i] = back[i];
            for (int j = fullRank ? 0 : i; j <= i; j++)
                score[m + i * m + j] = i == j ? back[i] * noise[i] * l[i * m + i] - 1 : back[i] * noise[j];
        }
        return score;
    }

    private void Step(int step)
    {
        adam.Scale(gradient, Adam.Falling(options.StepSize, step, options.Steps));
        for (int k = 0; k < gradient.Length; k++)
        {
            int i = (k - m) / m, j = (k - m) % m;
            if (k < m)
                mean[k] += gradient[k] * Math.Exp(factor[k * m + k]);      // in units of its own spread
            else
                factor[k - m] += gradient[k] * (i == j ? 1 : Math.Exp(factor[i * (m + 1)]));
        }
    }

    private double Bound(Random random, out double error)
    {
        const int Most = 2000;
        double[] l = Lower(), noise = new double[m], at = new double[m], unused = new double[m];
        double sum = 0, squares = 0, entropy = 0.5 * m * LogTwoPiE;
        for (int i = 0; i < m; i++)
            entropy += factor[i * m + i];
        for (int s = 0; s < Most; s++)
        {
            Draw(random, l, noise, at);
            double value = density.Evaluate(at, unused);
            sum += value;
            squares += value * value;
        }
        double mean = sum / Most;
        error = Math.Sqrt(Math.Max(0, squares / Most - mean * mean) / Most);
        return mean + entropy;
    }
}
