using System.Numerics.Tensors;

namespace ProbML.Optimization;

/// <summary>The last pairs of steps s and changes of the gradient y, and the inverse Hessian H that they stand for.</summary>
/// <remarks>Nocedal &amp; Wright (2006), algorithm 7.4.</remarks>
/// <param name="capacity">The most pairs kept.</param>
internal sealed class LbfgsMemory(int capacity)
{
    private readonly LinkedList<(double[] Step, double[] Change, double Curvature)> pairs = [];

    /// <summary>Whether nothing is known yet.</summary>
    public bool IsEmpty => pairs.Count == 0;

    /// <summary>sᵀy / yᵀy of the newest pair: the usual scale of H; 1 where there is none.</summary>
    public double Scale => pairs.Last is { Value: var (_, change, curvature) }
        ? curvature / TensorPrimitives.SumOfSquares<double>(change)
        : 1;

    /// <summary>Adds a pair, if the function is convex along it.</summary>
    public void Remember(
        ReadOnlySpan<double> from, ReadOnlySpan<double> to, ReadOnlySpan<double> slopeBefore, ReadOnlySpan<double> slopeAfter)
    {
        double[] step = new double[from.Length], change = new double[from.Length];
        TensorPrimitives.Subtract(to, from, step);
        TensorPrimitives.Subtract(slopeAfter, slopeBefore, change);
        double curvature = TensorPrimitives.Dot<double>(step, change);
        if (!(curvature > 0))
            return;
        pairs.AddLast((step, change, curvature));
        if (pairs.Count > capacity)
            pairs.RemoveFirst();
    }

    /// <summary>Forgets all pairs.</summary>
    public void Clear() => pairs.Clear();

    /// <summary>H g, H₀ the diagonal <paramref name="scale"/>.</summary>
    public double[] Product(ReadOnlySpan<double> slope, ReadOnlySpan<double> scale) => Product(slope, scale, pairs);

    /// <summary>H g within the coordinates that are free to move, zero elsewhere; H₀ is <see cref="Scale"/>.</summary>
    public double[] Product(ReadOnlySpan<double> slope, bool[] free)
    {
        var scale = new double[slope.Length];
        scale.AsSpan().Fill(Scale);
        if (free.All(one => one))
            return Product(slope, scale, pairs);
        var restricted = new LinkedList<(double[], double[], double)>();
        foreach (var (step, change, _) in pairs)
        {
            double[] s = Only(step, free), y = Only(change, free);
            double curvature = TensorPrimitives.Dot<double>(s, y);
            if (curvature > 0)
                restricted.AddLast((s, y, curvature));
        }
        return Product(Only(slope, free), scale, restricted);
    }

    private static double[] Product(
        ReadOnlySpan<double> slope, ReadOnlySpan<double> scale, LinkedList<(double[] Step, double[] Change, double Curvature)> pairs)
    {
        double[] d = slope.ToArray();
        var alphas = new Stack<double>();
        for (var node = pairs.Last; node is not null; node = node.Previous)
        {
            double alpha = TensorPrimitives.Dot<double>(node.Value.Step, d) / node.Value.Curvature;
            alphas.Push(alpha);
            TensorPrimitives.MultiplyAdd(node.Value.Change, -alpha, d, d);
        }
        TensorPrimitives.Multiply(d, scale, d);
        foreach (var (step, change, curvature) in pairs)
        {
            double beta = TensorPrimitives.Dot<double>(change, d) / curvature;
            TensorPrimitives.MultiplyAdd(step, alphas.Pop() - beta, d, d);
        }
        return d;
    }

    private static double[] Only(ReadOnlySpan<double> values, bool[] free)
    {
        var kept = values.ToArray();
        for (int i = 0; i < kept.Length; i++)
            kept[i] = free[i] ? kept[i] : 0;
        return kept;
    }
}
