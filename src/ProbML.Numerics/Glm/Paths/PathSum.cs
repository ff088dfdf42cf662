using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>One pass for many fits at once: each row's z is made once and serves all of them.</summary>
internal sealed class PathSum : IBlockSum<PathSum>
{
    private const int Rows = 256;

    private readonly RowTransform transform;
    private readonly CanonicalRows.Kernel kernel;
    private readonly FoldAssignment? folds;
    private readonly Part[] parts;
    private readonly double[] z, mixed = [], eta, response, prior, weight, score, information;
    private readonly double[] gatheredEta, gatheredResponse, gatheredWeight;
    private readonly int[] fold = new int[Rows];
    private readonly int width, stride;

    public PathSum(
        RowTransform transform, CanonicalRows.Kernel kernel, FoldAssignment? folds, IReadOnlyList<PathProblem> problems)
    {
        (this.transform, this.kernel, this.folds) = (transform, kernel, folds);
        (width, stride) = (transform.Width, transform.Stride);
        parts = [.. problems.Select(p => new Part(p, width))];
        z = GC.AllocateArray<double>(Rows * stride, pinned: true);
        (eta, response, prior, weight) = (new double[Rows], new double[Rows], new double[Rows], new double[Rows]);
        (score, information) = (new double[Rows], new double[Rows]);
        (gatheredEta, gatheredResponse, gatheredWeight) = (new double[Rows], new double[Rows], new double[Rows]);
    }

    /// <summary>The value of a problem, by its place among those given.</summary>
    public PathValue Value(int problem) => parts[problem].Value(width);

    public void Clear()
    {
        foreach (var part in parts)
            part.Clear();
    }

    public void Add(in RowBlock rows)
    {
        for (int start = 0; start < rows.Count; start += Rows)
            AddSome(rows, start, Math.Min(Rows, rows.Count - start));
    }

    public void Merge(PathSum other)
    {
        for (int m = 0; m < parts.Length; m++)
            parts[m].Merge(other.parts[m]);
    }

    private void AddSome(in RowBlock rows, int start, int count)
    {
        transform.Apply(rows, start, count, z, mixed);
        rows.Response.Slice(start, count).CopyTo(response);
        int whole = (count + 7) & ~7;
        response.AsSpan(count, whole - count).Clear();
        prior.AsSpan(count, whole - count).Clear();
        for (int i = 0; i < count; i++)
        {
            prior[i] = rows.Weight(start + i);
            fold[i] = folds?.Of(rows.RowNumber(start + i)) ?? -1;
        }
        foreach (var part in parts)
        {
            Gemv.Multiply(z, count, width, stride, part.Problem.Trial, eta);
            if (!rows.Offsets.IsEmpty)
                TensorPrimitives.Add(eta.AsSpan(0, count), rows.Offsets.Slice(start, count), eta);
            eta.AsSpan(count, whole - count).Clear();
            AddPart(part, count, whole);
        }
    }

    private void AddPart(Part part, int count, int whole)
    {
        double[] fitted = prior;
        if (part.Problem.Fold > 0)
        {
            part.HeldOut += HeldOut(part.Problem.Fold, count);
            fitted = weight;
            for (int i = 0; i < whole; i++)
                weight[i] = i < count && fold[i] != part.Problem.Fold ? prior[i] : 0;
        }
        part.Deviance += kernel(
            eta.AsSpan(0, whole), response.AsSpan(0, whole), fitted.AsSpan(0, whole), score, information);
        Gemv.AccumulateTransposed(z, count, width, stride, score, part.Gradient);
        if (part.Information is not null)
            WeightedGram.Accumulate(z, count, width, stride, information, part.Information);
    }

    /// <summary>The deviance of the rows left out, gathered so that the kernel sees no others.</summary>
    private double HeldOut(int left, int count)
    {
        int n = 0;
        for (int i = 0; i < count; i++)
        {
            if (fold[i] == left)
                (gatheredEta[n], gatheredResponse[n], gatheredWeight[n++]) = (eta[i], response[i], prior[i]);
        }
        int whole = (n + 7) & ~7;
        for (; n < whole; n++)
            (gatheredEta[n], gatheredResponse[n], gatheredWeight[n]) = (0, 0, 0);
        return whole == 0 ? 0 : kernel(
            gatheredEta.AsSpan(0, whole), gatheredResponse.AsSpan(0, whole), gatheredWeight.AsSpan(0, whole), score, information);
    }

    private sealed class Part(PathProblem problem, int width)
    {
        public PathProblem Problem { get; } = problem;

        public double Deviance { get; set; }

        public double HeldOut { get; set; }

        public double[] Gradient { get; } = new double[width];

        public double[]? Information { get; } = problem.WantsInformation ? new double[width * width] : null;

        public void Clear()
        {
            (Deviance, HeldOut) = (0, 0);
            Array.Clear(Gradient);
            if (Information is not null)
                Array.Clear(Information);
        }

        public void Merge(Part other)
        {
            Deviance += other.Deviance;
            HeldOut += other.HeldOut;
            TensorPrimitives.Add(Gradient, other.Gradient, Gradient);
            if (Information is not null)
                TensorPrimitives.Add(Information, other.Information, Information);
        }

        public PathValue Value(int q)
        {
            for (int i = 0; i < q && Information is not null; i++)
            {
                for (int j = 0; j < i; j++)
                    Information[j * q + i] = Information[i * q + j];
            }
            return new(Deviance, HeldOut, Gradient, Information);
        }
    }
}
