using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace ProbML.Flows;

/// <summary>Draws of what is not known of a row given what is, and how likely that is.</summary>
/// <param name="Rows">Preprocessed rows, [n, d].</param>
/// <param name="Weights">Their weights, [n], that sum to 1.</param>
/// <param name="LogDensity">ln p of what is known, in nats, of the columns as they are.</param>
/// <param name="StandardError">Of that by simulation; 0: exact.</param>
internal sealed record CompletedRow(float[] Rows, double[] Weights, double LogDensity, double StandardError);

/// <summary>Draws from p(z_m | z_o) ∝ p(z_m, z_o), and ln p(z_o), by a tempered sequential Monte Carlo sampler.</summary>
/// <remarks>
/// Particles go from a proposal q to p over q^{1−β} p^β, each β as high as leaves half of them effective; between, they are
/// resampled and moved by random-walk Metropolis steps with their own covariance. Where p / q is constant one step does, and
/// the draws are independent and exact. Del Moral, Doucet &amp; Jasra (2006), §3; Jasra et al. (2011), §3.1.
/// </remarks>
internal sealed class FlowCompletion
{
    private const double LeastShare = 0.5;
    private const double SettledShare = 0.9;

    private readonly FlowGraphs graphs;
    private readonly PartialRow partial;
    private readonly CompletionProposal proposal;
    private readonly Random random;
    private readonly int n;
    private readonly int d;
    private readonly int termCount;
    private readonly float[] terms;
    private readonly double[] weights;
    private Particles now;
    private Particles next;
    private double scale;

    public FlowCompletion(
        FlowGraphs graphs, PartialRow partial, CompletionProposal proposal, int particles, Random random)
    {
        (this.graphs, this.partial, this.proposal, this.random) = (graphs, partial, proposal, random);
        (n, d, termCount) = (particles, partial.Values.Length, graphs.Widths.Terms);
        terms = new float[n * termCount];
        weights = new double[n];
        now = new(new float[n * d], new double[n], new double[n]);
        next = new(new float[n * d], new double[n], new double[n]);
        scale = 2.38 / Math.Sqrt(Math.Max(1, partial.Unknown.Length));
    }

    private readonly record struct Particles(float[] Rows, double[] LogProposal, double[] LogDensity);

    /// <summary>Runs the sampler; ln p is −∞, and there are no draws, where what is known cannot be.</summary>
    public CompletedRow Run()
    {
        proposal.Draw(now.Rows, n, random);
        Evaluate(now);
        double beta = 0, logDensity = 0, variance = 0;
        while (beta < 1)
        {
            int alive = now.LogDensity.Count(double.IsFinite);
            if (alive == 0)
                return new([], [], double.NegativeInfinity, 0);
            double step = Step(1 - beta, LeastShare * alive);
            var (logMean, effective) = Weigh(step);
            logDensity += logMean;
            variance += Math.Max(0, 1 / effective - 1.0 / n);
            beta = step == 1 - beta ? 1 : beta + step;
            if (beta == 1 && effective >= SettledShare * n)
                break;
            var factor = Spread.Factor(Covariance());
            Resample();
            Move(beta, factor, beta == 1 ? 4 : 1.5);
        }
        return new(now.Rows, weights, logDensity + partial.LogSlopes, n == 1 ? 0 : Math.Sqrt(variance));
    }

    private void Evaluate(Particles particles)
    {
        graphs.Evaluate(n, particles.Rows, default, terms);
        for (int i = 0; i < n; i++)
        {
            var row = particles.Rows.AsSpan(i * d, d);
            var own = terms.AsSpan(i * termCount, termCount);
            double sum = 0;
            foreach (float term in own)
                sum += term;
            double proposed = proposal.LogDensity(row, own);
            bool isPossible = double.IsFinite(sum) && double.IsFinite(proposed) && partial.IsInCells(row);
            particles.LogDensity[i] = isPossible ? sum : double.NegativeInfinity;
            particles.LogProposal[i] = isPossible ? proposed : 0;
        }
    }

    /// <summary>How far β can go on, up to a limit, with so many particles effective.</summary>
    private double Step(double limit, double least)
    {
        if (Weigh(limit).Effective >= least)
            return limit;
        double low = 0, high = limit;
        for (int k = 0; k < 30; k++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = Weigh(middle).Effective >= least ? (middle, high) : (low, middle);
        }
        return high;
    }

    /// <summary>Weights (p / q)^step: their logarithmic mean, and how many particles they are worth.</summary>
    private (double LogMean, double Effective) Weigh(double step)
    {
        double largest = double.NegativeInfinity, sum = 0, squares = 0;
        for (int i = 0; i < n; i++)
        {
            weights[i] = step * (now.LogDensity[i] - now.LogProposal[i]);
            largest = Math.Max(largest, weights[i]);
        }
        for (int i = 0; i < n; i++)
        {
            weights[i] = Math.Exp(weights[i] - largest);
            sum += weights[i];
        }
        for (int i = 0; i < n; i++)
        {
            weights[i] /= sum;
            squares += weights[i] * weights[i];
        }
        return (largest + Math.Log(sum / n), 1 / squares);
    }

    private Matrix<double> Covariance()
    {
        int[] unknown = partial.Unknown;
        var mean = new double[unknown.Length];
        var covariance = Matrix<double>.Build.Dense(unknown.Length, unknown.Length);
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < unknown.Length && weights[i] > 0; k++)
                mean[k] += weights[i] * now.Rows[i * d + unknown[k]];
        }
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < unknown.Length && weights[i] > 0; k++)
            {
                double off = weights[i] * (now.Rows[i * d + unknown[k]] - mean[k]);
                for (int l = 0; l <= k; l++)
                    covariance[l, k] = covariance[k, l] += off * (now.Rows[i * d + unknown[l]] - mean[l]);
            }
        }
        return covariance;
    }

    /// <summary>Takes each particle as often as its weight says: systematic resampling.</summary>
    private void Resample()
    {
        double place = random.NextDouble() / n, reached = 0;
        for (int i = 0, from = -1; i < n; i++, place += 1.0 / n)
        {
            while (from < n - 1 && (from < 0 || reached <= place))
                reached += weights[++from];
            Copy(now, from, next, i);
        }
        (now, next) = (next, now);
        Array.Fill(weights, 1.0 / n);
    }

    /// <summary>Moves the particles until each has been moved so often on average, or gives up.</summary>
    private void Move(double beta, Matrix<double> factor, double goal)
    {
        const int Most = 40;
        const double Wanted = 0.3;
        int[] unknown = partial.Unknown;
        var normal = new double[unknown.Length];
        double moved = 0;
        for (int round = 0; round < Most && moved < goal; round++)
        {
            now.Rows.AsSpan().CopyTo(next.Rows);
            for (int i = 0; i < n; i++)
            {
                Normal.Samples(random, normal, 0, 1);
                for (int k = 0; k < unknown.Length; k++)
                {
                    double sum = 0;
                    for (int l = 0; l <= k; l++)
                        sum += factor[k, l] * normal[l];
                    next.Rows[i * d + unknown[k]] += (float)(scale * sum);
                }
            }
            Evaluate(next);
            int accepted = 0;
            for (int i = 0; i < n; i++)
            {
                if (Math.Log(1 - random.NextDouble()) > Target(next, i, beta) - Target(now, i, beta))
                    continue;
                Copy(next, i, now, i);
                accepted++;
            }
            moved += (double)accepted / n;
            scale *= Math.Exp((double)accepted / n - Wanted);
        }
    }

    private static double Target(Particles particles, int i, double beta) => double.IsFinite(particles.LogDensity[i])
        ? (1 - beta) * particles.LogProposal[i] + beta * particles.LogDensity[i]
        : double.NegativeInfinity;

    private void Copy(Particles from, int i, Particles to, int k)
    {
        from.Rows.AsSpan(i * d, d).CopyTo(to.Rows.AsSpan(k * d));
        to.LogProposal[k] = from.LogProposal[i];
        to.LogDensity[k] = from.LogDensity[i];
    }
}
