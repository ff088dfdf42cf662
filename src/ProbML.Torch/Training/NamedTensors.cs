using System.Collections;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>Tensors by name, in a fixed order: the parameters of a module, or something that goes with each of them.</summary>
internal sealed class NamedTensors : IEnumerable<(string Name, Tensor Value)>, IDisposable
{
    private NamedTensors(string[] names, Tensor[] values) => (Names, Values) = (names, values);

    public string[] Names { get; }

    public Tensor[] Values { get; }

    /// <summary>No tensors.</summary>
    public static NamedTensors None { get; } = new([], []);

    /// <summary>The parameters that are trained, in the order of their names.</summary>
    public static NamedTensors ParametersOf(nn.Module module) =>
        Of(module.named_parameters().Where(one => one.parameter.requires_grad).Select(one => (one.name, (Tensor)one.parameter)));

    /// <summary>All that a module consists of, parameters and buffers, in the order of their names.</summary>
    public static NamedTensors StateOf(nn.Module module) => Of(
        module.named_parameters().Select(one => (one.name, (Tensor)one.parameter))
            .Concat(module.named_buffers().Select(one => (one.name, one.buffer))));

    /// <summary>A tensor for each of these, outside of any scope.</summary>
    public NamedTensors Map(string prefix, Func<Tensor, Tensor> map)
    {
        using var gradients = no_grad();
        return new(
            [.. Names.Select(name => prefix + name)],
            [.. Values.Select(value => map(value).DetachFromDisposeScope())]);
    }

    /// <summary>Copies, outside of any scope.</summary>
    public NamedTensors Copy(string prefix = "") => Map(prefix, value => value.detach().clone());

    /// <summary>Takes the values of others, in place.</summary>
    public void Take(NamedTensors others)
    {
        using var gradients = no_grad();
        for (int i = 0; i < Values.Length; i++)
            Values[i].copy_(others.Values[i]);
    }

    public void Dispose()
    {
        foreach (var value in Values)
            value.Dispose();
    }

    public IEnumerator<(string Name, Tensor Value)> GetEnumerator() =>
        Names.Zip(Values).Select(one => (one.First, one.Second)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static NamedTensors Of(IEnumerable<(string Name, Tensor Value)> all)
    {
        var ordered = all.OrderBy(one => one.Name, StringComparer.Ordinal).ToArray();
        return new([.. ordered.Select(one => one.Name)], [.. ordered.Select(one => one.Value)]);
    }
}
