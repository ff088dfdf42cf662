using System.Numerics.Tensors;

namespace ProbML.Fitting;

internal sealed partial class MixedSystem
{
    /// <summary>Λ or Λᵀ times a vector; parts of length zero are left out.</summary>
    private (double[] Main, double[] Border) Apply(ReadOnlySpan<double> main, ReadOnlySpan<double> border, bool transpose)
    {
        double[] first = [.. main], second = [.. border[..Math.Min(n, border.Length)]];
        for (int j = 0; j < first.Length / q; j++)
            SmallMatrix.Multiply(l[0], q, first.AsSpan(j * q, q), transpose);
        for (int k = 1; k < l.Length && second.Length > 0; k++)
        {
            int width = blocks.Layout.Factors[k].Width;
            for (int g = 0; g < blocks.Layout.Factors[k].Levels.Length; g++)
                SmallMatrix.Multiply(l[k], width, second.AsSpan(blocks.Layout.Starts[k] + g * width, width), transpose);
        }
        return (first, second);
    }

    /// <summary>row ← row Λ.</summary>
    private void ApplyRow(Span<double> row) => ApplySpan(row, transpose: true);

    /// <summary>row ← row Λᵀ.</summary>
    private void ApplyTransposedRow(Span<double> row) => ApplySpan(row, transpose: false);

    private void ApplySpan(Span<double> vector, bool transpose)
    {
        for (int k = 1; k < l.Length; k++)
        {
            var factor = blocks.Layout.Factors[k];
            var part = vector.Slice(blocks.Layout.Starts[k], factor.Count);
            if (factor.Width == 1)
                TensorPrimitives.Multiply(part, l[k][0], part);
            for (int g = 0; factor.Width > 1 && g < factor.Levels.Length; g++)
                SmallMatrix.Multiply(l[k], factor.Width, part.Slice(g * factor.Width, factor.Width), transpose);
        }
    }

    /// <summary>A ← ΛA or ΛᵀA, by rows.</summary>
    private void ApplyRows(double[] matrix, bool transpose)
    {
        for (int k = 1; k < l.Length; k++)
        {
            int width = blocks.Layout.Factors[k].Width;
            for (int g = 0; g < blocks.Layout.Factors[k].Levels.Length; g++)
            {
                int first = blocks.Layout.Starts[k] + g * width;
                for (int step = 0; step < width; step++)
                {
                    int i = transpose ? step : width - 1 - step;      // what is read later must not be written yet
                    var row = matrix.AsSpan((first + i) * n, n);
                    TensorPrimitives.Multiply(row, l[k][i * width + i], row);
                    for (int other = transpose ? i + 1 : 0; other < (transpose ? width : i); other++)
                        TensorPrimitives.MultiplyAdd(
                            matrix.AsSpan((first + other) * n, n), l[k][transpose ? other * width + i : i * width + other], row, row);
                }
            }
        }
    }
}
