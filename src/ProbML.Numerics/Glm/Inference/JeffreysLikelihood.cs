using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>l + ½ ln |A| with the expected information A = ZᵀWZ: the log-likelihood under Jeffreys' prior. Two passes a point.</summary>
internal sealed class JeffreysLikelihood(Design design, GlmPoint origin, int? threads, TrainingMonitor monitor) : IProfiled
{
    private const int Most = 64;

    public int Passes { get; private set; }

    public LocalQuadratic?[] Evaluate(IReadOnlyList<ProfileQuery> points) =>
        [.. points.Chunk(Most).SelectMany(EvaluateSome)];

    private LocalQuadratic?[] EvaluateSome(ProfileQuery[] points)
    {
        GlmPoint[] at = [.. points.Select(p => origin with { Coefficients = p.Parameters })];
        var sums = design.Sum(
            () => new ManySums<LikelihoodSum>([.. at.Select(p => new LikelihoodSum(p, Information.Expected, false))]),
            monitor,
            threads).Parts;
        int q = origin.Transform.Width;
        var factors = sums.Select(s => s.IsValid ? Factor(s.Information, q) : null).ToList();
        int[] usable = [.. Enumerable.Range(0, at.Length).Where(k => factors[k] is not null)];
        double[][] inverses = [.. usable.Select(k => Invert(factors[k]!, q))];
        var scores = design.Sum(
            () => new ManySums<JeffreysScore>([.. usable.Select((k, i) => new JeffreysScore(at[k], inverses[i]))]),
            monitor,
            threads).Parts;
        Passes += 2;
        var found = new LocalQuadratic?[at.Length];
        for (int i = 0; i < usable.Length; i++)
        {
            int k = usable[i];
            double value = -0.5 * sums[k].Deviance + 0.5 * Cholesky.LogDeterminant(factors[k]!, q, q);
            found[k] = new LocalQuadratic(value, scores[i].Gradient, sums[k].Information);
        }
        return found;
    }

    private static double[]? Factor(double[] information, int q)
    {
        double[] a = [.. information];
        return Cholesky.TryFactor(a, q, q, out _) ? a : null;
    }

    private static double[] Invert(double[] factor, int q)
    {
        var inverse = new double[q * q];
        Cholesky.InvertFromFactor(factor, q, q, inverse, q);
        return inverse;
    }
}

/// <summary>∂l/∂b + ½ Σ hᵢ (d ln Wᵢ/dη) zᵢ with the leverages h = W zᵀA⁻¹z.</summary>
internal sealed class JeffreysScore(GlmPoint point, double[] inverse) : IBlockSum<JeffreysScore>
{
    private const int Rows = 256;

    private readonly double[] z = GC.AllocateArray<double>(Rows * point.Transform.Stride, pinned: true);
    private readonly double[] mixed = point.Transform.Mixing is null ? [] : new double[Rows * point.Transform.Stride];
    private readonly double[] eta = new double[Rows], form = new double[Rows], score = new double[Rows];

    public double[] Gradient { get; } = new double[point.Transform.Width];

    public void Clear() => Array.Clear(Gradient);

    public void Add(in RowBlock rows)
    {
        int width = point.Transform.Width, stride = point.Transform.Stride;
        for (int start = 0; start < rows.Count; start += Rows)
        {
            int count = Math.Min(Rows, rows.Count - start);
            point.Transform.Apply(rows, start, count, z, mixed);
            Gemv.Multiply(z, count, width, stride, point.Coefficients, eta);
            QuadraticForm.Rows(z, count, width, stride, inverse, width, form);
            for (int i = 0; i < count; i++)
                score[i] = Score(rows.Response[start + i], rows.Weight(start + i), eta[i] + rows.Offset(start + i), form[i]);
            Gemv.AccumulateTransposed(z, count, width, stride, score, Gradient);
        }
    }

    public void Merge(JeffreysScore other) => TensorPrimitives.Add(Gradient, other.Gradient, Gradient);

    private double Score(double y, double w, double eta, double form)
    {
        if (w <= 0)
            return 0;
        var mean = point.Link.Inverse(eta);
        double variance = point.Family.UnitVariance(mean);
        double leverage = w * RowTerms.ExpectedInformation(point.Family, mean) * form;
        double slope = 2 * mean.Curvature / mean.Slope - mean.Slope / variance * point.Family.UnitVarianceSlope(mean);
        return w * RowTerms.Score(point.Family, y, mean) + (leverage > 0 ? 0.5 * leverage * slope : 0);
    }
}
