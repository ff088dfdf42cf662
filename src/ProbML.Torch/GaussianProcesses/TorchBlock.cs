using static TorchSharp.torch;

namespace ProbML.GaussianProcesses;

/// <summary>Some rows of X against its first rows: where a block of K(X, X) is computed, [rows, columns], with gradients if they are wanted.</summary>
/// <remarks>
/// A free parameter is moved by a step s that is zero: a positive one is θ eˢ, a location c + s. So the derivative by s at 0 is that by
/// ln θ or c, whatever θ. To be used within a dispose scope.
/// </remarks>
internal sealed class TorchBlock
{
    private readonly TorchInputs inputs;
    private readonly List<LengthscaleLeaf> leaves = [];
    private readonly Tensor? steps;
    private Tensor? isSelf;

    /// <param name="inputs">X.</param>
    /// <param name="from">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="columns">Of how many first rows of X; the rows themselves must be among them.</param>
    /// <param name="parameters">How many free parameters; 0: no gradient is wanted.</param>
    public TorchBlock(TorchInputs inputs, int from, int rows, int columns, int parameters)
    {
        (this.inputs, From, Rows, Columns) = (inputs, from, rows, columns);
        if (parameters > 0)
            steps = zeros(parameters, ScalarType.Float64, inputs.Device, requires_grad: true);
    }

    public int From { get; }

    public int Rows { get; }

    public int Columns { get; }

    public int Features => inputs.Features;

    /// <summary>Whether derivatives are wanted.</summary>
    public bool HasGradient => steps is not null;

    /// <summary>x_d, [rows, 1].</summary>
    public Tensor Own(int feature) => inputs.Columns.select(0, feature).narrow(0, From, Rows).unsqueeze(1);

    /// <summary>z_d, [1, columns].</summary>
    public Tensor Other(int feature) => inputs.Columns.select(0, feature).narrow(0, 0, Columns).unsqueeze(0);

    /// <summary>x_d of some features, [rows, D].</summary>
    public Tensor Own(int[] features) => Chosen(features).narrow(1, From, Rows).t();

    /// <summary>z_d of some features, [D, columns].</summary>
    public Tensor Others(int[] features) => Chosen(features).narrow(1, 0, Columns);

    /// <summary>x_d − z_d, [rows, columns].</summary>
    public Tensor Difference(int feature) => Own(feature) - Other(feature);

    /// <summary>Where x and z are one row, [rows, columns].</summary>
    public Tensor IsSelf()
    {
        if (isSelf is not null)
            return isSelf;
        isSelf = zeros(Rows, Columns, ScalarType.Bool, inputs.Device);
        isSelf.narrow(1, From, Rows).copy_(eye(Rows, Rows, ScalarType.Bool, inputs.Device));
        return isSelf;
    }

    /// <summary>Numbers on the device.</summary>
    public Tensor Upload(ReadOnlySpan<double> numbers, params long[] shape) => inputs.Upload(numbers, shape);

    /// <summary>A positive parameter θ.</summary>
    public Tensor Positive(double value, int place) => Positive([value], place).squeeze(0);

    /// <summary>Positive parameters, [values].</summary>
    public Tensor Positive(ReadOnlySpan<double> values, int place)
    {
        var numbers = Upload(values, values.Length);
        return steps is null ? numbers : numbers * steps.narrow(0, place, values.Length).exp();
    }

    /// <summary>Parameters that may have any value, [values].</summary>
    public Tensor Plain(ReadOnlySpan<double> values, int place)
    {
        var numbers = Upload(values, values.Length);
        return steps is null ? numbers : numbers.Plus(steps.narrow(0, place, values.Length));
    }

    /// <summary>r² = Σ (x_d − z_d)²/ℓ_d², of which derivatives come back as one matrix, however many lengthscales there are.</summary>
    /// <param name="dims">The features.</param>
    /// <param name="lengthscale">ℓ, one or as many.</param>
    /// <param name="place">Of ln ℓ among the parameters.</param>
    public Tensor ScaledSquares(int[] dims, KernelVector<double> lengthscale, int place)
    {
        var squares = zeros(Rows, Columns, ScalarType.Float64, inputs.Device);
        for (int d = 0; d < dims.Length; d++)
        {
            using var step = Difference(dims[d]);
            using var inverse = Scalars.New(1 / lengthscale[lengthscale.Count == 1 ? 0 : d]);
            step.mul_(inverse);
            squares.addcmul_(step, step, Scalars.Of(1));
        }
        if (HasGradient)
        {
            squares.requires_grad = true;
            leaves.Add(new(squares, dims, lengthscale, place));
        }
        return squares;
    }

    /// <summary>The derivatives of a number by all free parameters, [parameters].</summary>
    public Tensor Gradient(Tensor number)
    {
        var by = autograd.grad([number], [steps!, .. leaves.Select(leaf => leaf.Squares)]);
        var gradient = by[0];
        for (int k = 0; k < leaves.Count; k++)
            AddLengthscales(leaves[k], by[k + 1], gradient);
        return gradient;
    }

    /// <summary>∂r²/∂ ln ℓ_d = −2 (x_d − z_d)²/ℓ_d².</summary>
    private void AddLengthscales(LengthscaleLeaf leaf, Tensor bySquares, Tensor gradient)
    {
        using var _ = no_grad();
        if (leaf.Lengthscale.Count == 1)
        {
            gradient.narrow(0, leaf.Place, 1).add_((bySquares * leaf.Squares).sum(), Scalars.Of(-2));
            return;
        }
        for (int d = 0; d < leaf.Dims.Length; d++)
        {
            using var step = Difference(leaf.Dims[d]);
            using var inverse = Scalars.New(1 / leaf.Lengthscale[d]);
            step.mul_(inverse);
            step.mul_(step);
            step.mul_(bySquares);
            gradient.narrow(0, leaf.Place + d, 1).add_(step.sum(), Scalars.Of(-2));
        }
    }

    private Tensor Chosen(int[] features) =>
        inputs.Columns.index_select(0, tensor(features.Select(one => (long)one).ToArray(), device: inputs.Device));

    private sealed record LengthscaleLeaf(Tensor Squares, int[] Dims, KernelVector<double> Lengthscale, int Place);
}
