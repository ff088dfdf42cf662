using ProbML.Fitting;

namespace ProbML.GaussianProcesses;

/// <summary>Any likelihood's expected log density, by quadrature: weights multiply it.</summary>
internal sealed record LatentLogDensity(LatentLikelihood Likelihood) : IExpectedLogDensity
{
    public double[] FreeParameters => Likelihood.FreeParameters();

    public bool IsConjugate => false;

    public IExpectedLogDensity With(ReadOnlySpan<double> free) => new LatentLogDensity(Likelihood.With(free));

    /// <summary>∂E/∂μ = E ∂ ln p/∂f and ∂E/∂v = ½ E ∂² ln p/∂f² (Opper &amp; Archambeau 2009, eqs. 8–10).</summary>
    public ExpectedPoint Expect(double y, double mean, double variance, double weight, double scale, Span<double> gradient)
    {
        var expected = Likelihood.Expect(y, mean, variance);
        if (!gradient.IsEmpty)
        {
            double sigma = Math.Sqrt(variance);
            var rule = GaussianRule.For(sigma / Likelihood.Smoothness);
            Span<ParameterPoint> points = stackalloc ParameterPoint[gradient.Length];
            for (int k = 0; k < rule.Count; k++)
            {
                Likelihood.ParameterPoints(y, mean + sigma * rule.Node(k), points);
                for (int j = 0; j < gradient.Length; j++)
                    gradient[j] += scale * weight * rule.Weight(k) * points[j].Value;
            }
        }
        return new(weight * expected.Value, weight * expected.Slope, 0.5 * weight * expected.Curvature);
    }
}
