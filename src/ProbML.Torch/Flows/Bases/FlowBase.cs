using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>The density of a flow's noise.</summary>
public abstract class FlowBase : nn.Module
{
    private protected FlowBase(int dimension, string name)
        : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Dimension = dimension;
    }

    /// <summary>The number of columns, d.</summary>
    public int Dimension { get; }

    /// <summary>Whether its columns are independent: the log density is then a sum over them.</summary>
    public virtual bool IsIndependent => true;

    /// <summary>Terms whose sum is ln b(u): [n, d], one a column, where they are independent, else [n, 1].</summary>
    /// <param name="noise">u, [n, d].</param>
    internal abstract FlowValue LogDensity(FlowValue noise);

    /// <summary>The distribution with the parameters as they are now.</summary>
    internal abstract NoiseDistribution ToDistribution();

    /// <summary>ln b(u), [n].</summary>
    /// <param name="noise">u, [n, d].</param>
    public Tensor LogDensity(Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        return TensorValue.Of(LogDensity(new TensorValue(noise))).sum(-1);
    }

    private protected static double[] Numbers(Tensor values)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return [.. values.detach().to(ScalarType.Float64, CPU).contiguous().flatten().data<double>().ToArray()];
    }
}
