using ProbML.LinearAlgebra;
using ProbML.Sharding;

namespace ProbML.Fitting;

/// <summary>One pass: the log-likelihood with gradient and observed information, in (b, τ), or expected over b ~ N(m, S).</summary>
internal sealed class PosteriorSum : IBlockSum<PosteriorSum>, IShardSum
{
    public const string Kind = "glm-posterior";

    private const int Rows = 256;

    private readonly RowTransform transform;
    private readonly EtaLikelihood likelihood;
    private readonly double[] b, covariance, z, mixed, eta, variance, score, weight, cross, crossSum, gram;
    private readonly bool withTau;
    private readonly int width, stride;

    public PosteriorSum(RowTransform transform, EtaLikelihood likelihood, double[] b, double[] covariance, bool withTau)
    {
        (this.transform, this.likelihood, this.b, this.covariance, this.withTau) = (transform, likelihood, b, covariance, withTau);
        (width, stride) = (transform.Width, transform.Stride);
        z = GC.AllocateArray<double>(Rows * stride, pinned: true);
        mixed = [];
        (eta, variance, score, weight, cross) = (new double[Rows], new double[Rows], new double[Rows], new double[Rows], new double[Rows]);
        (Gradient, gram, crossSum) = (new double[width], new double[width * width], new double[width]);
    }

    public double Value { get; private set; }

    public bool IsValid { get; private set; } = true;

    /// <summary>∂/∂b, [q].</summary>
    public double[] Gradient { get; }

    public double TauScore { get; private set; }

    public double TauInformation { get; private set; }

    public void Clear()
    {
        (Value, TauScore, TauInformation, IsValid) = (0, 0, 0, true);
        Array.Clear(Gradient);
        Array.Clear(gram);
        Array.Clear(crossSum);
    }

    public void Add(in RowBlock rows)
    {
        for (int start = 0; start < rows.Count && IsValid; start += Rows)
            AddSome(rows, start, Math.Min(Rows, rows.Count - start));
    }

    public void Merge(PosteriorSum other)
    {
        IsValid &= other.IsValid;
        Value += other.Value;
        TauScore += other.TauScore;
        TauInformation += other.TauInformation;
        System.Numerics.Tensors.TensorPrimitives.Add(Gradient, other.Gradient, Gradient);
        System.Numerics.Tensors.TensorPrimitives.Add(gram, other.gram, gram);
        System.Numerics.Tensors.TensorPrimitives.Add(crossSum, other.crossSum, crossSum);
    }

    /// <summary>−∇² in (b, τ), [q + 1 or q]², both triangles.</summary>
    public double[] Information()
    {
        int n = withTau ? width + 1 : width;
        var full = new double[n * n];
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j <= i; j++)
                full[i * n + j] = full[j * n + i] = gram[i * width + j];
            if (withTau)
                full[i * n + width] = full[width * n + i] = crossSum[i];
        }
        if (withTau)
            full[^1] = TauInformation;
        return full;
    }

    string IShardSum.Kind => Kind;

    public static Func<PosteriorSum> ReadQuestion(BinaryReader reader, int features)
    {
        var transform = RowTransform.Read(reader, features);
        var likelihood = EtaLikelihood.Read(reader);
        double[] b = reader.ReadDoubles(transform.Width, "coefficients"), covariance = reader.ReadDoubleArray("covariance");
        bool withTau = reader.ReadBoolean();
        if (covariance.Length != 0 && covariance.Length != b.Length * b.Length)
            throw new FormatException("The question does not fit together: it is damaged.");
        return () => new(transform, likelihood, b, covariance, withTau);
    }

    public void WriteQuestion(BinaryWriter writer)
    {
        transform.Write(writer);
        likelihood.Write(writer);
        writer.WriteArray(b);
        writer.WriteArray(covariance);
        writer.Write(withTau);
    }

    public void WriteAnswer(BinaryWriter writer)
    {
        writer.Write(IsValid);
        writer.WriteArray([Value, TauScore, TauInformation]);
        writer.WriteArray(Gradient);
        writer.WriteArray(gram);
        writer.WriteArray(crossSum);
    }

    public void ReadAnswer(BinaryReader reader)
    {
        IsValid = reader.ReadBoolean();
        double[] numbers = reader.ReadDoubles(3, "posterior");
        (Value, TauScore, TauInformation) = (numbers[0], numbers[1], numbers[2]);
        reader.ReadDoubles(width, "gradient").CopyTo(Gradient, 0);
        reader.ReadDoubles(width * width, "information").CopyTo(gram, 0);
        reader.ReadDoubles(width, "information of the dispersion").CopyTo(crossSum, 0);
    }

    private void AddSome(in RowBlock rows, int start, int count)
    {
        transform.Apply(rows, start, count, z, mixed);
        Gemv.Multiply(z, count, width, stride, b, eta);
        if (covariance.Length > 0)
            QuadraticForm.Rows(z, count, width, stride, covariance, width, variance);
        for (int i = 0; i < count; i++)
        {
            double w = rows.Weight(start + i), y = rows.Response[start + i], at = eta[i] + rows.Offset(start + i);
            RowDerivatives row = default;
            if (w > 0 && !(covariance.Length > 0
                ? likelihood.TryExpect(y, at, Math.Max(0, variance[i]), w, out row)
                : likelihood.TryAt(y, at, w, withTau, out row)))
            {
                IsValid = false;
                return;
            }
            Value += row.Value;
            (score[i], weight[i], cross[i]) = (row.Score, row.Information, row.TauCross);
            TauScore += row.TauScore;
            TauInformation += row.TauInformation;
        }
        Gemv.AccumulateTransposed(z, count, width, stride, score, Gradient);
        WeightedGram.Accumulate(z, count, width, stride, weight, gram);
        if (withTau)
            Gemv.AccumulateTransposed(z, count, width, stride, cross, crossSum);
    }
}
