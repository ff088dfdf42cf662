using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>u_j = x_{π(j)}: the columns in another order; ln |det| = 0.</summary>
public sealed class Permutation : Bijection
{
    private readonly long[] order;
    private readonly long[] back;

    /// <summary>Takes an order.</summary>
    /// <param name="order">π: for each column of u, that of x, from 0.</param>
    /// <exception cref="ArgumentException">A column is missing or there twice.</exception>
    public Permutation(IReadOnlyList<int> order)
        : base((order ?? throw new ArgumentNullException(nameof(order))).Count, nameof(Permutation))
    {
        if (!order.Order().SequenceEqual(Enumerable.Range(0, order.Count)))
            throw new ArgumentException(
                $"A permutation must hold each of 0 to {order.Count - 1} once, but is {string.Join(", ", order)}.", nameof(order));
        this.order = [.. order.Select(column => (long)column)];
        back = new long[order.Count];
        for (int j = 0; j < back.Length; j++)
            back[order[j]] = j;
    }

    /// <summary>For each column of u, that of x.</summary>
    internal IReadOnlyList<long> Order => order;

    /// <summary>The last column first.</summary>
    public static Permutation Reverse(int dimension) => new([.. Enumerable.Range(0, dimension).Reverse()]);

    /// <summary>An order drawn from a generator.</summary>
    public static Permutation Random(int dimension, Generator random)
    {
        using var scope = NewDisposeScope();
        return new([.. randperm(dimension, generator: random).data<long>().ToArray().Select(column => (int)column)]);
    }

    /// <inheritdoc/>
    protected internal override (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context) =>
        (x.Columns(order), null);

    /// <inheritdoc/>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context) =>
        (noise.Columns(back), null);
}
