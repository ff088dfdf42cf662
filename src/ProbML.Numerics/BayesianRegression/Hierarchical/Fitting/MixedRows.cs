using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>The rows of positive weight with known groups, in memory, for algorithms that pass over them thousands of times.</summary>
internal sealed class MixedRows
{
    private readonly MixedLayout layout;
    private readonly int stride, width;
    private readonly double[] x, z;
    private readonly int[] groups;

    private MixedRows(MixedLayout layout, int stride, List<double> x, List<double> z, List<int> groups, List<double>[] columns)
    {
        (this.layout, this.stride, width) = (layout, stride, layout.ZWidth);
        (this.x, this.z, this.groups) = ([.. x], [.. z], [.. groups]);
        Count = columns[0].Count;
        int whole = (Count + 7) / 8 * 8;
        double[][] padded = [.. columns.Select(column => (double[])[.. column, .. new double[whole - Count]])];
        (Response, Weights, Offsets) = (padded[0], padded[1], padded[2]);
    }

    public int Count { get; }

    /// <summary>[n rounded up to 8]; what lies behind the rows has weight zero.</summary>
    public double[] Response { get; }

    public double[] Weights { get; }

    public double[] Offsets { get; }

    public static MixedRows Read(MixedProblem problem)
    {
        var (layout, transform) = (problem.Layout, problem.Transform);
        int stride = (layout.Fixed + 7) / 8 * 8;
        List<double> x = [], z = [];
        var places = new List<int>();
        List<double>[] columns = [[], [], []];
        var buffer = problem.Design.RentBuffer();
        double[] some = new double[buffer.Capacity * transform.Stride], own = new double[layout.ZWidth], row = new double[stride];
        int[] groups = new int[layout.Factors.Length];
        using (var reader = problem.Design.OpenReader())
        {
            while (reader.Read(buffer))
            {
                problem.Monitor.ThrowIfCancelled();
                var rows = buffer.Block;
                transform.Apply(rows, 0, rows.Count, some, []);
                for (int i = 0; i < rows.Count; i++)
                {
                    if (!layout.TryGroups(rows, i, groups) || !(rows.Weight(i) > 0))
                        continue;
                    some.AsSpan(i * transform.Stride, layout.Fixed).CopyTo(row);
                    for (int k = 0, from = 0; k < groups.Length; from += layout.Factors[k++].Width)
                        layout.Factors[k].Fill(rows.Row(i), own.AsSpan(from));
                    x.AddRange(row);
                    z.AddRange(own);
                    places.AddRange(groups);
                    columns[0].Add(rows.Response[i]);
                    columns[1].Add(rows.Weight(i));
                    columns[2].Add(rows.Offset(i));
                }
            }
        }
        problem.Design.ReturnBuffer(buffer);
        return new(layout, stride, x, z, places, columns);
    }

    /// <summary>η = offset + xᵀβ + zᵀb.</summary>
    /// <param name="main">[J q].</param>
    /// <param name="border">[r + p].</param>
    /// <param name="eta">[n rounded up].</param>
    public void Predict(ReadOnlySpan<double> main, ReadOnlySpan<double> border, Span<double> eta)
    {
        if (layout.Fixed > 0)
            Gemv.Multiply(x, Count, layout.Fixed, stride, border[layout.Random..], eta);
        for (int i = 0; i < Count; i++)
        {
            double sum = Offsets[i] + eta[i];
            for (int k = 0, from = i * width; k < layout.Factors.Length; from += layout.Factors[k++].Width)
            {
                int q = layout.Factors[k].Width, at = layout.Starts[k] + groups[i * layout.Factors.Length + k] * q;
                var all = k == 0 ? main : border;
                for (int c = 0; c < q; c++)
                    sum += z[from + c] * all[at + c];
            }
            eta[i] = sum;
        }
    }

    /// <summary>Adds [z x]ᵀs.</summary>
    public void Accumulate(ReadOnlySpan<double> score, Span<double> main, Span<double> border)
    {
        if (layout.Fixed > 0)
            Gemv.AccumulateTransposed(x, Count, layout.Fixed, stride, score, border[layout.Random..]);
        for (int i = 0; i < Count; i++)
        {
            for (int k = 0, from = i * width; k < layout.Factors.Length; from += layout.Factors[k++].Width)
            {
                int q = layout.Factors[k].Width, at = layout.Starts[k] + groups[i * layout.Factors.Length + k] * q;
                var all = k == 0 ? main : border;
                for (int c = 0; c < q; c++)
                    all[at + c] += score[i] * z[from + c];
            }
        }
    }
}
