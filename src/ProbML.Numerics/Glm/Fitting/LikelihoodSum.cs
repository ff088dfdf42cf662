using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>One pass at given coefficients: deviance, gradient and information of the unit-dispersion log-likelihood.</summary>
internal sealed partial class LikelihoodSum : IBlockSum<LikelihoodSum>, ILikelihood
{
    private readonly GlmPoint point;
    private readonly Information kind;
    private readonly bool withTheta;
    private readonly int width, stride;
    private readonly double[] z, mixed;

    public LikelihoodSum(GlmPoint point, Information kind, bool withTheta, RowStatistics? statistics = null)
    {
        (this.point, this.kind, this.withTheta) = (point, kind, withTheta);
        (width, stride) = (point.Transform.Width, point.Transform.Stride);
        Rows = new RowLikelihood(point, kind, withTheta, statistics);
        z = GC.AllocateArray<double>(RowLikelihood.Capacity * stride, pinned: true);
        mixed = point.Transform.Mixing is null ? [] : new double[RowLikelihood.Capacity * stride];
        Gradient = new double[width];
        Information = new double[width * width];
        ThetaCross = new double[withTheta ? width : 0];
    }

    /// <inheritdoc/>
    public RowLikelihood Rows { get; }

    /// <summary>What else is counted of the rows, in passes that ask for it.</summary>
    public RowStatistics Statistics => Rows.Statistics;

    /// <summary>Σ w d(y, μ).</summary>
    public double Deviance => Rows.Deviance;

    /// <summary>Whether every row of positive weight has a mean inside the family's domain.</summary>
    public bool IsValid => Rows.IsValid;

    /// <summary>∂l/∂b, [q]; started from the responses, Zᵀ W (g(μ) − offset) instead.</summary>
    public double[] Gradient { get; }

    /// <summary>Zᵀ W Z, [q, q], lower triangle.</summary>
    public double[] Information { get; }

    /// <summary>l, with θ's normalising terms: what is maximised where θ is estimated.</summary>
    public double LogLikelihood => Rows.LogLikelihood;

    /// <summary>∂l/∂θ.</summary>
    public double ThetaScore => Rows.ThetaScore;

    /// <summary>−∂²l/∂θ².</summary>
    public double ThetaInformation => Rows.ThetaInformation;

    /// <summary>−∂²l/∂b∂θ, [q].</summary>
    public double[] ThetaCross { get; }

    public void Clear()
    {
        Rows.Clear();
        Array.Clear(Gradient);
        Array.Clear(Information);
        Array.Clear(ThetaCross);
    }

    public void Add(in RowBlock rows)
    {
        for (int start = 0; start < rows.Count && IsValid; start += RowLikelihood.Capacity)
            AddSome(rows, start, Math.Min(RowLikelihood.Capacity, rows.Count - start));
    }

    public void Merge(LikelihoodSum other)
    {
        Rows.Merge(other.Rows);
        System.Numerics.Tensors.TensorPrimitives.Add(Gradient, other.Gradient, Gradient);
        System.Numerics.Tensors.TensorPrimitives.Add(Information, other.Information, Information);
        System.Numerics.Tensors.TensorPrimitives.Add(ThetaCross, other.ThetaCross, ThetaCross);
    }

    /// <inheritdoc/>
    public NewtonStep? Step(GlmPoint point, Penalty penalty, Information kind, bool withTheta) =>
        NewtonStep.Solve(this, point, penalty, kind, withTheta);

    /// <inheritdoc/>
    public double[] Pivots(Penalty penalty)
    {
        double[] a = [.. Information];
        for (int j = 0; j < width; j++)
            a[j * width + j] += penalty.L2[j] + penalty.L1[j];
        return new RankRevealingCholesky(a, width, 0).SquaredPivots;
    }

    private void AddSome(in RowBlock rows, int start, int count)
    {
        point.Transform.Apply(rows, start, count, z, mixed);
        Gemv.Multiply(z, count, width, stride, point.Coefficients, Rows.Eta);
        if (!Rows.Add(rows, start, count))
            return;
        Gemv.AccumulateTransposed(z, count, width, stride, Rows.Score, Gradient);
        WeightedGram.Accumulate(z, count, width, stride, Rows.Weight, Information);
        if (withTheta)
            Gemv.AccumulateTransposed(z, count, width, stride, Rows.Cross, ThetaCross);
    }
}
