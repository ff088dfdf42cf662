using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>The log posterior of a GLM on ℝᵐ, with its gradient: what samplers and stochastic gradients move in.</summary>
/// <remarks>
/// u = (c, τ, ln λ): cⱼ = bⱼ, standardised, but for a column with a horseshoe prior βⱼ = scale λⱼ cⱼ, cⱼ ~ N(0, 1), λⱼ half-Cauchy (the
/// non-centred form). The rows are in memory.
/// </remarks>
internal sealed class GlmLogDensity : ILogDensity
{
    private readonly PosteriorProblem problem;
    private readonly MemoryRows rows;
    private readonly SamplingRows.Kernel? kernel;
    private readonly EtaLikelihood? known;
    private readonly int q, tau;
    private readonly int[] horseshoes;
    private readonly double[] scales;
    private readonly double constant;

    public GlmLogDensity(PosteriorProblem problem)
    {
        this.problem = problem;
        rows = MemoryRows.Read(problem.Design, problem.Transform, problem.Monitor);
        q = rows.Width;
        tau = problem.HasTau ? q : -1;
        horseshoes = problem.Prior.Independent is { } priors
            ? [.. Enumerable.Range(0, q).Where(j => priors[j] is HorseshoePrior)]
            : [];
        scales = [.. horseshoes.Select(j => ((HorseshoePrior)problem.Prior.Independent![j]).Scale)];
        if (horseshoes.Contains(0) && problem.Transform.Intercept)
            throw new InvalidOperationException("The intercept cannot have a horseshoe prior. Choose a normal one.");
        if (!problem.HasTau)
            known = new EtaLikelihood(problem.Family, problem.Link, problem.KnownLogDispersion);
        if (!problem.HasTau && (problem.KnownLogDispersion == 0 || problem.Family is GaussianFamily))
            kernel = SamplingRows.For(problem.Family, problem.Link);
        if (kernel is not null)
            constant = LeftOut();
    }

    public int Dimension => q + (tau < 0 ? 0 : 1) + horseshoes.Length;

    public MemoryRows Rows => rows;

    /// <summary>u of given (b, τ); ln λ = 0.</summary>
    public double[] Start(ReadOnlySpan<double> position)
    {
        var u = new double[Dimension];
        position[..(q + (tau < 0 ? 0 : 1))].CopyTo(u);
        for (int h = 0; h < horseshoes.Length; h++)
            u[horseshoes[h]] = problem.Prior.Original(position[..q])[horseshoes[h]] / scales[h];
        return u;
    }

    /// <summary>(b, τ) of a u.</summary>
    public void ToCoefficients(ReadOnlySpan<double> u, Span<double> position)
    {
        u[..position.Length].CopyTo(position);
        for (int h = 0; h < horseshoes.Length; h++)
            position[horseshoes[h]] = u[horseshoes[h]] * Factor(u, h);
    }

    public double Evaluate(ReadOnlySpan<double> position, Span<double> gradient)
    {
        using var rented = new RentedNumbers(3 * q);
        Span<double> b = rented.Take(q), slope = rented.Take(q);
        ToCoefficients(position, b);
        gradient.Clear();
        double value = kernel is not null ? ByKernel(b, slope) : ByRows(position, b, slope, gradient);
        if (!double.IsFinite(value))
            return double.NegativeInfinity;
        value += Prior(b, slope);
        slope.CopyTo(gradient);
        if (tau >= 0)
        {
            var (v, g, _) = problem.DispersionPrior!.At(position[tau]);
            value += v;
            gradient[tau] += g;
        }
        int first = Dimension - horseshoes.Length;
        for (int h = 0; h < horseshoes.Length; h++)
        {
            int j = horseshoes[h];
            double c = position[j], log = position[first + h], share = 1 / (1 + Math.Exp(-2 * log));   // λ²/(1 + λ²)
            value += NormalDistribution.LogDensity(c) + Math.Log(2 / Math.PI) + log - Elementary.Log1p(Math.Exp(2 * log));
            gradient[first + h] = slope[j] * b[j] + 1 - 2 * share;
            gradient[j] = slope[j] * Factor(position, h) - c;
        }
        return value;
    }

    private double Factor(ReadOnlySpan<double> u, int h) =>
        scales[h] * Math.Exp(u[Dimension - horseshoes.Length + h]) / problem.Prior.ToOriginal[horseshoes[h] * q + horseshoes[h]];

    /// <summary>Adds the prior of every coefficient but those with a horseshoe.</summary>
    private double Prior(ReadOnlySpan<double> b, Span<double> slope)
    {
        var prior = problem.Prior;
        if (prior.Independent is not { } priors)
            return prior.Add(b, [], slope, [], q);
        double value = 0;
        double[] t = prior.ToOriginal;
        for (int j = 0; j < q; j++)
        {
            if (priors[j] is HorseshoePrior)
                continue;
            var row = t.AsSpan(j * q, q);
            double beta = j == 0 ? TensorPrimitives.Dot(row, b) : row[j] * b[j];
            value += priors[j].LogDensity(beta);
            double at = priors[j].Gradient(beta);
            if (j == 0)
                TensorPrimitives.MultiplyAdd(row, at, slope, slope);
            else
                slope[j] += row[j] * at;
        }
        return value;
    }

    private double ByKernel(ReadOnlySpan<double> b, Span<double> slope)
    {
        int whole = rows.Response.Length, n = rows.Count;
        using var rented = new RentedNumbers(2 * whole);
        Span<double> eta = rented.Take(whole), score = rented.Take(whole);
        Gemv.Multiply(rows.Z, n, q, rows.Stride, b, eta);
        TensorPrimitives.Add(eta[..n], rows.Offsets.AsSpan(0, n), eta);
        double value = kernel!(eta, rows.Response, rows.Weights, score);
        Gemv.AccumulateTransposed(rows.Z, n, q, rows.Stride, score, slope);
        double scale = problem.Family is GaussianFamily ? Math.Exp(problem.KnownLogDispersion) : 1;
        if (scale != 1)
            TensorPrimitives.Divide(slope, scale, slope);
        return constant + value / scale;
    }

    private double ByRows(ReadOnlySpan<double> position, ReadOnlySpan<double> b, Span<double> slope, Span<double> gradient)
    {
        int n = rows.Count;
        using var rented = new RentedNumbers(2 * n);
        Span<double> eta = rented.Take(n), score = rented.Take(n);
        Gemv.Multiply(rows.Z, n, q, rows.Stride, b, eta);
        if (tau >= 0 && !double.IsNormal(Math.Exp(position[tau])))
            return double.NegativeInfinity;
        var likelihood = known ?? new EtaLikelihood(problem.Family, problem.Link, position[tau]);
        double value = 0, tauScore = 0;
        for (int i = 0; i < n; i++)
        {
            if (!likelihood.TryAt(rows.Response[i], eta[i] + rows.Offsets[i], rows.Weights[i], tau >= 0, out var row))
                return double.NegativeInfinity;
            value += row.Value;
            tauScore += row.TauScore;
            score[i] = row.Score;
        }
        Gemv.AccumulateTransposed(rows.Z, n, q, rows.Stride, score, slope);
        if (tau >= 0)
            gradient[tau] = tauScore;
        return value;
    }

    /// <summary>What the kernel leaves out of Σ ln p, found at η = offset.</summary>
    private double LeftOut()
    {
        double value = -ByKernel(new double[q], new double[q]);      // the constant is still 0
        for (int i = 0; i < rows.Count; i++)
            value += known!.LogLikelihood(rows.Response[i], rows.Offsets[i], rows.Weights[i]);
        return value;
    }
}
