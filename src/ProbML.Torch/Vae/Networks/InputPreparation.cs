using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ProbML.Vae;

/// <summary>
/// What the encoder sees of a row: (t(x) − c) / s with t the identity, or ln(1 + x) for counts; a missing value as its
/// column's mean, and beside it 1 in an indicator, for columns that have missing values in training.
/// </summary>
internal sealed class InputPreparation : Module<Tensor, Tensor>, IOnnxModule
{
    private static readonly Scalar Zero = Scalars.Of(0);
    private readonly bool standardises;
    private readonly bool takesLogs;
    private readonly bool hasMissing;
    private readonly long[] indicated;

    public InputPreparation(
        LikelihoodLayout layout, ColumnStatistics statistics, bool indicateAll = false, ScalarType type = ScalarType.Float32)
        : base(nameof(InputPreparation))
    {
        int d = layout.FeatureNames.Count;
        double[] centre = new double[d], inverse = new double[d], isCount = new double[d], fill = new double[d];
        var likelihoods = layout.ByColumn();
        for (int j = 0; j < d; j++)
        {
            (centre[j], inverse[j], isCount[j]) = likelihoods[j] switch
            {
                GaussianLikelihood => (statistics.Mean[j], 1 / statistics.StandardDeviation[j], 0),
                PoissonLikelihood or NegativeBinomialLikelihood => LogScale(statistics.Mean[j], statistics.StandardDeviation[j]),
                ConstantLikelihood constant => (constant.Value, 0, 0),
                _ => (0.0, 1.0, 0.0),
            };
            fill[j] = likelihoods[j] is BernoulliLikelihood or CategoricalLikelihood ? statistics.Mean[j] : 0;
        }
        standardises = centre.Any(c => c != 0) || inverse.Any(s => s != 1);
        takesLogs = isCount.Any(flag => flag != 0);
        hasMissing = statistics.AnyMissing;
        indicated = [.. Enumerable.Range(0, d)
            .Where(j => statistics.HasMissing[j] || (indicateAll && hasMissing)).Select(j => (long)j)];
        Keep("centre", centre);
        Keep("inverse", inverse);
        Keep("isCount", isCount);
        Keep("fill", fill);
        register_buffer("places", tensor(indicated).DetachFromDisposeScope());
        OutputCount = d + indicated.Length;

        void Keep(string name, double[] values) => register_buffer(name, tensor(values, type).DetachFromDisposeScope());
    }

    /// <summary>The encoder's inputs: d, and one for each column with an indicator.</summary>
    public int OutputCount { get; }

    public override Tensor forward(Tensor x)
    {
        var values = x;
        if (takesLogs)
            values = values.clamp_min(Zero).log1p().where(Buffer("isCount") != Zero, values);
        if (standardises)
            values = (values - Buffer("centre")) * Buffer("inverse");
        if (!hasMissing)
            return values;
        var missing = x.isnan();
        values = Buffer("fill").where(missing, values);
        return cat([values, missing.index_select(1, Buffer("places")).to(x.dtype)], 1);
    }

    public OnnxValue Emit(IOnnxGraph graph, OnnxValue input)
    {
        var values = input;
        if (takesLogs)
        {
            var floor = graph.Node("Max", [input, graph.Constant([0f], [1])]);
            var logs = graph.Node("Log", [graph.Node("Add", [floor, graph.Constant([1f], [1])])]);
            var isCount = graph.Node("Greater", [graph.Constant(Buffer("isCount"), "isCount"), graph.Constant([0f], [1])]);
            values = graph.Node("Where", [isCount, logs, input]);
        }
        if (standardises)
        {
            values = graph.Node("Sub", [values, graph.Constant(Buffer("centre"), "centre")]);
            values = graph.Node("Mul", [values, graph.Constant(Buffer("inverse"), "inverse")]);
        }
        var missing = graph.Node("IsNaN", [input]);
        values = graph.Node("Where", [missing, graph.Constant(Buffer("fill"), "fill"), values]);
        if (indicated.Length == 0)
            return values;
        var all = graph.Node("Cast", [missing], OnnxArgument.Of("to", 1));
        var some = graph.Node("Gather", [all, graph.Constant(indicated, [indicated.Length])], OnnxArgument.Of("axis", 1));
        return graph.Node("Concat", [values, some], OnnxArgument.Of("axis", 1));
    }

    private Tensor Buffer(string name) => get_buffer(name)!;

    /// <summary>Centre and scale of ln(1 + x), to first order from the mean and standard deviation of x.</summary>
    private static (double Centre, double Inverse, double IsCount) LogScale(double mean, double deviation) =>
        (Elementary.Log1p(mean), 1 / Math.Max(deviation / (1 + mean), 0.1), 1);
}
