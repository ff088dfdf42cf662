using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>
/// The factor of an arrow matrix A: the diagonal block D is eliminated, and the Schur complement S = C − Bᵀ D⁻¹ B of the core
/// is factored densely. It stands for A⁻¹ in e (1 + m) + pairs + (c + m)² numbers.
/// </summary>
/// <remarks>Golub &amp; Van Loan (2013), §4.2 and §4.3.6, on block elimination.</remarks>
internal sealed class ArrowFactor
{
    private const int Batch = 256;

    private readonly ArrowLayout layout;
    private readonly int stride;
    private readonly double[] diagonal;                   // D, [e]
    private readonly double[] joins, denseJoins;          // B by rows
    private readonly double[] schur;                      // L of S = L Lᵀ, [k, k]
    private readonly Lazy<double[]> inverse;              // S⁻¹

    private ArrowFactor(ArrowLayout layout, double[] diagonal, double[] joins, double[] denseJoins, double[] schur)
    {
        this.layout = layout;
        stride = (layout.Dense + 7) / 8 * 8;
        (this.diagonal, this.joins, this.denseJoins, this.schur) = (diagonal, joins, denseJoins, schur);
        inverse = new Lazy<double[]>(InvertSchur);
    }

    /// <summary>The layout it was made for.</summary>
    public ArrowLayout Layout => layout;

    /// <summary>Factors A + diag(ridge); null where that is not positive definite.</summary>
    public static ArrowFactor? TryCreate(ArrowLayout layout, ArrowInformation information, double[]? ridge = null)
    {
        double[] diagonal = [.. information.Diagonal];
        for (int k = 0; k < diagonal.Length; k++)
        {
            diagonal[k] += ridge?[k] ?? 0;
            if (!(diagonal[k] > 0))
                return null;
        }
        double[] schur = Schur(layout, information, diagonal, ridge);
        int size = layout.CoreSize;
        if (size > 0 && !Cholesky.TryFactor(schur, size, size, out _, Environment.ProcessorCount))
            return null;
        return new ArrowFactor(layout, diagonal, [.. information.Joins], [.. information.DenseJoins], schur);
    }

    /// <summary>S = C − Bᵀ D⁻¹ B, [k, k], lower triangle; D's entries that are not positive count as absent.</summary>
    public static double[] Schur(ArrowLayout layout, ArrowInformation information, double[] diagonal, double[]? ridge)
    {
        int c = layout.Core, m = layout.Dense, size = layout.CoreSize;
        var s = new double[checked(size * size)];
        for (int i = 0; i < c; i++)
            information.Core.AsSpan(i * c, i + 1).CopyTo(s.AsSpan(i * size));
        for (int i = 0; i < m; i++)
        {
            var row = s.AsSpan((c + i) * size, size);
            for (int j = 0; j < c; j++)
                row[j] = information.CoreDense[j * information.Stride + i];
            information.Dense.AsSpan(i * m, i + 1).CopyTo(row[c..]);
        }
        for (int i = 0; i < size && ridge is not null; i++)
            s[i * size + i] += ridge[layout.Eliminated + i];
        double[] rows = new double[Batch * size], weights = new double[Batch];
        for (int start = 0; start < layout.Eliminated; start += Batch)
        {
            int count = Math.Min(Batch, layout.Eliminated - start);
            for (int k = 0; k < count; k++)
            {
                Row(layout, information.Joins, information.DenseJoins, start + k, rows.AsSpan(k * size, size));
                weights[k] = diagonal[start + k] > 0 ? -1 / diagonal[start + k] : 0;
            }
            WeightedGram.Accumulate(rows, count, size, size, weights, s);
        }
        return s;
    }

    /// <summary>A⁻¹ g, in the order of places.</summary>
    public double[] Solve(ReadOnlySpan<double> g)
    {
        int e = layout.Eliminated, c = layout.Core;
        double[] x = g.ToArray();
        var core = x.AsSpan(e);
        for (int k = 0; k < e; k++)
            AddRow(k, -x[k] / diagonal[k], core);
        if (core.Length > 0)
            Cholesky.Solve(schur, core.Length, core.Length, core);
        for (int k = 0; k < e; k++)
        {
            double sum = x[k];
            for (int l = layout.Starts[k]; l < layout.Starts[k + 1]; l++)
                sum -= joins[l] * core[layout.Neighbours[l]];
            for (int l = 0; l < layout.Dense; l++)
                sum -= denseJoins[k * stride + l] * core[c + l];
            x[k] = sum / diagonal[k];
        }
        return x;
    }

    /// <summary>The squared pivots, eliminated columns first, in the order of places.</summary>
    public double[] SquaredPivots()
    {
        int size = layout.CoreSize;
        return [.. diagonal, .. Enumerable.Range(0, size).Select(k => schur[k * size + k] * schur[k * size + k])];
    }

    /// <summary>The diagonal of A⁻¹, in the order of places.</summary>
    public double[] InverseDiagonal()
    {
        int e = layout.Eliminated, size = layout.CoreSize;
        var result = new double[layout.Width];
        double[] rows = new double[Batch * size], forms = new double[Batch];
        for (int start = 0; start < e; start += Batch)
        {
            int count = Math.Min(Batch, e - start);
            for (int k = 0; k < count; k++)
                Row(layout, joins, denseJoins, start + k, rows.AsSpan(k * size, size));
            if (size > 0)
                QuadraticForm.Rows(rows, count, size, size, inverse.Value, size, forms);
            for (int k = 0; k < count; k++)
            {
                double own = 1 / diagonal[start + k];
                result[start + k] = own + (size > 0 ? forms[k] * own * own : 0);
            }
        }
        for (int k = 0; k < size; k++)
            result[e + k] = inverse.Value[k * size + k];
        return result;
    }

    /// <summary>The core's block of A⁻¹, [c + m, c + m].</summary>
    public double[] CoreInverse => inverse.Value;

    /// <summary>zᵀ A⁻¹ z of rows; any number of a row's eliminated columns may be other than zero.</summary>
    public void Variances(ArrowRows rows, int count, Span<double> variances)
    {
        int e = layout.Eliminated, c = layout.Core, size = layout.CoreSize;
        double[] core = new double[count * size], forms = new double[count];
        for (int i = 0; i < count; i++)
        {
            var row = core.AsSpan(i * size, size);
            rows.Dense.AsSpan(i * rows.Stride, layout.Dense).CopyTo(row[c..]);
            variances[i] = 0;
            for (int k = rows.Starts[i]; k < rows.Starts[i + 1]; k++)
            {
                int place = rows.Places[k];
                double value = rows.Values[k];
                if (place >= e)
                {
                    row[place - e] += value;
                    continue;
                }
                variances[i] += value * value / diagonal[place];
                AddRow(place, -value / diagonal[place], row);
            }
        }
        if (size > 0)
            QuadraticForm.Rows(core, count, size, size, inverse.Value, size, forms);
        for (int i = 0; i < count; i++)
            variances[i] += forms[i];
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(layout.Eliminated);
        writer.Write(layout.Core);
        writer.WriteArray(layout.Coordinates);
        writer.WriteArray(layout.Starts);
        writer.WriteArray(layout.Neighbours);
        writer.WriteArray(diagonal);
        writer.WriteArray(joins);
        writer.WriteArray(denseJoins);
        writer.WriteArray(schur);
    }

    /// <exception cref="FormatException">The parts do not fit each other.</exception>
    public static ArrowFactor Read(BinaryReader reader, RowTransform transform)
    {
        int e = reader.ReadCount("eliminated columns"), c = reader.ReadCount("core columns"), q = transform.Width;
        int[] coordinates = reader.ReadInt32Array("places"), starts = reader.ReadInt32Array("starts");
        int[] neighbours = reader.ReadInt32Array("neighbours");
        double[] diagonal = reader.ReadDoubleArray("diagonal"), joins = reader.ReadDoubleArray("joins");
        double[] denseJoins = reader.ReadDoubleArray("dense joins"), schur = reader.ReadDoubleArray("core factor");
        int m = q - e - c;
        bool fits = coordinates.Length == q && coordinates.Order().SequenceEqual(Enumerable.Range(0, q)) && m >= 0
            && starts.Length == e + 1 && starts[0] == 0 && starts[e] == neighbours.Length
            && Enumerable.Range(0, e).All(k => starts[k] <= starts[k + 1]) && Array.TrueForAll(neighbours, k => k >= 0 && k < c)
            && diagonal.Length == e && joins.Length == neighbours.Length && denseJoins.Length == (long)e * ((m + 7) / 8 * 8)
            && schur.Length == (long)(c + m) * (c + m) && (!transform.Intercept || coordinates[e + c] == 0);
        return fits
            ? new ArrowFactor(new ArrowLayout(transform, e, c, coordinates, starts, neighbours), diagonal, joins, denseJoins, schur)
            : throw new FormatException("The parts of the GLM's covariance do not fit each other: the model is damaged.");
    }

    private static void Row(ArrowLayout layout, double[] joins, double[] denseJoins, int eliminated, Span<double> row)
    {
        int width = (layout.Dense + 7) / 8 * 8;
        row.Clear();
        for (int l = layout.Starts[eliminated]; l < layout.Starts[eliminated + 1]; l++)
            row[layout.Neighbours[l]] = joins[l];
        denseJoins.AsSpan(eliminated * width, layout.Dense).CopyTo(row[layout.Core..]);
    }

    /// <summary>core += factor · row of B.</summary>
    private void AddRow(int eliminated, double factor, Span<double> core)
    {
        for (int l = layout.Starts[eliminated]; l < layout.Starts[eliminated + 1]; l++)
            core[layout.Neighbours[l]] += factor * joins[l];
        int first = eliminated * stride;
        for (int l = 0; l < layout.Dense; l++)
            core[layout.Core + l] += factor * denseJoins[first + l];
    }

    private double[] InvertSchur()
    {
        int size = layout.CoreSize;
        var result = new double[size * size];
        if (size > 0)
            Cholesky.InvertFromFactor(schur, size, size, result, size, Environment.ProcessorCount);
        return result;
    }
}
