using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>One row as work on it sees it.</summary>
internal readonly ref struct MixedRow
{
    public required double Response { get; init; }

    public required double Weight { get; init; }

    /// <summary>η, offset included.</summary>
    public required double Eta { get; init; }

    /// <summary>The groups, dense places by factor.</summary>
    public required ReadOnlySpan<int> Groups { get; init; }

    /// <summary>z of all factors, one behind the other.</summary>
    public required ReadOnlySpan<double> Z { get; init; }

    /// <summary>The fixed columns, [p].</summary>
    public required ReadOnlySpan<double> X { get; init; }
}

/// <summary>What a pass takes of each row.</summary>
internal interface IMixedWork
{
    /// <summary>D, s and a value of the row; false: η is outside the domain.</summary>
    bool TryRow(in MixedRow row, out double information, out double score, out double value);
}

/// <summary>Coefficients on the scale of the columns: of the main factor's groups [J, q], and of the border [r + p].</summary>
internal sealed record MixedCoefficients(double[] Main, double[] Border)
{
    public static MixedCoefficients Zero(MixedLayout layout) => new(new double[layout.MainGroups * layout.Q], new double[layout.Border]);

    /// <summary>η of a row less its offset; a group that is not known adds nothing.</summary>
    public double Predictor(MixedLayout layout, ReadOnlySpan<int> groups, ReadOnlySpan<double> z, ReadOnlySpan<double> x)
    {
        double eta = TensorPrimitives.Dot(x, Border.AsSpan(layout.Random, layout.Fixed));
        for (int k = 0, from = 0; k < groups.Length; from += layout.Factors[k++].Width)
        {
            if (groups[k] < 0)
                continue;
            int width = layout.Factors[k].Width;
            double[] all = k == 0 ? Main : Border;
            for (int c = 0, at = layout.Starts[k] + groups[k] * width; c < width; c++)
                eta += z[from + c] * all[at + c];
        }
        return eta;
    }
}

/// <summary>A pass over the rows: rows are worked on side by side, and what they give is added to the blocks in their order.</summary>
internal sealed class MixedPass : IBlockSum<MixedPass>
{
    private readonly MixedProblem problem;
    private readonly MixedBlocks target;
    private readonly MixedCoefficients at;
    private readonly IMixedWork work;
    private readonly bool products, fixedProducts;
    private readonly int factors, width, p;
    private readonly double[] xx, xs;
    private double[] x = [], z = [], information = [], score = [];
    private int[] groups = [];
    private double value;
    private int count;

    private MixedPass(MixedProblem problem, MixedBlocks target, MixedCoefficients at, IMixedWork work, bool products, bool fixedProducts)
    {
        (this.problem, this.target, this.at, this.work) = (problem, target, at, work);
        (this.products, this.fixedProducts) = (products, fixedProducts);
        var layout = problem.Layout;
        (factors, width, p) = (layout.Factors.Length, layout.Factors.Sum(factor => factor.Width), layout.Fixed);
        (xx, xs) = (new double[p * p], new double[p]);
    }

    /// <summary>Fills the blocks.</summary>
    /// <param name="problem">The rows and their layout.</param>
    /// <param name="target">Cleared, then filled.</param>
    /// <param name="at">Where η is taken.</param>
    /// <param name="work">What each row gives.</param>
    /// <param name="products">Whether to sum D zzᵀ.</param>
    /// <param name="fixedProducts">Whether to sum D zxᵀ and D xxᵀ too.</param>
    public static void Run(
        MixedProblem problem, MixedBlocks target, MixedCoefficients at, IMixedWork work, bool products, bool fixedProducts)
    {
        target.Clear();
        problem.Design.Sum(
            () => new MixedPass(problem, target, at, work, products, fixedProducts), problem.Monitor, problem.Threads);
    }

    public void Clear()
    {
        (count, value) = (0, 0);
        Array.Clear(xx);
        Array.Clear(xs);
    }

    public void Add(in RowBlock rows)
    {
        var (layout, transform) = (problem.Layout, problem.Transform);
        count = rows.Count;
        if (score.Length < count)
        {
            (x, z) = (new double[count * transform.Stride], new double[count * width]);
            (information, score, groups) = (new double[count], new double[count], new int[count * factors]);
        }
        transform.Apply(rows, 0, count, x, []);
        for (int i = 0; i < count; i++)
        {
            var places = groups.AsSpan(i * factors, factors);
            if (!layout.TryGroups(rows, i, places) || !(rows.Weight(i) > 0))
            {
                places[0] = GroupingFactor.Unknown;
                continue;
            }
            var own = z.AsSpan(i * width, width);
            for (int k = 0, from = 0; k < factors; from += layout.Factors[k++].Width)
                layout.Factors[k].Fill(rows.Row(i), own[from..]);
            var columns = x.AsSpan(i * transform.Stride, p);
            var row = new MixedRow
            {
                Response = rows.Response[i],
                Weight = rows.Weight(i),
                Eta = rows.Offset(i) + at.Predictor(layout, places, own, columns),
                Groups = places,
                Z = own,
                X = columns,
            };
            if (!work.TryRow(row, out information[i], out score[i], out double one))
                one = double.NaN;
            value += one;
            TensorPrimitives.MultiplyAdd(columns, score[i], xs, xs);
            for (int c = 0; fixedProducts && c < p; c++)
                TensorPrimitives.MultiplyAdd(columns[..(c + 1)], information[i] * columns[c], xx.AsSpan(c * p, c + 1), xx.AsSpan(c * p, c + 1));
        }
    }

    public void Merge(MixedPass other)
    {
        ArgumentNullException.ThrowIfNull(other);
        target.Value += other.value;
        target.AddFixed(other.xx, other.xs);
        for (int i = 0; i < other.count; i++)
        {
            var places = other.groups.AsSpan(i * factors, factors);
            if (places[0] < 0)
                continue;
            var own = other.z.AsSpan(i * width, width);
            target.AddScore(places, own, other.score[i]);
            if (products)
                target.AddProducts(
                    places, own, other.x.AsSpan(i * problem.Transform.Stride, p), other.information[i], fixedProducts);
        }
    }
}
