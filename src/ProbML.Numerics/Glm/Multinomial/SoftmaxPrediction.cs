using ProbML.Evaluation;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>Class probabilities of rows, and the standard errors of their logits by the delta method.</summary>
internal sealed class SoftmaxPrediction(VectorModelParts parts, int classes, int predictors)
{
    /// <summary>The symmetric parts of Cov(bₐ, b_b) for b ≤ a, [pairs][q, q].</summary>
    private readonly double[][] covariances = [.. Blocks(parts, predictors)];

    /// <summary>The pairs of predictors, m(m + 1)/2.</summary>
    public int Pairs => covariances.Length;

    /// <summary>η [n, m] and the covariances of its elements [n, pairs], where wanted.</summary>
    public void Predict(in RowBlock rows, Span<double> eta, Span<double> variances)
    {
        const int Rows = 256;
        var transform = parts.Transform;
        int width = transform.Width, stride = transform.Stride, most = Math.Min(Rows, rows.Count);
        using var rented = new RentedNumbers(most * (2 * stride + 1));
        Span<double> z = rented.Take(most * stride), mixed = rented.Take(most * stride), column = rented.Take(most);
        for (int start = 0; start < rows.Count; start += Rows)
        {
            int count = Math.Min(Rows, rows.Count - start);
            transform.Apply(rows, start, count, z, mixed);
            for (int a = 0; a < predictors; a++)
            {
                Gemv.Multiply(z, count, width, stride, parts.Scaled.AsSpan(a * width, width), column);
                for (int i = 0; i < count; i++)
                    eta[(start + i) * predictors + a] = column[i];
            }
            for (int k = 0; !variances.IsEmpty && k < covariances.Length; k++)
            {
                if (width > 0)
                    QuadraticForm.Rows(z, count, width, stride, covariances[k], width, column);
                for (int i = 0; i < count; i++)
                    variances[(start + i) * covariances.Length + k] = width > 0 ? column[i] : 0;
            }
        }
    }

    /// <summary>p, and ln(p / (1 − p)) = η less the logarithm of the others' sum, which nothing cancels in.</summary>
    public void Softmax(Span<double> eta, Span<double> p, Span<double> logits)
    {
        for (int k = 0; k < p.Length; k++)
            p[k] = Eta(eta, k);
        for (int k = 0; k < p.Length; k++)
        {
            double own = p[k];
            p[k] = double.NegativeInfinity;
            logits[k] = own - LogSum.Of(p);
            p[k] = own;
        }
        for (int k = 0; k < p.Length; k++)
            p[k] = Links.Logit.Inverse(logits[k]).Mean;
    }

    /// <summary>The linear predictor of a class: 0 for the reference.</summary>
    private double Eta(ReadOnlySpan<double> eta, int k)
    {
        int a = k - (classes - predictors);
        return a < 0 ? 0 : eta[a];
    }

    /// <summary>The standard errors of the logits: ∂ logit pₖ/∂ηₐ is 1 for a = k and −pₐ/(1 − pₖ) otherwise.</summary>
    public void Errors(
        ReadOnlySpan<double> eta, ReadOnlySpan<double> logits, ReadOnlySpan<double> variances, Span<double> errors)
    {
        Span<double> slope = stackalloc double[64];
        if (predictors > slope.Length)
            slope = new double[predictors];
        int first = classes - predictors;
        for (int k = 0; k < logits.Length; k++)
        {
            double others = Eta(eta, k) - logits[k], variance = 0;
            for (int a = 0; a < predictors; a++)
                slope[a] = a + first == k ? 1 : -Math.Exp(eta[a] - others);
            for (int a = 0, pair = 0; a < predictors; a++)
            {
                for (int b = 0; b <= a; b++, pair++)
                    variance += (a == b ? 1 : 2) * slope[a] * slope[b] * variances[pair];
            }
            errors[k] = double.IsFinite(variance) ? Math.Sqrt(Math.Max(0, variance)) : 0;
        }
    }

    /// <summary>The symmetric parts of Cov(bₐ, b_b) for b ≤ a, [pairs][q, q].</summary>
    public static IEnumerable<double[]> Blocks(VectorModelParts parts, int predictors)
    {
        int q = parts.Transform.Width, n = predictors * q;
        for (int a = 0; a < predictors; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                var block = new double[q * q];
                for (int i = 0; i < q; i++)
                {
                    for (int j = 0; j < q; j++)
                        block[i * q + j] = 0.5 * (parts.Covariance[(a * q + i) * n + b * q + j]
                            + parts.Covariance[(a * q + j) * n + b * q + i]);
                }
                yield return block;
            }
        }
    }
}
