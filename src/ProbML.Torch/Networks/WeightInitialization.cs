using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>How weights of n inputs and m outputs begin, drawn from a generator of one's own.</summary>
public enum WeightInitialization
{
    /// <summary>Uniform on ±1/√n: what PyTorch gives its linear and convolution layers.</summary>
    FanIn,

    /// <summary>Uniform on ±√(6/n). He et al. (2015), §2.2, for rectifiers.</summary>
    KaimingUniform,

    /// <summary>Normal of variance 2/n. He et al. (2015), eq. 10.</summary>
    KaimingNormal,

    /// <summary>Uniform on ±√(6/(n + m)). Glorot and Bengio (2010), eq. 16.</summary>
    XavierUniform,

    /// <summary>Normal of variance 2/(n + m). Glorot and Bengio (2010), eq. 12.</summary>
    XavierNormal,

    /// <summary>0, for layers that are to begin as nothing.</summary>
    Zero,
}

/// <summary>Makes parameters, outside of any scope and without the global generator.</summary>
internal static class Initial
{
    /// <summary>Weights of a shape.</summary>
    public static Parameter Weight(
        WeightInitialization initialization, Generator random, double inputs, double outputs, params long[] shape)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        Tensor Uniform(double bound) => (rand(shape, generator: random) * Scalars.Of(2) - Scalars.Of(1)) * Scalars.Of(bound);
        Tensor Normal(double variance) => randn(shape, generator: random) * Scalars.Of(Math.Sqrt(variance));
        return Parameter(initialization switch
        {
            WeightInitialization.FanIn => Uniform(1 / Math.Sqrt(inputs)),
            WeightInitialization.KaimingUniform => Uniform(Math.Sqrt(6 / inputs)),
            WeightInitialization.KaimingNormal => Normal(2 / inputs),
            WeightInitialization.XavierUniform => Uniform(Math.Sqrt(6 / (inputs + outputs))),
            WeightInitialization.XavierNormal => Normal(2 / (inputs + outputs)),
            WeightInitialization.Zero => zeros(shape),
            _ => throw new ArgumentOutOfRangeException(
                nameof(initialization), initialization, "There is no such initialization."),
        });
    }

    /// <summary>Biases: as PyTorch's with FanIn, else 0.</summary>
    public static Parameter Bias(WeightInitialization initialization, Generator random, double inputs, long outputs) =>
        Weight(
            initialization == WeightInitialization.FanIn ? initialization : WeightInitialization.Zero,
            random,
            inputs,
            outputs,
            outputs);

    /// <summary>A parameter of one value throughout.</summary>
    public static Parameter Constant(double value, long count)
    {
        using var scope = NewDisposeScope();
        return Parameter(full(count, Scalars.Of(value), dtype: ScalarType.Float32));
    }

    private static Parameter Parameter(Tensor values)
    {
        var parameter = nn.Parameter(values.MoveToOuterDisposeScope());
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
