using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>
/// What inference leaves of a Gaussian process: at x, f has mean m + k(x, Z) α and variance k(x, x) − k(x, Z) R k(Z, x).
/// </summary>
/// <remarks>
/// Z are the training inputs of an exact posterior, or inducing inputs; R is a difference of squares of factors. Exact
/// regression, its sparse bounds, Laplace's approximation, expectation propagation and variational normals all end so
/// (Rasmussen &amp; Williams 2006, eqs. 2.25–2.26, 3.21, 3.60; Hensman et al. 2013, eq. 5). Immutable and thread-safe; it is what is
/// saved, scored and exported.
/// </remarks>
public sealed partial class LatentPosterior
{
    private const int FormatVersion = 1;

    /// <summary>Inputs predicted at once: memory is this many times the rows of Z.</summary>
    private const int Chunk = 256;

    private readonly double[] weights;
    private readonly VarianceTerm[] terms;

    internal LatentPosterior(
        Kernel kernel, InputColumns inputs, double[] weights, double meanConstant, params VarianceTerm[] terms)
    {
        (Kernel, Inputs, MeanConstant, this.weights, this.terms) = (kernel, inputs, meanConstant, weights, terms);
        if (weights.Length != inputs.Rows || terms.Any(term => term.Rows != inputs.Rows))
            throw new ArgumentException($"The factors do not fit {inputs.Rows} inputs.", nameof(terms));
    }

    /// <summary>k, for the number of features.</summary>
    public Kernel Kernel { get; }

    /// <summary>Z, [m, d].</summary>
    public InputColumns Inputs { get; }

    /// <summary>α, [m].</summary>
    public IReadOnlyList<double> Weights => weights;

    /// <summary>m.</summary>
    public double MeanConstant { get; }

    /// <summary>d.</summary>
    public int Features => Inputs.Features;

    internal IReadOnlyList<VarianceTerm> Terms => terms;

    /// <summary>The mean and variance of f at inputs, in batches: memory does not grow with their number.</summary>
    /// <param name="x">Any number of inputs.</param>
    /// <param name="mean">[n].</param>
    /// <param name="latentVariance">[n], without noise; empty: not wanted.</param>
    /// <param name="threads">The most threads to use; null: one a core. The result is the same for any number.</param>
    /// <exception cref="ArgumentException">The inputs have another number of features.</exception>
    public void Predict(InputColumns x, Span<double> mean, Span<double> latentVariance, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        CheckFeatures(x);
        int m = Inputs.Rows, most = threads ?? Environment.ProcessorCount, width = Math.Min(Chunk, x.Rows);
        bool wantsVariance = !latentVariance.IsEmpty;
        var cross = new double[m * width];
        var spare = wantsVariance && terms.Length > 1 ? new double[m * width] : [];
        Span<double> row = new double[Features];
        for (int from = 0; from < x.Rows; from += width)
        {
            int count = Math.Min(width, x.Rows - from);
            if (count == 1)
            {
                x.CopyRow(from, row);                        // one row of m numbers, rather than m of one
                Kernel.Row(new KernelRow(row, Inputs, 0, m), cross.AsSpan(0, m));
            }
            else
            {
                GramMatrix.Cross(Kernel, Inputs, x, from, count, cross, most);
            }
            var means = mean.Slice(from, count);
            means.Fill(MeanConstant);
            Gemv.AccumulateTransposed(cross, m, count, count, weights, means);
            if (!wantsVariance)
                continue;
            var variances = latentVariance.Slice(from, count);
            for (int i = 0; i < count; i++)
            {
                x.CopyRow(from + i, row);
                variances[i] = Kernel.Diagonal(row);
            }
            for (int t = 0; t < terms.Length; t++)
            {
                var used = t + 1 < terms.Length ? spare : cross;
                if (used != cross)
                    cross.AsSpan(0, m * count).CopyTo(used);
                terms[t].Add(used.AsSpan(0, m * count), count, variances, most);
            }
            for (int i = 0; i < count; i++)
                variances[i] = Math.Max(0, variances[i]);  // rounding
        }
    }

    private void CheckFeatures(InputColumns x)
    {
        if (x.Features != Features)
            throw new ArgumentException($"The inputs have {x.Features} features, not {Features}.", nameof(x));
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(FormatVersion);
        writer.Write(Kernel.ToString());
        writer.Write(Features);
        writer.WriteArray(Inputs.ToRows());
        writer.WriteArray(weights);
        writer.Write(MeanConstant);
        writer.Write(terms.Length);
        foreach (var term in terms)
            term.Write(writer);
    }

    internal static LatentPosterior Read(BinaryReader reader)
    {
        reader.ReadVersion(FormatVersion, "Gaussian process");
        string kernel = reader.ReadString();
        int features = reader.ReadCount("features");
        double[] rows = reader.ReadDoubleArray("inputs"), weights = reader.ReadDoubleArray("weights");
        double mean = reader.ReadDouble();
        int count = reader.ReadCount("variance factors");
        if (features == 0 || rows.Length != (long)weights.Length * features || count > 2)
            throw new FormatException("The Gaussian process's parts do not fit each other: the model is damaged.");
        var inputs = InputColumns.FromRows(rows, features);
        var terms = new VarianceTerm[count];
        for (int t = 0; t < count; t++)
            terms[t] = VarianceTerm.Read(reader, inputs.Rows);
        try
        {
            return new(Kernel.Parse(kernel).ForFeatures(features), inputs, weights, mean, terms);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"The Gaussian process's kernel does not fit its features: {e.Message}", e);
        }
    }
}
