using ProbML.Fitting;

namespace ProbML.Numerics.Tests.BayesianRegression.Hierarchical;

public sealed class CorrelationFactorTests
{
    [Fact]
    public void Rows_have_length_one()
    {
        double[] y = [0.3, -1.2, 0.7, 2, -0.1, 0.4], l = new double[16];
        CorrelationFactor.Fill(y, 4, l);
        for (int i = 0; i < 4; i++)
            Assert.Equal(1, l.AsSpan(i * 4, 4).ToArray().Sum(v => v * v), 1e-14);
    }

    /// <summary>p(R) ∝ |R|^(η−1); for q = 3 a marginal correlation is 2 Beta(a, a) − 1 with a = η + ½.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(2.5)]
    public void The_prior_is_that_of_Lewandowski_Kurowicka_and_Joe(double shape)
    {
        const int N = 61;
        double mass = 0, square = 0;
        double[] l = new double[9], gradient = new double[3];
        for (int a = 0; a < N; a++)
        {
            for (int b = 0; b < N; b++)
            {
                for (int c = 0; c < N; c++)
                {
                    double[] y = [Node(a), Node(b), Node(c)];
                    CorrelationFactor.Fill(y, 3, l);
                    double weight = Math.Exp(CorrelationFactor.Add(y, 3, l, new double[9], shape, gradient));
                    double correlation = l[3] * l[6] + l[4] * l[7];      // of the second and the third
                    mass += weight;
                    square += weight * correlation * correlation;
                }
            }
        }
        double alpha = shape + 0.5;
        Assert.Equal(1 / (2 * alpha + 1), square / mass, 1e-4);

        static double Node(int k) => -6 + 12.0 * k / (N - 1);
    }
}
