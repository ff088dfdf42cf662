using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ProbML.Vae;

/// <summary>ln p(x_g | z) of one group of columns as a tensor, with the parameters of it that no network computes.</summary>
internal abstract class GroupDensity : Module
{
    // Kept: a scalar made for one call may be finalized while native code still reads it.
    protected static readonly Scalar Zero = Scalars.Of(0);

    protected GroupDensity(LikelihoodGroup group, ColumnStatistics statistics, ScalarType type)
        : base(group.Likelihood.ToString())
    {
        Group = group;
        Type = type;
        HasMissing = group.Columns.Any(column => statistics.HasMissing[column]);
    }

    public LikelihoodGroup Group { get; }

    public int Width => Group.Columns.Count;

    /// <summary>How many numbers of a network it takes a row.</summary>
    public virtual int RawWidth => Width;

    protected ScalarType Type { get; }

    /// <summary>Whether the training rows have missing values in the group.</summary>
    public bool HasMissing { get; }

    /// <summary>ln p(x_g | z) over observed columns, [..., n].</summary>
    /// <param name="x">[n, w].</param>
    /// <param name="raw">[..., n, raw width].</param>
    public virtual Tensor LogDensity(Tensor x, Tensor raw)
    {
        if (!HasMissing)
            return Terms(x, raw).sum(-1);
        var missing = x.isnan();
        return Terms(x.nan_to_num(0.0), raw).masked_fill(missing, Zero).sum(-1);
    }

    /// <summary>The parameters of the likelihood, [n, parameters of the group].</summary>
    public abstract OnnxValue Emit(IOnnxGraph graph, OnnxValue raw);

    /// <summary>The network's numbers, [raw width], that give each column its own mean.</summary>
    public abstract void StartBias(Span<float> bias);

    /// <summary>ln p of each column, [..., n, w].</summary>
    protected abstract Tensor Terms(Tensor x, Tensor raw);

    /// <summary>A number for each column that training moves.</summary>
    protected Parameter Learned(string name, double[] start)
    {
        var parameter = new Parameter(tensor(start, Type));
        parameter.DetachFromDisposeScope();
        register_parameter(name, parameter);
        return parameter;
    }

    /// <summary>A number for each column that stays.</summary>
    protected Tensor Kept(string name, double[] values)
    {
        var buffer = tensor(values, Type).DetachFromDisposeScope();
        register_buffer(name, buffer);
        return buffer;
    }

    protected double[] Select(Func<int, double> ofColumn) => [.. Group.Columns.Select(ofColumn)];

    /// <summary>A constant row in as many rows as another value has.</summary>
    protected static OnnxValue Rows(IOnnxGraph graph, float[] row, OnnxValue like) =>
        graph.Node("Expand", [graph.Constant(row, [1, row.Length]), graph.Node("Shape", [like])]);

    protected static OnnxValue Row(IOnnxGraph graph, float[] row) => graph.Constant(row, [1, row.Length]);

    protected static OnnxValue Join(IOnnxGraph graph, params ReadOnlySpan<OnnxValue> values) =>
        graph.Node("Concat", values, OnnxArgument.Of("axis", 1));
}
