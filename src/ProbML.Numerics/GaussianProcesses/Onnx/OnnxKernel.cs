namespace ProbML.GaussianProcesses;

/// <summary>Kernels as ONNX operators: k(x, Z) of rows x against constant inputs Z, [n, m], in double precision.</summary>
/// <param name="scope">The graph.</param>
/// <param name="x">The rows, [n, d].</param>
/// <param name="z">The inputs.</param>
internal sealed class OnnxKernel(OnnxScope scope, OnnxReal x, InputColumns z)
{
    private readonly Dictionary<int, OnnxReal> columns = [], differences = [];

    /// <summary>k(x, Z), [n, m].</summary>
    public OnnxReal Cross(Kernel kernel) => kernel switch
    {
        StationaryKernel one => Row(one.Variance) * Profile(one, Squares(one)),
        PeriodicKernel one => Row(one.Variance) * (-2 / (one.Lengthscale * one.Lengthscale) * SineSquares(one)).Exp(),
        LinearKernel one => Products(one, d => one.Variance[one.Variance.Count == 1 ? 0 : d]),
        PolynomialKernel one => Row(one.Variance) * Whole(Products(one, _ => 1) + one.Offset, one.Degree),
        ConstantKernel one => Same(one.Variance),
        WhiteKernel => Same(0),
        ChangePointKernel one => Mixed(one),
        SpectralMixtureKernel one => Spectral(one),
        ArcCosineKernel one => ArcCosine(one),
        CoregionalisationKernel one => Named(one, [.. z.Column(one.Dim).ToArray().Select(one.Place)]),
        SumKernel sum => sum.Parts.Select(Cross).Aggregate((left, right) => left + right),
        ProductKernel product => product.Parts.Select(Cross).Aggregate((left, right) => left * right),
        _ => throw new NotSupportedException($"The kernel {kernel} cannot be written as ONNX."),
    };

    /// <summary>k(x, x) of the latent function, [n, 1].</summary>
    public OnnxReal Diagonal(Kernel kernel) => kernel switch
    {
        StationaryKernel or PeriodicKernel or ConstantKernel or WhiteKernel or SpectralMixtureKernel =>
            Zero() + kernel.Diagonal(new double[z.Features]),
        LinearKernel one => Squares(one, d => one.Variance[one.Variance.Count == 1 ? 0 : d]),
        PolynomialKernel one => one.Variance * Whole(Squares(one, _ => 1) + one.Offset, one.Degree),
        ArcCosineKernel one => one.Variance * (one.Order == 2 ? 3 : 1) * Whole(ArcSquare(one), one.Order),
        ChangePointKernel one => Mixed(one, Diagonal(one.Before), Diagonal(one.After)),
        CoregionalisationKernel one => Named(one, null),
        SumKernel sum => sum.Parts.Select(Diagonal).Aggregate((left, right) => left + right),
        ProductKernel product => product.Parts.Select(Diagonal).Aggregate((left, right) => left * right),
        _ => throw new NotSupportedException($"The kernel {kernel} cannot be written as ONNX."),
    };

    /// <summary>What white noise adds to k(x, x), [n, 1].</summary>
    public OnnxReal White(Kernel kernel) => kernel switch
    {
        WhiteKernel one => Zero() + one.Variance,
        ChangePointKernel one => Mixed(one, White(one.Before), White(one.After)),
        SumKernel sum => sum.Parts.Select(White).Aggregate((left, right) => left + right),
        ProductKernel product =>
            product.Parts.Select(part => Diagonal(part) + White(part)).Aggregate((left, right) => left * right) - Diagonal(product),
        _ => Zero(),
    };

    private OnnxReal Column(int feature)
    {
        if (!columns.TryGetValue(feature, out var column))
            columns[feature] = column = x.Columns(feature);
        return column;
    }

    /// <summary>x_d − z_d, [n, m].</summary>
    private OnnxReal Difference(int feature)
    {
        if (!differences.TryGetValue(feature, out var difference))
            differences[feature] = difference = Column(feature) - scope.Constant(z.Column(feature), 1, z.Rows);
        return difference;
    }

    /// <summary>A number for each of Z, [1, m]: a scalar that ends in a product of matrices ONNX Runtime would round to Single.</summary>
    private OnnxReal Row(double value)
    {
        var row = new double[z.Rows];
        row.AsSpan().Fill(value);
        return scope.Constant(row, 1, z.Rows);
    }

    private OnnxReal Zero() => 0 * Column(0);

    private OnnxReal Same(double value) => 0 * Difference(0) + value;

    private int[] Dims(FeatureKernel kernel) => kernel.Dims is null ? [.. Enumerable.Range(0, z.Features)] : [.. kernel.Dims];

    private OnnxReal Squares(StationaryKernel kernel) => Dims(kernel).Select((dim, d) =>
    {
        var step = Difference(dim) * (1 / kernel.Lengthscale[kernel.Lengthscale.Count == 1 ? 0 : d]);
        return step * step;
    }).Aggregate((left, right) => left + right);

    private static OnnxReal Profile(StationaryKernel kernel, OnnxReal squares)
    {
        switch (kernel)
        {
            case RbfKernel:
                return (-0.5 * squares).Exp();
            case RationalQuadraticKernel rq:
                return (-rq.Alpha * (squares * (0.5 / rq.Alpha)).Log1p()).Exp();
            case MaternKernel matern:
                var s = squares.Sqrt() * Math.Sqrt((int)matern.Smoothness);
                var decay = (-s).Exp();
                return matern.Smoothness switch
                {
                    MaternSmoothness.Half => decay,
                    MaternSmoothness.ThreeHalves => (1 + s) * decay,
                    _ => (1 + s + s * s * (1 / 3.0)) * decay,
                };
            default:
                throw new NotSupportedException($"The kernel {kernel} cannot be written as ONNX.");
        }
    }

    /// <summary>Σ sin²(π Δ_d / p).</summary>
    private OnnxReal SineSquares(PeriodicKernel kernel) => Dims(kernel).Select(dim =>
    {
        var sine = Sine(Difference(dim) * (Math.PI / kernel.Period));
        return sine * sine;
    }).Aggregate((left, right) => left + right);

    /// <summary>Σ v_d x_d z_d.</summary>
    private OnnxReal Products(FeatureKernel kernel, Func<int, double> variance)
    {
        int[] dims = Dims(kernel);
        var right = new double[dims.Length * z.Rows];
        for (int d = 0; d < dims.Length; d++)
            for (int j = 0; j < z.Rows; j++)
                right[d * z.Rows + j] = variance(d) * z.Column(dims[d])[j];
        return x.Columns([.. dims.Select(dim => (long)dim)]).Times(scope.Constant(right, dims.Length, z.Rows));
    }

    /// <summary>Σ v_d x_d², [n, 1].</summary>
    private OnnxReal Squares(FeatureKernel kernel, Func<int, double> variance) => Dims(kernel)
        .Select((dim, d) => variance(d) * (Column(dim) * Column(dim))).Aggregate((left, right) => left + right);

    /// <summary>B_ij, i named by x and j as given, [n, m]; B_ii, [n, 1], where none are. NaN where x names no output.</summary>
    private OnnxReal Named(CoregionalisationKernel kernel, int[]? others)
    {
        int count = kernel.Outputs, width = others?.Length ?? 1;
        double[] b = kernel.Covariance(), chosen = new double[count * width];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < width; j++)
                chosen[i * width + j] = b[i * count + (others is null ? i : others[j])];
        double[] names = [.. Enumerable.Range(kernel.First, count).Select(name => (double)name)];
        var isOutput = Column(kernel.Dim).Is(scope.Constant(names, 1, count)).ToReal();
        return isOutput.Times(scope.Constant(chosen, count, width)).Where(isOutput.RowSum().Is(1), double.NaN);
    }

    private OnnxReal Mixed(ChangePointKernel kernel)
    {
        var s = Share(kernel, Column(kernel.Dim));
        double[] after = [.. z.Column(kernel.Dim).ToArray().Select(at => 1 / (1 + Math.Exp(-kernel.Steepness * (at - kernel.Location))))];
        var t = scope.Constant(after, 1, z.Rows);
        return (1 - s) * (1 - t) * Cross(kernel.Before) + s * t * Cross(kernel.After);
    }

    private OnnxReal Mixed(ChangePointKernel kernel, OnnxReal before, OnnxReal after)
    {
        var s = Share(kernel, Column(kernel.Dim));
        return (1 - s) * (1 - s) * before + s * s * after;
    }

    private static OnnxReal Share(ChangePointKernel kernel, OnnxReal at) =>
        1 / (1 + (-kernel.Steepness * (at - kernel.Location)).Exp());

    private OnnxReal Spectral(SpectralMixtureKernel kernel)
    {
        int[] dims = Dims(kernel);
        int count = kernel.Weights.Count, each = kernel.Frequencies.Count / count;
        OnnxReal? sum = null;
        for (int q = 0; q < count; q++)
        {
            OnnxReal? component = null;
            for (int d = 0; d < each; d++)
            {
                var turn = 2 * Math.PI * Difference(dims[d]);
                var width = turn * kernel.Bandwidths[q * each + d];
                var half = Sine(turn * (0.5 * kernel.Frequencies[q * each + d]));
                var factor = (-0.5 * (width * width)).Exp() * (1 - 2 * (half * half));   // cos t = 1 − 2 sin²(t/2)
                component = component is { } before ? before * factor : factor;
            }
            var weighted = Row(kernel.Weights[q]) * component!.Value;
            sum = sum is { } others ? others + weighted : weighted;
        }
        return sum!.Value;
    }

    private OnnxReal ArcSquare(ArcCosineKernel kernel) =>
        kernel.WeightVariance * Squares(kernel, _ => 1) + kernel.BiasVariance;

    private OnnxReal ArcCosine(ArcCosineKernel kernel)
    {
        double w = kernel.WeightVariance, bias = kernel.BiasVariance;
        var b = new double[z.Rows];
        foreach (int dim in Dims(kernel))
            for (int j = 0; j < b.Length; j++)
                b[j] += w * z.Column(dim)[j] * z.Column(dim)[j];
        for (int j = 0; j < b.Length; j++)
            b[j] += bias;
        var root = (ArcSquare(kernel) * scope.Constant(b, 1, z.Rows)).Sqrt();
        var cosine = ((Products(kernel, _ => w) + bias) / root).Max(-1).Min(1);
        var sine = ((1 - cosine) * (1 + cosine)).Max(0).Sqrt();
        var left = Math.PI - Angle(sine, cosine);
        var j0 = kernel.Order switch
        {
            0 => left,
            1 => sine + left * cosine,
            _ => 3 * (sine * cosine) + left * (1 + 2 * (cosine * cosine)),
        };
        return Row(kernel.Variance / Math.PI) * (kernel.Order == 0 ? j0 : Whole(root, kernel.Order) * j0);
    }

    /// <summary>atan2(s, c), s ≥ 0, in [0, π].</summary>
    private OnnxReal Angle(OnnxReal sine, OnnxReal cosine)
    {
        var size = cosine.Abs();
        var arc = (sine.Min(size) / sine.Max(size)).Arctangent();
        var acute = scope.Choose(sine > size, Math.PI / 2 - arc, arc);
        return scope.Choose(cosine < 0, Math.PI - acute, acute);
    }

    private OnnxReal Sine(OnnxReal angle) => new(scope, scope.Graph.Node("Sin", [angle.Value]));

    /// <summary>A whole power; 1 for 0.</summary>
    private static OnnxReal Whole(OnnxReal value, int power)
    {
        if (power == 0)
            return 0 * value + 1;
        var product = value;
        for (int i = 1; i < power; i++)
            product *= value;
        return product;
    }
}
