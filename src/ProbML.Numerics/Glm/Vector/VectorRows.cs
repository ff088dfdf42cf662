using System.Globalization;
using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>Rows seen at given parameters: z, and each row's score and information in the predictors.</summary>
/// <remarks>Parameters: the coefficients of each linear predictor, block after block, then the constants.</remarks>
internal sealed class VectorRows : IScoredRows
{
    public const int Capacity = IScoredRows.Capacity;

    private readonly IVectorResponse response;
    private readonly RowTransform transform;
    private readonly int first;
    private readonly double[] parameters, z, mixed, eta, point, rowScore, rowInformation;

    /// <param name="response">The distribution.</param>
    /// <param name="transform">The coordinates z.</param>
    /// <param name="first">The first of z's columns that has a coefficient: 1 where constants play the intercept.</param>
    /// <param name="parameters">[P].</param>
    public VectorRows(IVectorResponse response, RowTransform transform, int first, double[] parameters)
    {
        (this.response, this.transform, this.first, this.parameters) = (response, transform, first, parameters);
        (Predictors, Count) = (response.Predictors, response.Predictors + response.Constants);
        int pairs = Count * (Count + 1) / 2;
        z = GC.AllocateArray<double>(Capacity * Stride + first, pinned: true);
        mixed = transform.Mixing is null ? [] : new double[Capacity * Stride];
        (eta, point) = (new double[Predictors * Capacity], new double[Count]);
        (rowScore, rowInformation) = (new double[Count], new double[pairs]);
        Score = [.. Enumerable.Range(0, Count).Select(_ => new double[Capacity])];
        Information = [.. Enumerable.Range(0, pairs).Select(_ => new double[Capacity])];
    }

    /// <summary>m, the linear predictors.</summary>
    public int Predictors { get; }

    /// <summary>Predictors and constants together.</summary>
    public int Count { get; }

    /// <summary>Coefficients of a predictor.</summary>
    public int Width => transform.Width - first;

    public int Stride => transform.Stride;

    public int ParameterCount => parameters.Length;

    /// <summary>[Capacity, Stride], of which Width columns have coefficients.</summary>
    public ReadOnlySpan<double> Z => z.AsSpan(first);

    /// <summary>w ∂ ln p/∂ηₐ, [Count][Capacity].</summary>
    public double[][] Score { get; }

    /// <summary>−w ∂² ln p/∂ηₐ∂η_b for b ≤ a at a(a+1)/2 + b, [pairs][Capacity].</summary>
    public double[][] Information { get; }

    /// <summary>Σ w ln p(y) of the rows looked at last.</summary>
    public double LogLikelihood { get; private set; }

    public void WriteQuestion(BinaryWriter writer)
    {
        VectorResponses.Write(response, writer);
        transform.Write(writer);
        writer.Write(first);
        writer.WriteArray(parameters);
    }

    public static Func<VectorRows> ReadQuestion(BinaryReader reader, int features)
    {
        var response = VectorResponses.Read(reader);
        var transform = RowTransform.Read(reader, features);
        int first = reader.ReadInt32(), width = transform.Width - first;
        if (first is not (0 or 1) || width < 0)
            throw new FormatException("The question does not fit together: it is damaged.");
        double[] parameters = reader.ReadDoubles(response.Predictors * width + response.Constants, "parameters");
        return () => new(response, transform, first, parameters);
    }

    public void Fill(in RowBlock rows, int start, int count)
    {
        transform.Apply(rows, start, count, z, mixed);
        for (int a = 0; a < Predictors; a++)
            Gemv.Multiply(Z, count, Width, Stride, parameters.AsSpan(a * Width, Width), eta.AsSpan(a * Capacity, count));
        parameters.AsSpan(Predictors * Width).CopyTo(point.AsSpan(Predictors));
        LogLikelihood = 0;
        for (int i = 0; i < count; i++)
            Look(rows, start + i, i);
    }

    public void AddScore(int row, Span<double> sum)
    {
        var x = Z.Slice(row * Stride, Width);
        for (int a = 0; a < Predictors; a++)
        {
            var block = sum.Slice(a * Width, Width);
            TensorPrimitives.MultiplyAdd(x, Score[a][row], block, block);
        }
        for (int a = Predictors; a < Count; a++)
            sum[Predictors * Width + a - Predictors] += Score[a][row];
    }

    private void Look(in RowBlock rows, int row, int i)
    {
        double w = rows.Weight(row);
        Array.Clear(rowScore);
        Array.Clear(rowInformation);
        if (w > 0)
        {
            if (!response.Supports(rows.Response[row]))
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                    $"Row {rows.RowNumber(row)} has the response {rows.Response[row]}, which the model does not allow. Give the "
                    + $"design that the model was fitted to."));
            for (int a = 0; a < Predictors; a++)
                point[a] = eta[a * Capacity + i];
            LogLikelihood += w * response.Terms(rows.Response[row], rows.Offset(row), point, rowScore, rowInformation);
        }
        for (int a = 0; a < rowScore.Length; a++)
            Score[a][i] = w * rowScore[a];
        for (int k = 0; k < rowInformation.Length; k++)
            Information[k][i] = w * rowInformation[k];
    }
}
