namespace ProbML.LinearAlgebra;
internal static class QuadraticForm
{
    public static void Rows(ReadOnlySpan<double> x, int rows, int columns, int stride, ReadOnlySpan<double> m, Span<double> result)
    {
        for (int i = 0; i < rows; i++)
        {
            double s = 0;
            var r = x.Slice(i * stride, columns);
            for (int j = 0; j < columns; j++)
                s += r[j] * System.Numerics.Tensors.TensorPrimitives.Dot(r, m.Slice(j * columns, columns));
            result[i] = s;
        }
    }
}
