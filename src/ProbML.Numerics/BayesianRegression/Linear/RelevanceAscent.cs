using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>A precision for each column at a local maximum of the evidence, one column at a time, each step exact.</summary>
/// <remarks>
/// Tipping &amp; Faul (2003), Fast Marginal Likelihood Maximisation. ρⱼ = αⱼ/b is held instead of αⱼ, so that the best b given
/// the ρ is N/E. A sweep costs at most d·k², k the columns kept; it starts anew from a Cholesky factor.
/// </remarks>
internal sealed class RelevanceAscent
{
    private readonly int d;
    private readonly double[] gram, cross, ratio, mean, direction, sigma;
    private readonly double total, count;
    private readonly List<int> kept = [];
    private double b;

    public RelevanceAscent(double[] gram, double[] cross, double total, double count, bool full)
    {
        (this.gram, this.cross, this.total, this.count) = (gram, cross, total, count);
        d = cross.Length;
        (ratio, mean, direction, sigma) = (new double[d], new double[d], new double[d], new double[d * d]);
        b = count / total;
        Array.Fill(ratio, double.PositiveInfinity);
        for (int j = 0; full && j < d; j++)
        {
            if (gram[j * d + j] > 0)
                ratio[j] = 1 / b;
        }
    }

    /// <summary>ρⱼ, [d]; +∞ where the column is out.</summary>
    public IReadOnlyList<double> Ratios => ratio;

    public IReadOnlyList<int> Kept => kept;

    /// <summary>The coefficients of all columns, [d].</summary>
    public double[] Mean => mean;

    /// <summary>b.</summary>
    public double NoisePrecision => b;

    public int Sweeps { get; private set; }

    public bool Converged { get; private set; }

    /// <summary>E = yᵀ(I + X diag(1/ρ) Xᵀ)⁻¹ y.</summary>
    public double Squares => Math.Max(total - TensorPrimitives.Dot<double>(cross, mean), 1e-300 + 0.01 * EvidenceMaximiser.Exact * total);

    /// <summary>(diag ρ + XᵀX)⁻¹ of two kept columns.</summary>
    public double Covariance(int i, int j) => sigma[i * d + j];

    /// <summary>ln |I + X diag(1/ρ) Xᵀ|.</summary>
    public double LogDeterminant { get; private set; }

    public void Run(int most, double tolerance, TrainingMonitor monitor)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Restart();
        for (Sweeps = 1; Sweeps <= most; Sweeps++)
        {
            monitor.Report(new("Relevance", Sweeps, Squares, 0, watch.Elapsed));
            double change = 0, before = b;
            for (int j = 0; j < d; j++)
                change = Math.Max(change, Improve(j));
            Restart();
            if (change <= tolerance && Math.Abs(b - before) <= tolerance * b)
            {
                Converged = true;
                return;
            }
        }
        Sweeps = most;
    }

    /// <summary>Sets ρⱼ to its best; how much ln ρⱼ changed.</summary>
    private double Improve(int j)
    {
        if (gram[j * d + j] <= 0)
            return 0;
        double sparsity, quality, old = ratio[j];
        if (double.IsPositiveInfinity(old))
        {
            double q = cross[j], s = gram[j * d + j];
            var row = gram.AsSpan(j * d, d);
            Array.Clear(direction);
            foreach (int i in kept)
            {
                double sum = 0;
                foreach (int k in kept)
                    sum += sigma[i * d + k] * row[k];
                direction[i] = sum;
                s -= row[i] * sum;
                q -= row[i] * mean[i];
            }
            (sparsity, quality) = (s, q);
            if (!(sparsity > 1e-13 * gram[j * d + j]))
                return 0;                                 // a copy of columns that are in
        }
        else
        {
            double variance = sigma[j * d + j];
            (sparsity, quality) = (1 / variance - old, mean[j] / variance);
        }
        double excess = b * quality * quality - sparsity;
        double best = excess > 1e-12 * sparsity ? sparsity * sparsity / excess : double.PositiveInfinity;
        if (double.IsPositiveInfinity(best) && double.IsPositiveInfinity(old))
            return 0;
        double change = double.IsFinite(best) && double.IsFinite(old) ? Math.Abs(Math.Log(best / old)) : 1;
        ratio[j] = best;
        if (double.IsPositiveInfinity(old))
            Enter(j, best, sparsity, quality);
        else
            Move(j, double.IsPositiveInfinity(best) ? 1 / sigma[j * d + j] : 1 / (sigma[j * d + j] + 1 / (best - old)), best);
        b = count / Squares;
        return change;
    }

    private void Enter(int j, double ratio, double sparsity, double quality)
    {
        double variance = 1 / (ratio + sparsity), coefficient = variance * quality;
        foreach (int i in kept)
        {
            mean[i] -= coefficient * direction[i];
            foreach (int k in kept)
                sigma[i * d + k] += variance * direction[i] * direction[k];
        }
        foreach (int i in kept)
            sigma[i * d + j] = sigma[j * d + i] = -variance * direction[i];
        (sigma[j * d + j], mean[j]) = (variance, coefficient);
        kept.Add(j);
    }

    private void Move(int j, double factor, double best)
    {
        if (!double.IsFinite(factor))
            return;                                       // nothing moves
        foreach (int i in kept)
            direction[i] = sigma[i * d + j];
        double coefficient = mean[j];
        foreach (int i in kept)
        {
            mean[i] -= factor * coefficient * direction[i];
            foreach (int k in kept)
                sigma[i * d + k] -= factor * direction[i] * direction[k];
        }
        if (double.IsPositiveInfinity(best))
        {
            kept.Remove(j);
            mean[j] = 0;
            for (int i = 0; i < d; i++)
                sigma[i * d + j] = sigma[j * d + i] = 0;
        }
    }

    /// <summary>Everything afresh from the ρ.</summary>
    private void Restart()
    {
        kept.Clear();
        kept.AddRange(Enumerable.Range(0, d).Where(j => double.IsFinite(ratio[j])));
        int k = kept.Count;
        double[] factor = new double[k * k], solution = new double[k], inverse = new double[k * k], scale = new double[k];
        LogDeterminant = 0;
        for (int i = 0; i < k; i++)
        {
            double diagonal = ratio[kept[i]] + gram[kept[i] * d + kept[i]];
            scale[i] = 1 / Math.Sqrt(diagonal);
            LogDeterminant += Math.Log(diagonal / ratio[kept[i]]);
        }
        for (int i = 0; i < k; i++)
        {
            solution[i] = scale[i] * cross[kept[i]];
            for (int j = 0; j < i; j++)
                factor[i * k + j] = gram[kept[i] * d + kept[j]] * scale[i] * scale[j];
            factor[i * k + i] = 1;
        }
        Array.Clear(sigma);
        Array.Clear(mean);
        if (!Cholesky.TryFactor(factor, k, k, out int failed))
        {
            ratio[kept[failed]] = double.PositiveInfinity;    // a copy of columns before it
            Restart();
            return;
        }
        Cholesky.Solve(factor, k, k, solution);
        Cholesky.InvertFromFactor(factor, k, k, inverse, k);
        LogDeterminant += Cholesky.LogDeterminant(factor, k, k);
        for (int i = 0; i < k; i++)
        {
            mean[kept[i]] = scale[i] * solution[i];
            for (int j = 0; j < k; j++)
                sigma[kept[i] * d + kept[j]] = scale[i] * scale[j] * inverse[i * k + j];
        }
        b = count / Squares;
    }
}
