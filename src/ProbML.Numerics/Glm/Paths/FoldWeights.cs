namespace ProbML.Fitting;

/// <summary>Σw of each fold.</summary>
internal sealed class FoldWeights(FoldAssignment assignment, int folds) : IBlockSum<FoldWeights>
{
    /// <summary>Σw of fold f, [folds + 1]; none has the number 0.</summary>
    public double[] Weight { get; } = new double[folds + 1];

    public void Clear() => Array.Clear(Weight);

    public void Add(in RowBlock rows)
    {
        for (int i = 0; i < rows.Count; i++)
            Weight[assignment.Of(rows.RowNumber(i))] += rows.Weight(i);
    }

    public void Merge(FoldWeights other) =>
        System.Numerics.Tensors.TensorPrimitives.Add(Weight, other.Weight, Weight);
}
