using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>What fitted multinomial, ordinal and Tobit models have in common, as it is saved.</summary>
internal sealed record VectorModelParts
{
    /// <remarks>2: a sandwich covariance.</remarks>
    private const int FormatVersion = 2;

    public required double Level { get; init; }

    public required double L2 { get; init; }

    public required string[] FeatureNames { get; init; }

    public required string ResponseName { get; init; }

    /// <summary>The coordinates z of the parameters.</summary>
    public required RowTransform Transform { get; init; }

    /// <summary>b, [P].</summary>
    public required double[] Scaled { get; init; }

    /// <summary>The covariance of b, [P, P]; the sandwich where there is one.</summary>
    public required double[] Covariance { get; init; }

    /// <summary>The sandwich that <see cref="Covariance"/> is, and what it replaces; null: it is the model's own.</summary>
    public RobustPart? Robust { get; init; }

    /// <summary>The model's own covariance of b, [P, P]: the inverse of the information and the penalty.</summary>
    public double[] ModelCovariance => Robust?.ModelCovariance ?? Covariance;

    /// <summary>Why coefficients are aliased, by their place in [intercept, features].</summary>
    public required Dictionary<int, string> Aliasing { get; init; }

    public required LikelihoodStatistics Statistics { get; init; }

    /// <summary>Whether standard errors are known.</summary>
    public bool HasCovariance => Array.TrueForAll(Covariance, double.IsFinite);

    /// <summary>The names of [intercept, features].</summary>
    public IEnumerable<string> ColumnNames =>
        Transform.Intercept ? FeatureNames.Prepend(GlmCoefficientTable.InterceptName) : FeatureNames;

    /// <summary>The same with a sandwich for the covariance; null: with the model's own.</summary>
    public VectorModelParts With(RobustPart? robust, double[] covariance) => this with { Covariance = covariance, Robust = robust };

    /// <summary>Coefficients and covariance in terms of the features.</summary>
    public (GlmCoefficient[] Coefficients, double[,] Covariance) Report(VectorCoefficients shown)
    {
        var (names, map, aliased) = shown;
        int[] kept = [.. Enumerable.Range(0, names.Length).Where(i => aliased[i] is null)];
        int p = kept.Length, n = Scaled.Length;
        double[] t = new double[p * n], beta = new double[p], half = new double[p * n], full = new double[p * p];
        for (int i = 0; i < p; i++)
        {
            map.AsSpan(kept[i] * n, n).CopyTo(t.AsSpan(i * n));
            beta[i] = System.Numerics.Tensors.TensorPrimitives.Dot<double>(t.AsSpan(i * n, n), Scaled);
        }
        Gemm.Accumulate(p, n, n, 1, t, n, false, Covariance, n, false, half, n);
        Gemm.Accumulate(p, p, n, 1, half, n, false, t, n, true, full, p);
        var covariance = new double[p, p];
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j <= i; j++)
                covariance[i, j] = covariance[j, i] = full[i * p + j];
        }
        double quantile = NormalDistribution.Quantile(0.5 + Level / 2);
        var table = new GlmCoefficient[names.Length];
        for (int i = 0, k = 0; i < table.Length; i++)
        {
            if (aliased[i] is { } why)
            {
                table[i] = new(
                    names[i], double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, why);
                continue;
            }
            double error = Math.Sqrt(covariance[k, k]), estimate = beta[k++], z = estimate / error;
            table[i] = new(
                names[i], estimate, error, z, double.IsFinite(z) ? NormalDistribution.TwoSided(z) : double.NaN,
                estimate - quantile * error, estimate + quantile * error);
        }
        return (table, covariance);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(FormatVersion);
        writer.Write(Level);
        writer.Write(L2);
        writer.WriteArray(FeatureNames);
        writer.Write(ResponseName);
        Transform.Write(writer);
        writer.WriteArray(Scaled);
        writer.WriteArray(Covariance);
        writer.Write(Aliasing.Count);
        foreach (var (place, text) in Aliasing.OrderBy(pair => pair.Key))
        {
            writer.Write(place);
            writer.Write(text);
        }
        Statistics.Write(writer);
        RobustPart.Write(writer, Robust);
    }

    public static VectorModelParts Read(BinaryReader reader)
    {
        int version = reader.ReadVersion(FormatVersion, "model");
        double level = reader.ReadDouble(), l2 = reader.ReadDouble();
        string[] names = reader.ReadStringArray("feature names");
        string response = reader.ReadString();
        var transform = RowTransform.Read(reader);
        double[] scaled = reader.ReadDoubleArray("parameters"), covariance = reader.ReadDoubleArray("covariance");
        if (covariance.Length != (long)scaled.Length * scaled.Length || names.Length != transform.FeatureCount)
            throw Damaged();
        var aliasing = new Dictionary<int, string>();
        for (int count = reader.ReadCount("aliased columns"); count > 0; count--)
            aliasing[reader.ReadInt32()] = reader.ReadString();
        return new VectorModelParts
        {
            Level = level,
            L2 = l2,
            FeatureNames = names,
            ResponseName = response,
            Transform = transform,
            Scaled = scaled,
            Covariance = covariance,
            Aliasing = aliasing,
            Statistics = LikelihoodStatistics.Read(reader),
            Robust = version > 1 ? RobustPart.Read(reader, covariance.Length) : null,
        };
    }

    /// <summary>Checks that there are as many parameters as the model needs.</summary>
    public VectorModelParts Expect(int parameters) => Scaled.Length == parameters ? this : throw Damaged();

    public static FormatException Damaged() => new("The model's parts do not fit each other: the model is damaged.");
}
