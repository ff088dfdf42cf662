using System.Buffers;

namespace ProbML.Flows;

public sealed partial class FlowModel
{
    /// <summary>The golden ratio's conjugate: multiples of its powers fill a cell evenly (a Kronecker lattice).</summary>
    private const double Golden = 0.6180339887498949;

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        int n = rows.Count, d = FeatureCount, terms = TermCount;
        float[] values = ArrayPool<float>.Shared.Rent(Math.Max(1, n * d));
        float[] noise = ArrayPool<float>.Shared.Rent(Math.Max(1, n * d));
        float[] densities = ArrayPool<float>.Shared.Rent(Math.Max(1, n * terms));
        Prepare(rows, values, shift: HasCounts ? 0 : -1);
        graphs.Evaluate(n, values.AsMemory(0, n * d), noise.AsMemory(0, n * d), densities.AsMemory(0, n * terms));
        double[] cells = HasCounts && outputs.WantsMoreThan(0) ? CellDensities(rows, values, densities) : [];
        for (int i = 0; i < n; i++)
        {
            var row = outputs.Row(i);
            var x = rows.Row(i);
            if (HasNoNumber(x))
                WriteMissing(row, x);
            else
                Write(row, x, noise.AsSpan(i * d, d), densities.AsSpan(i * terms, terms), cells.Length > 0 ? cells.AsSpan(i * terms, terms) : []);
        }
        ArrayPool<float>.Shared.Return(values);
        ArrayPool<float>.Shared.Return(noise);
        ArrayPool<float>.Shared.Return(densities);
    }

    private void Write(Span<float> row, ReadOnlySpan<double> x, Span<float> noise, Span<float> terms, ReadOnlySpan<double> cells)
    {
        int d = FeatureCount, place = d;
        noise.CopyTo(row);
        double slopes = 0, total = 0;
        bool isPossible = true;
        for (int j = 0; j < d; j++)
        {
            isPossible &= CanBe(j, x[j]);
            slopes += parts.Maps[j].LogSlope(x[j]);
        }
        foreach (float term in terms)
            total += term;
        total = cells.IsEmpty ? total + slopes : cells[^1];
        if (!isPossible || double.IsNaN(total))
            total = double.NegativeInfinity;
        if (parts.Columns.HasFlag(FlowColumns.LogDensity))
            row[place++] = (float)total;
        WriteMarginal(row, total, 0);
        if (!parts.Columns.HasFlag(FlowColumns.ConditionalLogDensity))
            return;
        for (int j = 0; j < d; j++)
        {
            double one = cells.IsEmpty ? terms[j] + parts.Maps[j].LogSlope(x[j]) : j == 0 ? cells[0] : cells[j] - cells[j - 1];
            row[place + j] = double.IsNaN(one) || !CanBe(j, x[j]) ? float.NegativeInfinity : (float)one;
        }
    }

    private bool CanBe(int column, double x) =>
        !double.IsNaN(parts.Maps[column].Forward(x)) && (!parts.IsCount[column] || x == Math.Floor(x));

    /// <summary>NaN, but for the density of what is known.</summary>
    private void WriteMissing(Span<float> row, ReadOnlySpan<double> x)
    {
        row.Fill(float.NaN);
        if (MarginalColumns == 0 || x.ContainsAny(double.PositiveInfinity, double.NegativeInfinity))
            return;
        var (logDensity, error) = MarginalLogDensity(x);
        WriteMarginal(row, logDensity, error);
    }

    /// <summary>The last columns.</summary>
    private void WriteMarginal(Span<float> row, double logDensity, double standardError)
    {
        if (parts.Columns.HasFlag(FlowColumns.MarginalLogDensity))
            row[^MarginalColumns] = (float)logDensity;
        if (parts.Columns.HasFlag(FlowColumns.MarginalLogDensityStandardError))
            row[^1] = (float)standardError;
    }

    /// <summary>
    /// ln of the mean over the points of each row's cell of the density of the columns up to each, [n, d], or of all
    /// columns, [n, 1], as the terms are.
    /// </summary>
    private double[] CellDensities(in RowBlock rows, float[] values, float[] densities)
    {
        int n = rows.Count, d = FeatureCount, terms = TermCount;
        var (largest, sums) = (new double[n * terms], new double[n * terms]);
        Array.Fill(largest, double.NegativeInfinity);
        for (int k = 0; k < parts.CellPoints; k++)
        {
            Prepare(rows, values, k);
            graphs.Evaluate(n, values.AsMemory(0, n * d), default, densities.AsMemory(0, n * terms));
            for (int i = 0; i < n; i++)
            {
                double running = 0;
                for (int j = 0; j < d; j++)
                {
                    running += parts.Maps[j].LogSlope(rows.Row(i)[j] + Shift(j, k));
                    if (j < d - terms)
                        continue;
                    int place = i * terms + j - (d - terms);           // one term comes with the last column
                    running += densities[place];
                    Add(ref largest[place], ref sums[place], running);
                }
            }
        }
        for (int i = 0; i < largest.Length; i++)
            largest[i] += Math.Log(sums[i] / parts.CellPoints);
        return largest;
    }

    /// <summary>Adds eᵗ to a sum that is kept as a multiple of e to its largest term.</summary>
    private static void Add(ref double largest, ref double sum, double term)
    {
        if (term > largest)
            (sum, largest) = (sum * Math.Exp(largest - term) + 1, term);
        else if (!double.IsNaN(term) && !double.IsNegativeInfinity(term))
            sum += Math.Exp(term - largest);
    }

    /// <summary>The rows preprocessed: counts moved to a point of their cell.</summary>
    private void Prepare(in RowBlock rows, float[] values, int shift)
    {
        int d = FeatureCount;
        for (int i = 0; i < rows.Count; i++)
        {
            var x = rows.Row(i);
            for (int j = 0; j < d; j++)
                values[i * d + j] = (float)parts.Maps[j].Forward(x[j] + Shift(j, shift));
        }
    }

    /// <summary>Where in its cell a column stands at a point of the lattice; 0 for what is no count.</summary>
    private double Shift(int column, int point)
    {
        if (!parts.IsCount[column])
            return 0;
        double place = 0.5 + point * Math.Pow(Golden, column % 12 + 1);
        return place - Math.Floor(place);
    }

    private static bool HasNoNumber(ReadOnlySpan<double> x)
    {
        foreach (double value in x)
        {
            if (!double.IsFinite(value))
                return true;
        }
        return false;
    }
}
