using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>The values of linear regressions, from the folds' cross-products alone.</summary>
internal sealed class GramPathValues : IPathValues
{
    private readonly FoldGram sum;
    private readonly double[] origin;
    private readonly Dictionary<int, (double[] Gram, double[] Cross, double Squares)> fitted = [];

    public GramPathValues(FoldGram sum, double[] origin)
    {
        (this.sum, this.origin) = (sum, origin);
        int q = origin.Length;
        foreach (double[] gram in sum.Gram)
        {
            for (int i = 0; i < q; i++)
            {
                for (int j = 0; j < i; j++)
                    gram[j * q + i] = gram[i * q + j];
            }
        }
    }

    public long Rows => 0;

    public IReadOnlyList<PathValue> At(IReadOnlyList<PathProblem> problems) => [.. problems.Select(At)];

    private PathValue At(PathProblem problem)
    {
        if (!fitted.TryGetValue(problem.Fold, out var part))
            fitted[problem.Fold] = part = AllBut(problem.Fold);
        var step = new double[origin.Length];
        TensorPrimitives.Subtract(problem.Trial, origin, step);
        var (deviance, gradient) = At(part.Gram, part.Cross, part.Squares, step);
        int f = problem.Fold;
        double heldOut = f == 0 ? 0 : At(sum.Gram[f], sum.Cross[f], sum.Squares[f], step).Deviance;
        return new(deviance, heldOut, gradient, problem.WantsInformation ? part.Gram : null);
    }

    /// <summary>‖r − Z s‖² and Zᵀ(r − Z s).</summary>
    private static (double Deviance, double[] Gradient) At(double[] gram, double[] cross, double squares, double[] step)
    {
        int q = step.Length;
        double deviance = squares;
        var gradient = new double[q];
        for (int j = 0; j < q; j++)
        {
            gradient[j] = cross[j] - TensorPrimitives.Dot<double>(gram.AsSpan(j * q, q), step);
            deviance -= step[j] * (cross[j] + gradient[j]);
        }
        return (Math.Max(0, deviance), gradient);
    }

    private (double[] Gram, double[] Cross, double Squares) AllBut(int left)
    {
        int q = origin.Length;
        double[] gram = new double[q * q], cross = new double[q];
        double squares = 0;
        for (int f = 0; f < sum.Gram.Length; f++)
        {
            if (f == left && f > 0)
                continue;
            TensorPrimitives.Add(gram, sum.Gram[f], gram);
            TensorPrimitives.Add(cross, sum.Cross[f], cross);
            squares += sum.Squares[f];
        }
        return (gram, cross, squares);
    }
}
