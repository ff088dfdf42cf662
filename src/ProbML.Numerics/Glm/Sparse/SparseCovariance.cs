namespace ProbML.Fitting;

/// <summary>The covariances of coefficients of sparse features, as factors: never a matrix of p², unless one is asked for.</summary>
/// <param name="Main">Of the covariance at φ = 1; null: there is none, see <paramref name="Missing"/>.</param>
/// <param name="Observed">The same from the observed information where that differs, or null.</param>
/// <param name="ThetaBorder">−∂²l/∂b∂θ in the order of places and −∂²l/∂θ², where θ was estimated, [q + 1], or empty.</param>
/// <param name="Missing">Why there is no covariance, or empty.</param>
internal sealed record SparseCovariance(ArrowFactor? Main, ArrowFactor? Observed, double[] ThetaBorder, string Missing)
{
    /// <summary>A matrix of more columns is not made: it would take half a gigabyte.</summary>
    public const int LargestMatrix = 8192;

    private double[]? main, observed, joint;

    /// <summary>None: the information matrix of so many columns was not made.</summary>
    public static SparseCovariance TooLarge(int columns, int largest) => new(
        null,
        null,
        [],
        $"There are no standard errors: the features overlap in too many ways for the information matrix of {columns} coefficients "
        + $"to be factored in the memory of a matrix of {largest} columns (GlmOptions.LargestMatrix). Intervals of predictions "
        + "take the coefficients as known, and columns that depend on others are not looked for.");

    /// <summary><see cref="Main"/> as a matrix in the transform's coordinates, [q, q].</summary>
    /// <exception cref="InvalidOperationException">It would be too large.</exception>
    public double[] MainMatrix(int q) => main ??= Main is null ? NaN(q) : Expand(Main);

    /// <summary><see cref="Observed"/> as a matrix, or empty.</summary>
    /// <exception cref="InvalidOperationException">It would be too large.</exception>
    public double[] ObservedMatrix() => observed ??= Observed is null || ThetaBorder.Length > 0 ? [] : Expand(Observed);

    /// <summary>The covariance of (b, θ) as a matrix, [q + 1, q + 1], or empty.</summary>
    /// <exception cref="InvalidOperationException">It would be too large.</exception>
    public double[] JointMatrix() => joint ??= ThetaBorder.Length == 0 ? []
        : Observed is null ? NaN(ThetaBorder.Length)
        : ExpandJoint(Observed);

    /// <summary>The diagonal of the covariance of the coefficients of [1, x] at φ = 1, NaN where there is none, [1 + d or d].</summary>
    public double[] Variances(RowTransform transform)
    {
        int first = transform.Intercept ? 1 : 0;
        var result = new double[first + transform.FeatureCount];
        if (Main is null)
        {
            Array.Fill(result, double.NaN);
            return result;
        }
        double[] inverse = Main.Layout.FromPlaces(Main.InverseDiagonal());
        for (int j = 0; j < transform.Columns.Length; j++)
        {
            double rate = transform.Rate(j);
            result[first + transform.Columns[j]] = rate * rate * inverse[first + j];
        }
        if (first == 1)
            result[0] = InterceptVariance(Main, transform);
        return result;
    }

    /// <summary>β₀ = b₀ + Σ sⱼ bⱼ, and only dense columns have a shift s.</summary>
    private static double InterceptVariance(ArrowFactor factor, RowTransform transform)
    {
        var layout = factor.Layout;
        int size = layout.CoreSize, c = layout.Core;
        var weights = new double[size];
        weights[c] = 1;
        for (int k = 1; k < layout.Dense; k++)
            weights[c + k] = transform.Shifts[transform.Columns[layout.Coordinates[layout.Sparse + k] - 1]];
        double sum = 0;
        for (int k = c; k < size; k++)
            sum += weights[k] * System.Numerics.Tensors.TensorPrimitives.Dot<double>(weights, factor.CoreInverse.AsSpan(k * size, size));
        return sum;
    }

    private static double[] Expand(ArrowFactor factor)
    {
        int q = factor.Layout.Width;
        CheckSize(q);
        var result = new double[q * q];
        var unit = new double[q];
        for (int place = 0; place < q; place++)
        {
            unit[place] = 1;
            double[] column = factor.Layout.FromPlaces(factor.Solve(unit));
            unit[place] = 0;
            int j = factor.Layout.Coordinates[place];
            for (int i = j; i < q; i++)
                result[i * q + j] = result[j * q + i] = column[i];
        }
        return result;
    }

    private double[] ExpandJoint(ArrowFactor factor)
    {
        // [A c; cᵀ t]⁻¹ with A⁻¹ known: its last row is v = (−A⁻¹c, 1)/s with s = t − cᵀA⁻¹c, the rest A⁻¹ + s v vᵀ.
        int q = factor.Layout.Width, n = q + 1;
        CheckSize(n);
        double[] inverse = Expand(factor), cross = ThetaBorder[..q];
        double[] solved = factor.Solve(cross);
        double left = ThetaBorder[q] - System.Numerics.Tensors.TensorPrimitives.Dot<double>(cross, solved);
        double[] v = [.. factor.Layout.FromPlaces(solved).Select(x => -x / left), 1 / left];
        var result = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                result[i * n + j] = (i < q && j < q ? inverse[i * q + j] : 0) + left * v[i] * v[j];
        }
        return result;
    }

    private static void CheckSize(int q)
    {
        if (q > LargestMatrix)
            throw new InvalidOperationException(
                $"The covariance of {q} coefficients as a matrix would take {8.0 * q * q / 1e6:F0} MB, and is made for up to "
                + $"{LargestMatrix} only. Standard errors are in Coefficients, those of predictions in the scored columns.");
    }

    private static double[] NaN(int q)
    {
        CheckSize(q);
        var values = new double[q * q];
        Array.Fill(values, double.NaN);
        return values;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Missing);
        foreach (var factor in (ArrowFactor?[])[Main, Observed])
        {
            writer.Write(factor is not null);
            factor?.Write(writer);
        }
        writer.WriteArray(ThetaBorder);
    }

    /// <exception cref="FormatException">The parts do not fit each other.</exception>
    public static SparseCovariance Read(BinaryReader reader, RowTransform transform)
    {
        string missing = reader.ReadString();
        var main = reader.ReadBoolean() ? ArrowFactor.Read(reader, transform) : null;
        var observed = reader.ReadBoolean() ? ArrowFactor.Read(reader, transform) : null;
        double[] border = reader.ReadDoubleArray("theta's covariances");
        if ((border.Length != 0 && border.Length != transform.Width + 1) || transform.Mixing is not null)
            throw new FormatException("The parts of the GLM's covariance do not fit each other: the model is damaged.");
        return new SparseCovariance(main, observed, border, missing);
    }
}
