using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ProbML.Vae;

/// <summary>ln p(x | z) = Σ over groups of columns: a decoder's numbers become densities.</summary>
internal sealed class LikelihoodHead : Module
{
    private readonly GroupDensity[] groups;

    public LikelihoodHead(LikelihoodLayout layout, ColumnStatistics statistics, ScalarType type = ScalarType.Float32)
        : base(nameof(LikelihoodHead))
    {
        Layout = layout;
        groups = [.. layout.Groups.Where(group => group.ParameterCount > 0).Select(Create)];
        for (int g = 0; g < groups.Length; g++)
        {
            register_module($"group{g + 1}", groups[g]);
            if (groups[g].Group.Start >= 0)
                continue;
            long[] places = [.. groups[g].Group.Columns.Select(column => (long)column)];
            register_buffer($"columns{g + 1}", tensor(places).DetachFromDisposeScope());
        }

        GroupDensity Create(LikelihoodGroup group) => group.Likelihood switch
        {
            BernoulliLikelihood => new BernoulliDensity(group, statistics, type),
            GaussianLikelihood => new GaussianDensity(group, statistics, type),
            CategoricalLikelihood => new CategoricalDensity(group, statistics, type),
            PoissonLikelihood or NegativeBinomialLikelihood => new CountDensity(group, statistics, type),
            _ => throw new ArgumentException($"The likelihood {group.Likelihood} cannot be trained."),
        };
    }

    public LikelihoodLayout Layout { get; }

    /// <summary>How many numbers the decoder gives a row.</summary>
    public int RawWidth => groups.Sum(group => group.RawWidth);

    /// <summary>The groups of which there is a density.</summary>
    public IReadOnlyList<GroupDensity> Groups => groups;

    /// <summary>ln p(x | z), [..., n].</summary>
    /// <param name="x">[n, d].</param>
    /// <param name="raw">[..., n, raw width].</param>
    public Tensor LogDensity(Tensor x, Tensor raw)
    {
        Tensor? total = null;
        int start = 0;
        for (int g = 0; g < groups.Length; g++)
        {
            var group = groups[g];
            var numbers = groups.Length == 1 ? raw : raw.narrow(-1, start, group.RawWidth);
            start += group.RawWidth;
            var density = group.LogDensity(ColumnsOf(g, x), numbers);
            total = total is null ? density : total.Plus(density);
        }
        return total!;
    }

    /// <summary>Draws bits for the columns that hold probabilities, [n, d].</summary>
    public Tensor DrawBits(Tensor x, Generator random)
    {
        if (!groups.Any(group => group is BernoulliDensity { DrawsBits: true }))
            return x;
        if (groups is [{ Width: var width }] && width == x.size(1) && !groups[0].HasMissing)
            return x.bernoulli(random);
        var drawn = x.clone();
        for (int g = 0; g < groups.Length; g++)
        {
            if (groups[g] is not BernoulliDensity { DrawsBits: true })
                continue;
            var values = ColumnsOf(g, x);
            var bits = values.nan_to_num(0.0).bernoulli(random).where(values.isnan().logical_not(), values);
            drawn.index_copy_(1, Places(g, x.device), bits);
        }
        return drawn;
    }

    /// <summary>The numbers of the network that give each column its own mean, [raw width].</summary>
    public float[] StartBias()
    {
        var bias = new float[RawWidth];
        int start = 0;
        foreach (var group in groups)
        {
            group.StartBias(bias.AsSpan(start, group.RawWidth));
            start += group.RawWidth;
        }
        return bias;
    }

    /// <summary>The layout's parameters, [n, parameter count].</summary>
    public OnnxValue Emit(IOnnxGraph graph, OnnxValue raw)
    {
        if (groups.Length == 1)
            return groups[0].Emit(graph, raw);
        long[] widths = [.. groups.Select(group => (long)group.RawWidth)];
        var parts = graph.Nodes(
            "Split", [raw], groups.Length, OnnxArgument.Of("axis", 1), OnnxArgument.Of("split", widths));
        OnnxValue[] parameters = [.. groups.Zip(parts, (group, part) => group.Emit(graph, part))];
        return graph.Node("Concat", parameters, OnnxArgument.Of("axis", 1));
    }

    private Tensor ColumnsOf(int group, Tensor x)
    {
        var one = groups[group];
        if (one.Width == x.size(-1))
            return x;
        return one.Group.Start >= 0
            ? x.narrow(-1, one.Group.Start, one.Width)
            : x.index_select(-1, get_buffer($"columns{group + 1}")!);
    }

    private Tensor Places(int group, Device device)
    {
        if (get_buffer($"columns{group + 1}") is { } columns)
            return columns;
        var one = groups[group];
        return tensor([.. Enumerable.Range(one.Group.Start, one.Width).Select(column => (long)column)], device: device);
    }
}
