namespace ProbML.Fitting;

/// <summary>The rows of positive weight, transformed, in memory: for algorithms that pass over them thousands of times.</summary>
internal sealed class MemoryRows
{
    private MemoryRows(int count, int width, int stride, double[] z, double[] response, double[] weights, double[] offsets)
    {
        (Count, Width, Stride) = (count, width, stride);
        (Z, Response, Weights, Offsets) = (z, response, weights, offsets);
    }

    public int Count { get; }

    public int Width { get; }

    public int Stride { get; }

    /// <summary>[n, stride], the padding zero.</summary>
    public double[] Z { get; }

    /// <summary>[n rounded up to 8]; what lies behind the rows has weight zero.</summary>
    public double[] Response { get; }

    public double[] Weights { get; }

    public double[] Offsets { get; }

    public static MemoryRows Read(Design design, RowTransform transform, TrainingMonitor monitor)
    {
        int width = transform.Width, stride = transform.Stride, padded = (width + 7) / 8 * 8;
        List<double> z = [], y = [], w = [], offset = [];
        var buffer = design.RentBuffer();
        double[] some = new double[buffer.Capacity * stride];
        using (var reader = design.OpenReader())
        {
            while (reader.Read(buffer))
            {
                monitor.ThrowIfCancelled();
                var rows = buffer.Block;
                transform.Apply(rows, 0, rows.Count, some, []);
                for (int i = 0; i < rows.Count; i++)
                {
                    if (rows.Weight(i) <= 0)
                        continue;
                    System.Runtime.InteropServices.CollectionsMarshal.SetCount(z, z.Count + padded);
                    some.AsSpan(i * stride, padded).CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(z)[^padded..]);
                    y.Add(rows.Response[i]);
                    w.Add(rows.Weight(i));
                    offset.Add(rows.Offset(i));
                }
            }
        }
        design.ReturnBuffer(buffer);
        int n = y.Count, whole = (n + 7) / 8 * 8;
        return new(n, width, padded, [.. z], Padded(y, whole), Padded(w, whole), Padded(offset, whole));
    }

    private static double[] Padded(List<double> values, int length) => [.. values, .. new double[length - values.Count]];
}
