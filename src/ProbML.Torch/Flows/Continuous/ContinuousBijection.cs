using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>
/// u = z(1) of dz/dt = f(z, t), z(0) = x, with f a perceptron; ln |det ∂u/∂x| = ∫₀¹ tr ∂f/∂z dt. The inverse runs back in
/// time.
/// </summary>
/// <remarks>
/// Chen et al. (2018), theorem 1; Grathwohl et al. (2019), eqs. 2–4. Integrated by an adaptive pair of Runge–Kutta formulas;
/// gradients go back through the steps that were accepted, so that they are those of the numbers computed (an adjoint
/// equation solved backwards has an error of its own). The trace is exact but in training, where it may be estimated.
/// </remarks>
public sealed class ContinuousBijection : Bijection, ITrainingLayer
{
    private const int FewColumns = 8;

    private readonly Dynamics dynamics;
    private readonly DormandPrince solver;
    private readonly TraceEstimator estimator;

    private Generator? random;

    /// <summary>Makes the identity.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="hidden">Units of the hidden layers of f; none: f is affine.</param>
    /// <param name="random">Draws the first weights.</param>
    /// <param name="options">Tolerance and trace.</param>
    public ContinuousBijection(
        int dimension, IReadOnlyList<int> hidden, Generator random, ContinuousFlowOptions? options = null)
        : base(dimension, nameof(ContinuousBijection))
    {
        ArgumentNullException.ThrowIfNull(hidden);
        new MultilayerPerceptronOptions { HiddenSizes = hidden }.Validate();
        options ??= new();
        options.Validate();
        solver = new(options.Tolerance);
        dynamics = new(dimension, hidden, random);
        estimator = options.Trace != TraceEstimator.Automatic ? options.Trace
            : dynamics.IsTraceCheap || dimension <= FewColumns ? TraceEstimator.Exact
            : TraceEstimator.Rademacher;
        RegisterComponents();
    }

    /// <summary>f.</summary>
    internal Dynamics Dynamics => dynamics;

    /// <summary>The steps of a graph; tensors take as many if <see cref="IsFixed"/>.</summary>
    internal int GraphSteps { get; set; } = 32;

    /// <summary>Whether tensors go by equal steps as graphs do.</summary>
    internal bool IsFixed { get; set; }

    /// <inheritdoc/>
    public void BeginTraining(Generator random, bool bfloat16Products) => this.random = random;

    /// <inheritdoc/>
    public void EndTraining() => random = null;

    /// <inheritdoc/>
    protected internal override (FlowValue Noise, FlowValue? Terms) Map(FlowValue x, FlowValue? context) => Solve(x, 0, 1);

    /// <inheritdoc/>
    protected internal override (FlowValue Data, FlowValue? Terms) MapBack(FlowValue noise, FlowValue? context) =>
        Solve(noise, 1, 0);

    private (FlowValue State, FlowValue LogDet) Solve(FlowValue start, double from, double to)
    {
        var weights = dynamics.TraceWeights();
        var probe = Probe(start);
        var state = start.Join(start.Narrow(1, 0, 1).Zeros());
        FlowValue Slope(FlowValue time, FlowValue at)
        {
            var (slope, trace) = dynamics.At(at.Narrow(1, 0, Dimension), time, weights, probe);
            return slope.Join(trace);
        }
        var end = state is TensorValue tensors && !IsFixed
            ? new TensorValue(solver.Adaptive(Slope, tensors.Tensor, from, to))
            : DormandPrince.Fixed(Slope, state, from, to, GraphSteps);
        return (end.Narrow(1, 0, Dimension), end.Narrow(1, Dimension, 1));
    }

    /// <summary>v of Hutchinson's estimate, one for each row and solve; null: the trace is exact.</summary>
    private TensorValue? Probe(FlowValue start)
    {
        if (estimator == TraceEstimator.Exact || random is null || !training || start is not TensorValue { Tensor: var x })
            return null;
        if (estimator == TraceEstimator.Gaussian)
            return new(randn(x.shape, dtype: x.dtype, device: x.device, generator: random));
        var signs = rand(x.shape, dtype: x.dtype, device: x.device, generator: random) - Scalars.Of(0.5);
        return new(where(signs.ge(Scalars.Of(0)), ones_like(signs), -ones_like(signs)));
    }
}
