using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>One pass at given parameters: log-likelihood, gradient and observed information.</summary>
/// <remarks>Parameters: the coefficients of each linear predictor, block after block, then the constants.</remarks>
internal sealed class VectorSum : IBlockSum<VectorSum>
{
    private const int Rows = 256;

    private readonly IVectorResponse response;
    private readonly RowTransform transform;
    private readonly int first, width, stride, predictors, count;
    private readonly double[] parameters, z, mixed, eta, point, rowScore, rowInformation;
    private readonly double[][] score, weight;            // [m][Rows], [pairs][Rows]
    private readonly double[][] blocks;                   // [pairs]: q × q, q or 1 numbers

    /// <summary>An empty sum.</summary>
    /// <param name="response">The distribution.</param>
    /// <param name="transform">The coordinates z.</param>
    /// <param name="first">The first of z's columns that has a coefficient: 1 where constants play the intercept.</param>
    /// <param name="parameters">[P].</param>
    public VectorSum(IVectorResponse response, RowTransform transform, int first, double[] parameters)
    {
        (this.response, this.transform, this.first, this.parameters) = (response, transform, first, parameters);
        (width, stride) = (transform.Width - first, transform.Stride);
        (predictors, count) = (response.Predictors, response.Predictors + response.Constants);
        int pairs = count * (count + 1) / 2;
        z = GC.AllocateArray<double>(Rows * stride + first, pinned: true);
        mixed = transform.Mixing is null ? [] : new double[Rows * stride];
        (eta, point) = (new double[predictors * Rows], new double[count]);
        (rowScore, rowInformation) = (new double[count], new double[pairs]);
        score = [.. Enumerable.Range(0, count).Select(_ => new double[Rows])];
        weight = [.. Enumerable.Range(0, pairs).Select(_ => new double[Rows])];
        blocks = new double[pairs][];
        for (int a = 0, k = 0; a < count; a++)
        {
            for (int b = 0; b <= a; b++, k++)
                blocks[k] = new double[a < predictors ? width * width : b < predictors ? width : 1];
        }
        Gradient = new double[parameters.Length];
    }

    /// <summary>Σ w ln p(y).</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>∂l/∂b, [P].</summary>
    public double[] Gradient { get; }

    public void Clear()
    {
        LogLikelihood = 0;
        Array.Clear(Gradient);
        foreach (double[] block in blocks)
            Array.Clear(block);
    }

    public void Add(in RowBlock rows)
    {
        for (int start = 0; start < rows.Count && double.IsFinite(LogLikelihood); start += Rows)
            AddSome(rows, start, Math.Min(Rows, rows.Count - start));
    }

    public void Merge(VectorSum other)
    {
        LogLikelihood += other.LogLikelihood;
        TensorPrimitives.Add(Gradient, other.Gradient, Gradient);
        for (int k = 0; k < blocks.Length; k++)
            TensorPrimitives.Add(blocks[k], other.blocks[k], blocks[k]);
    }

    /// <summary>−∂²l/∂b∂b', [P, P], both triangles.</summary>
    public double[] Information()
    {
        int n = parameters.Length;
        var full = new double[n * n];
        for (int a = 0, k = 0; a < count; a++)
        {
            for (int b = 0; b <= a; b++, k++)
            {
                int rows = a < predictors ? width : 1, columns = b < predictors ? width : 1;
                for (int i = 0; i < rows; i++)
                {
                    for (int j = 0; j < columns; j++)
                    {
                        // Blocks of two predictors are symmetric, and only their lower triangle is there.
                        double value = blocks[k][i >= j || a >= predictors ? i * columns + j : j * columns + i];
                        full[(Place(a) + i) * n + Place(b) + j] = full[(Place(b) + j) * n + Place(a) + i] = value;
                    }
                }
            }
        }
        return full;
    }

    /// <summary>Where the parameters of a predictor or constant begin.</summary>
    private int Place(int a) => a < predictors ? a * width : predictors * width + a - predictors;

    private void AddSome(in RowBlock rows, int start, int n)
    {
        transform.Apply(rows, start, n, z, mixed);
        var x = z.AsSpan(first);
        for (int a = 0; a < predictors; a++)
            Gemv.Multiply(x, n, width, stride, parameters.AsSpan(a * width, width), eta.AsSpan(a * Rows, n));
        parameters.AsSpan(predictors * width).CopyTo(point.AsSpan(predictors));
        for (int i = 0; i < n; i++)
            AddRow(rows, start + i, i);
        if (!double.IsFinite(LogLikelihood))
            return;
        for (int a = 0, k = 0; a < count; a++)
        {
            var gradient = Gradient.AsSpan(Place(a), a < predictors ? width : 1);
            if (a < predictors)
                Gemv.AccumulateTransposed(x, n, width, stride, score[a], gradient);
            else
                gradient[0] += TensorPrimitives.Sum<double>(score[a].AsSpan(0, n));
            for (int b = 0; b <= a; b++, k++)
            {
                if (a < predictors)
                    WeightedGram.Accumulate(x, n, width, stride, weight[k], blocks[k]);
                else if (b < predictors)
                    Gemv.AccumulateTransposed(x, n, width, stride, weight[k], blocks[k]);
                else
                    blocks[k][0] += TensorPrimitives.Sum<double>(weight[k].AsSpan(0, n));
            }
        }
    }

    private void AddRow(in RowBlock rows, int row, int i)
    {
        double w = rows.Weight(row);
        Array.Clear(rowScore);
        Array.Clear(rowInformation);
        if (w > 0)
        {
            for (int a = 0; a < predictors; a++)
                point[a] = eta[a * Rows + i];
            LogLikelihood += w * response.Terms(rows.Response[row], rows.Offset(row), point, rowScore, rowInformation);
        }
        for (int a = 0; a < rowScore.Length; a++)
            score[a][i] = w * rowScore[a];
        for (int k = 0; k < rowInformation.Length; k++)
            weight[k][i] = w * rowInformation[k];
    }
}
