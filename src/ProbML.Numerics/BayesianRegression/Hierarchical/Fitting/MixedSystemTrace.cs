using System.Numerics.Tensors;

namespace ProbML.Fitting;

internal sealed partial class MixedSystem
{
    /// <summary>½ ∂ ln |M| / ∂L of each factor, [q, q]: the diagonal blocks of (M⁻¹ΛᵀK)ᵀ added up, K = [Z X]ᵀD[Z X].</summary>
    public double[][] TraceGradient()
    {
        var layout = blocks.Layout;
        double[][] gradient = [.. layout.Factors.Select(factor => new double[factor.Width * factor.Width])];
        double[] product = new double[q * q], v = n == 0 ? [] : BorderCovariance(), column = new double[q];
        double[] gap = [], turned = [];
        for (int j = 0; j < layout.MainGroups; j++)
        {
            SmallMatrix.TransposedTimes(l[0], blocks.Main.AsSpan(j * q * q, q * q), q, q, product);
            var r = Reduced(j, out int m);
            if (gap.Length < m * q)
                (gap, turned) = (new double[m * q], new double[m * q]);
            if (m > 0)
            {
                Gap(j, r, m, product, gap);
                for (int i = 0; i < m; i++)              // V (RᵀLᵀA − Cᵀ)
                {
                    for (int a = 0; a < q; a++)
                    {
                        double sum = 0;
                        for (int k = 0; k < m; k++)
                            sum += v[columnsOf[i] * n + columnsOf[k]] * gap[k * q + a];
                        turned[i * q + a] = sum;
                    }
                }
            }
            for (int a = 0; a < q; a++)
            {
                for (int b = 0; b < q; b++)
                    column[b] = product[b * q + a];
                SmallCholesky.Solve(factors.AsSpan(j * q * q, q * q), q, column);
                for (int b = 0; b < q; b++)
                {
                    for (int i = 0; i < m; i++)
                        column[b] += r[b * m + i] * turned[i * q + a];
                    gradient[0][a * q + b] += column[b];
                }
            }
        }
        BorderTrace(gradient);
        return gradient;
    }

    /// <summary>RᵀLᵀA − Cᵀ, [m, q].</summary>
    private void Gap(int main, ReadOnlySpan<double> r, int m, ReadOnlySpan<double> product, Span<double> gap)
    {
        double[] cross = new double[q * m];
        Cross(main, m, cross);
        for (int i = 0; i < m; i++)
        {
            for (int a = 0; a < q; a++)
            {
                double sum = -cross[a * m + i];
                for (int c = 0; c < q; c++)
                    sum += r[c * m + i] * product[c * q + a];
                gap[i * q + a] = sum;
            }
        }
    }

    /// <summary>The diagonal blocks of S⁻¹ΛᵀT.</summary>
    private void BorderTrace(double[][] gradient)
    {
        if (Random == 0)
            return;
        double[] half = HalfCovariance();
        for (int k = 1; k < l.Length; k++)
        {
            int width = blocks.Layout.Factors[k].Width;
            for (int g = 0; g < blocks.Layout.Factors[k].Levels.Length; g++)
            {
                int at = blocks.Layout.Starts[k] + g * width;
                for (int a = 0; a < width; a++)
                {
                    for (int b = 0; b < width; b++)      // T is symmetric: its row serves as its column
                        gradient[k][a * width + b] +=
                            TensorPrimitives.Dot<double>(half.AsSpan((at + b) * n, n), complement.AsSpan((at + a) * n, n));
                }
            }
        }
    }
}
