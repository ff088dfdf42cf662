using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>Σ of a symmetric matrix over the parameters, [P, P], in a block for each pair of predictors or constants.</summary>
/// <param name="predictors">m, the linear predictors.</param>
/// <param name="count">Predictors and constants together.</param>
/// <param name="width">q, the coefficients of a predictor.</param>
internal sealed class VectorBlocks(int predictors, int count, int width)
{
    /// <summary>[pairs]: q × q numbers for two predictors (the lower triangle), q for one and a constant, 1 for two constants.</summary>
    private readonly double[][] blocks =
    [
        .. Enumerable.Range(0, count).SelectMany(a => Enumerable.Range(0, a + 1)
            .Select(b => new double[a < predictors ? width * width : b < predictors ? width : 1])),
    ];

    /// <summary>Where the parameters of a predictor or constant begin.</summary>
    public int Place(int a) => a < predictors ? a * width : predictors * width + a - predictors;

    public void Clear()
    {
        foreach (double[] block in blocks)
            Array.Clear(block);
    }

    /// <summary>Adds Σ weight zzᵀ, with z = 1 for constants.</summary>
    /// <param name="x">z, [n, stride].</param>
    /// <param name="n">Rows.</param>
    /// <param name="stride">Numbers from one row to the next.</param>
    /// <param name="weights">Of a and b ≤ a at a(a+1)/2 + b, [pairs][n].</param>
    public void Add(ReadOnlySpan<double> x, int n, int stride, double[][] weights)
    {
        for (int a = 0, k = 0; a < count; a++)
        {
            for (int b = 0; b <= a; b++, k++)
            {
                if (a < predictors)
                    WeightedGram.Accumulate(x, n, width, stride, weights[k], blocks[k]);
                else if (b < predictors)
                    Gemv.AccumulateTransposed(x, n, width, stride, weights[k], blocks[k]);
                else
                    blocks[k][0] += TensorPrimitives.Sum<double>(weights[k].AsSpan(0, n));
            }
        }
    }

    public void Merge(VectorBlocks other)
    {
        for (int k = 0; k < blocks.Length; k++)
            TensorPrimitives.Add(blocks[k], other.blocks[k], blocks[k]);
    }

    public void Write(BinaryWriter writer)
    {
        foreach (double[] block in blocks)
            writer.WriteArray(block);
    }

    public void Read(BinaryReader reader)
    {
        foreach (double[] block in blocks)
            reader.ReadDoubles(block.Length, "information").CopyTo(block, 0);
    }

    /// <summary>The matrix, [P, P], both triangles.</summary>
    public double[] Full()
    {
        int n = predictors * width + count - predictors;
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
}
