namespace ProbML.Fitting;

/// <summary>−ln of the marginal likelihood by adaptive Gauss–Hermite quadrature, one coefficient a group.</summary>
/// <remarks>Nodes at û + √2 xₖ/√H about each group's mode: Pinheiro &amp; Bates (1995), J. Comput. Graph. Stat. 4, §2.3.</remarks>
internal sealed class QuadratureLikelihood(MixedProblem problem, LaplaceLikelihood laplace, int nodes)
{
    private readonly (double Node, double LogWeight)[] rule = HermiteRule.Of(nodes);

    /// <summary>The value at (β, θ); the gradient by differences, the values being exact to the last digits.</summary>
    public double Evaluate(ReadOnlySpan<double> at, Span<double> gradient)
    {
        double value = Value(at);
        double[] place = at.ToArray();
        for (int i = 0; i < gradient.Length; i++)
        {
            double step = 3e-4 * (1 + Math.Abs(at[i]));
            double sum = 0;
            foreach (var (shift, weight) in (ReadOnlySpan<(int, double)>)[(1, 8), (-1, -8), (2, -1), (-2, 1)])
            {
                place[i] = at[i] + shift * step;
                sum += weight * Value(place);
            }
            place[i] = at[i];
            gradient[i] = sum / (12 * step);
        }
        return value;
    }

    private double Value(ReadOnlySpan<double> at)
    {
        if (!laplace.TryMode(at, out var system, out var mode))
            return double.PositiveInfinity;
        var layout = problem.Layout;
        double[] spread = new double[layout.MainGroups];
        double l = system.Factors[0][0];
        for (int j = 0; j < spread.Length; j++)
        {
            double h = 1 + l * l * system.Blocks.Main[j];
            spread[j] = 1 / Math.Sqrt(h);
        }
        double[] place = at.ToArray();
        var sum = problem.Design.Sum(
            () => new NodeSum(problem, place, l, mode.Main, spread, rule), problem.Monitor, problem.Threads);
        double total = 0;
        for (int j = 0; j < layout.MainGroups; j++)
        {
            double largest = double.NegativeInfinity;
            double[] terms = new double[nodes];
            for (int k = 0; k < nodes; k++)
            {
                double u = mode.Main[j] + Math.Sqrt(2) * spread[j] * rule[k].Node;
                terms[k] = sum.Totals[j * nodes + k] - 0.5 * u * u + rule[k].LogWeight + rule[k].Node * rule[k].Node;
                largest = Math.Max(largest, terms[k]);
            }
            double inner = 0;
            foreach (double term in terms)
                inner += Math.Exp(term - largest);
            total += largest + Math.Log(inner) + Math.Log(spread[j]) - 0.5 * Math.Log(Math.PI);
        }
        return double.IsFinite(total) ? -total : double.PositiveInfinity;
    }

    /// <summary>The log-likelihood of each group at each node.</summary>
    private sealed class NodeSum(
        MixedProblem problem, double[] at, double l, double[] mode, double[] spread, (double Node, double LogWeight)[] rule)
        : IBlockSum<NodeSum>
    {
        private readonly EtaLikelihood likelihood = new(problem.Family, problem.Link, 0);
        private readonly List<(int Group, double[] Values)> rows = [];
        private double[] x = [];
        private double[]? totals;

        public double[] Totals => totals ??= new double[mode.Length * rule.Length];

        public void Clear() => rows.Clear();

        public void Add(in RowBlock block)
        {
            var (layout, transform) = (problem.Layout, problem.Transform);
            if (x.Length < block.Count * transform.Stride)
                x = new double[block.Count * transform.Stride];
            transform.Apply(block, 0, block.Count, x, []);
            Span<int> groups = stackalloc int[1];
            Span<double> z = stackalloc double[1];
            for (int i = 0; i < block.Count; i++)
            {
                if (!layout.TryGroups(block, i, groups) || !(block.Weight(i) > 0))
                    continue;
                layout.Main.Fill(block.Row(i), z);
                double eta = block.Offset(i) + System.Numerics.Tensors.TensorPrimitives.Dot<double>(
                    x.AsSpan(i * transform.Stride, layout.Fixed), at.AsSpan(0, layout.Fixed));
                var values = new double[rule.Length];
                for (int k = 0; k < values.Length; k++)
                {
                    double u = mode[groups[0]] + Math.Sqrt(2) * spread[groups[0]] * rule[k].Node;
                    values[k] = likelihood.LogLikelihood(block.Response[i], eta + z[0] * l * u, block.Weight(i));
                }
                rows.Add((groups[0], values));
            }
        }

        public void Merge(NodeSum other)
        {
            ArgumentNullException.ThrowIfNull(other);
            foreach (var (group, values) in other.rows)
            {
                for (int k = 0; k < values.Length; k++)
                    Totals[group * values.Length + k] += values[k];
            }
        }
    }
}
