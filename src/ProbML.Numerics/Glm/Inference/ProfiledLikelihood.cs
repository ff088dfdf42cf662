using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>A generalized linear model's log-likelihood less its ridge penalty, many points to a pass over the rows.</summary>
internal sealed class ProfiledLikelihood(
    Design design, GlmPoint origin, Penalty penalty, bool withTheta, int? threads, TrainingMonitor monitor) : IProfiled
{
    /// <summary>What the sums of one block may take of memory, over all points.</summary>
    private const long Budget = 1 << 25;

    /// <summary>The passes over the rows so far.</summary>
    public int Passes { get; private set; }

    public LocalQuadratic?[] Evaluate(IReadOnlyList<ProfileQuery> points)
    {
        long each = 8L * (512 * origin.Transform.Stride + origin.Transform.Width * origin.Transform.Width);
        int most = (int)Math.Max(1, Budget / each);
        var found = new LocalQuadratic?[points.Count];
        for (int start = 0; start < points.Count; start += most)
        {
            var some = points.Skip(start).Take(most).Select(q => (Point: At(q.Parameters), q.Kind)).ToList();
            var sums = design.Sum(
                () => new ManySums<LikelihoodSum>([.. some.Select(q => new LikelihoodSum(q.Point, q.Kind, withTheta))]), monitor, threads);
            Passes++;
            for (int k = 0; k < some.Count; k++)
                found[start + k] = Quadratic(sums.Parts[k], some[k].Point, some[k].Kind);
        }
        return found;
    }

    /// <summary>The point of a vector of parameters.</summary>
    public GlmPoint At(double[] parameters) => withTheta
        ? origin with { Coefficients = parameters[..^1], Family = new NegativeBinomialFamily(Math.Exp(parameters[^1])) }
        : origin with { Coefficients = parameters };

    private LocalQuadratic? Quadratic(LikelihoodSum at, GlmPoint point, Information kind)
    {
        double[] b = point.Coefficients;
        double value = (withTheta ? at.LogLikelihood : -0.5 * at.Deviance) - penalty.Value(b);
        if (!at.IsValid || !double.IsFinite(value))
            return null;
        int q = b.Length, n = withTheta ? q + 1 : q;
        double[] a = new double[n * n], g = new double[n];
        for (int i = 0; i < q; i++)
        {
            at.Information.AsSpan(i * q, i + 1).CopyTo(a.AsSpan(i * n));
            a[i * n + i] += penalty.L2[i];
            g[i] = at.Gradient[i] - penalty.L2[i] * b[i];
        }
        if (withTheta)
        {
            double theta = point.Theta, score = theta * at.ThetaScore, own = theta * theta * at.ThetaInformation - score;
            (g[q], a[q * n + q]) = (score, own);          // of ln θ
            if (kind == Information.Observed)
                TensorPrimitives.Multiply(at.ThetaCross, theta, a.AsSpan(q * n, q));
            else
                a[q * n + q] = Math.Max(Math.Abs(own), 1e-3 * Math.Abs(score));
        }
        return new LocalQuadratic(value, g, a);
    }
}
