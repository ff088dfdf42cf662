using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>The log posterior of a GLM on ℝᵐ, with its gradient: what samplers and stochastic gradients move in.</summary>
/// <remarks>
/// u = (c, τ, more): cⱼ = bⱼ, standardised, but for a column with a horseshoe prior cⱼ = βⱼ / fⱼ, and more is what fⱼ depends on
/// (<see cref="HorseshoeTerms"/>). The rows are in memory.
/// </remarks>
internal sealed class GlmLogDensity : ILogDensity
{
    private readonly PosteriorProblem problem;
    private readonly MemoryRows rows;
    private readonly SamplingRows.Kernel? kernel;
    private readonly EtaLikelihood? known;
    private readonly int q, tau;
    private readonly HorseshoeTerms horseshoes;
    private readonly double constant;

    public GlmLogDensity(PosteriorProblem problem)
    {
        this.problem = problem;
        rows = MemoryRows.Read(problem.Design, problem.Transform, problem.Monitor);
        q = rows.Width;
        tau = problem.HasTau ? q : -1;
        horseshoes = new(problem.Prior.Independent);
        if (horseshoes.Columns.Contains(0) && problem.Transform.Intercept)
            throw new InvalidOperationException("The intercept cannot have a horseshoe prior. Choose a normal one.");
        if (!problem.HasTau)
            known = new EtaLikelihood(problem.Family, problem.Link, problem.KnownLogDispersion);
        if (!problem.HasTau && (problem.KnownLogDispersion == 0 || problem.Family is GaussianFamily))
            kernel = SamplingRows.For(problem.Family, problem.Link);
        if (kernel is not null)
            constant = LeftOut();
    }

    public int Dimension => Known + horseshoes.Count;

    public MemoryRows Rows => rows;

    /// <summary>The size of (b, τ).</summary>
    private int Known => q + (tau < 0 ? 0 : 1);

    /// <summary>u of given (b, τ).</summary>
    public double[] Start(ReadOnlySpan<double> position)
    {
        var u = new double[Dimension];
        position[..Known].CopyTo(u);
        horseshoes.Start(u.AsSpan(Known));
        for (int h = 0; h < horseshoes.Columns.Length; h++)
            u[horseshoes.Columns[h]] /= PerUnit(u, h);
        return u;
    }

    /// <summary>(b, τ) of a u.</summary>
    public void ToCoefficients(ReadOnlySpan<double> u, Span<double> position)
    {
        u[..position.Length].CopyTo(position);
        for (int h = 0; h < horseshoes.Columns.Length; h++)
            position[horseshoes.Columns[h]] *= PerUnit(u, h);
    }

    public double Evaluate(ReadOnlySpan<double> position, Span<double> gradient)
    {
        using var rented = new RentedNumbers(3 * q);
        Span<double> b = rented.Take(q), slope = rented.Take(q), pulls = rented.Take(q);
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
        var columns = horseshoes.Columns;
        for (int h = 0; h < columns.Length; h++)
        {
            int j = columns[h];
            pulls[h] = slope[j] * b[j];
            gradient[j] = slope[j] * PerUnit(position, h) - position[j];
        }
        return value + horseshoes.Add(position[..q], pulls, position[Known..], gradient[Known..]);
    }

    /// <summary>bⱼ for cⱼ = 1.</summary>
    private double PerUnit(ReadOnlySpan<double> u, int h)
    {
        int j = horseshoes.Columns[h];
        return horseshoes.Scale(h, u[Known..]).Factor / problem.Prior.ToOriginal[j * q + j];
    }

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
            if (priors[j] is HorseshoePrior or RegularisedHorseshoePrior)
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
