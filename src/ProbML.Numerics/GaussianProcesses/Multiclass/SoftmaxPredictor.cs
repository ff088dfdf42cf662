using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>The latent values of C classes at new inputs, as a joint normal.</summary>
/// <remarks>Rasmussen &amp; Williams (2006), algorithm 3.4. Immutable; what a model saves.</remarks>
internal sealed partial class SoftmaxPredictor(
    Kernel kernel, InputColumns inputs, int classes, double[] weights, double[] roots, double[][] factors, double[] sum)
    : ClassPredictor
{
    public const string Name = "softmax";
    private const int FormatVersion = 1;
    private readonly int n = inputs.Rows;
    private readonly double[] lattice = classes > 3 ? SoftmaxIntegral.LatticeNodes(classes - 1) : [];

    public override Kernel Kernel => kernel;

    public override int ClassCount => classes;

    public override int Features => inputs.Features;

    public override string Likelihood => Name;

    public override void Predict(InputColumns x, Span<double> probabilities, Span<double> squares)
    {
        var (means, covariances) = Predict(x, threads: 1);
        var mean = new double[classes];
        for (int i = 0; i < x.Rows; i++)
        {
            for (int c = 0; c < classes; c++)
                mean[c] = means[c * x.Rows + i];
            SoftmaxIntegral.Moments(
                mean, covariances[i], probabilities.Slice(i * classes, classes), squares.Slice(i * classes, classes), lattice);
        }
    }

    /// <summary>Means [C, m] and covariances [m][C, C] at m inputs.</summary>
    public (double[] Means, double[][] Covariances) Predict(InputColumns others, int threads)
    {
        int m = others.Rows;
        var cross = new double[n * m];
        GramMatrix.Cross(kernel, inputs, others, cross, threads);
        var (means, scaled) = (new double[classes * m], new double[n * m]);
        var (taken, carried) = (new double[classes][], new double[classes][]);
        for (int c = 0; c < classes; c++)
        {
            Gemv.AccumulateTransposed(cross, n, m, m, weights.AsSpan(c * n, n), means.AsSpan(c * m, m));
            Scale(cross, c, m, scaled);
            TriangularSolve.Forward(factors[c], n, n, scaled, m, m, threads);
            taken[c] = new double[m];
            for (int k = 0; k < n; k++)
                for (int i = 0; i < m; i++)
                    taken[c][i] += scaled[k * m + i] * scaled[k * m + i];
            TriangularSolve.Backward(factors[c], n, n, scaled, m, m, threads);
            carried[c] = new double[n * m];
            Scale(scaled, c, m, carried[c]);              // E_c k
            TriangularSolve.Forward(sum, n, n, carried[c], m, m, threads);
        }
        var covariances = new double[m][];
        Span<double> row = new double[Features];
        for (int i = 0; i < m; i++)
        {
            others.CopyRow(i, row);
            double prior = kernel.Diagonal(row);
            var block = covariances[i] = new double[classes * classes];
            for (int c = 0; c < classes; c++)
                for (int d = 0; d <= c; d++)
                {
                    double shared = c == d ? prior - taken[c][i] : 0;
                    for (int k = 0; k < n; k++)
                        shared += carried[c][k * m + i] * carried[d][k * m + i];
                    block[c * classes + d] = block[d * classes + c] = shared;
                }
        }
        return (means, covariances);

        void Scale(double[] from, int c, int width, double[] to)
        {
            for (int k = 0; k < n; k++)
                TensorPrimitives.Multiply(from.AsSpan(k * width, width), roots[c * n + k], to.AsSpan(k * width, width));
        }
    }

    public override void Write(BinaryWriter writer)
    {
        writer.Write(Name);
        writer.Write(FormatVersion);
        writer.Write(kernel.ToString());
        writer.Write(classes);
        writer.Write(Features);
        writer.WriteArray(inputs.ToRows());
        writer.WriteArray(weights);
        writer.WriteArray(roots);
        foreach (double[] factor in factors.Append(sum))
            for (int i = 0; i < n; i++)
                writer.WriteArray(factor.AsSpan(i * n, i + 1));
    }

    /// <exception cref="FormatException">The bytes are damaged, or of a later version.</exception>
    public static SoftmaxPredictor ReadBody(BinaryReader reader)
    {
        reader.ReadVersion(FormatVersion, "Gaussian process");
        string kernel = reader.ReadString();
        int classes = reader.ReadCount("classes"), features = reader.ReadCount("features");
        double[] rows = reader.ReadDoubleArray("inputs"), weights = reader.ReadDoubleArray("weights"), roots = reader.ReadDoubleArray("roots");
        if (classes < 2 || features == 0 || rows.Length % features != 0 || weights.Length != (long)rows.Length / features * classes
            || roots.Length != weights.Length)
            throw Damaged();
        int n = rows.Length / features;
        var factors = new double[classes + 1][];
        for (int c = 0; c <= classes; c++)
        {
            double[][] lines = [.. Enumerable.Range(0, n).Select(i =>
                reader.ReadDoubleArray("factors") is var line && line.Length == i + 1 ? line : throw Damaged())];
            factors[c] = new double[n * n];
            for (int i = 0; i < n; i++)
                lines[i].CopyTo(factors[c], i * n);
        }
        try
        {
            return new(
                Kernel.Parse(kernel).ForFeatures(features), InputColumns.FromRows(rows, features), classes, weights, roots,
                factors[..classes], factors[classes]);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"The Gaussian process's kernel does not fit its features: {e.Message}", e);
        }

        static FormatException Damaged() => new("The Gaussian process's parts do not fit each other: the model is damaged.");
    }
}
