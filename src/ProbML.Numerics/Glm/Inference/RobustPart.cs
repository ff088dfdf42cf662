namespace ProbML.Fitting;

/// <summary>The sandwich covariance that stands in for a model's own, as it is saved with the model.</summary>
/// <param name="Name">"HC0" to "HC3", or "cluster".</param>
/// <param name="Clusters">G; null without clusters.</param>
/// <param name="DegreesOfFreedom">Of Student's t, where the dispersion is estimated.</param>
/// <param name="ModelCovariance">The covariance of b that the sandwich replaces, [q, q].</param>
internal sealed record RobustPart(string Name, long? Clusters, long DegreesOfFreedom, double[] ModelCovariance)
{
    /// <summary>How a summary calls it.</summary>
    public string Title => Clusters is { } clusters ? $"cluster-robust, {clusters} clusters" : $"robust ({Name})";

    public static void Write(BinaryWriter writer, RobustPart? part)
    {
        writer.Write(part is not null);
        if (part is null)
            return;
        writer.Write(part.Name);
        writer.Write(part.Clusters ?? -1);
        writer.Write(part.DegreesOfFreedom);
        writer.WriteArray(part.ModelCovariance);
    }

    /// <exception cref="FormatException">The covariance has another size than the one that replaces it.</exception>
    public static RobustPart? Read(BinaryReader reader, int size)
    {
        if (!reader.ReadBoolean())
            return null;
        string name = reader.ReadString();
        long clusters = reader.ReadInt64(), degrees = reader.ReadInt64();
        double[] covariance = reader.ReadDoubleArray("model covariance");
        return covariance.Length == size
            ? new RobustPart(name, clusters < 0 ? null : clusters, degrees, covariance)
            : throw new FormatException("The model's covariances differ in size: the model is damaged.");
    }

    /// <summary>factor · A⁻¹ M A⁻¹, [n, n].</summary>
    /// <param name="bread">A⁻¹, [n, n], symmetric.</param>
    /// <param name="meat">M, [n, n], of which the lower triangle is read.</param>
    /// <param name="factor">The correction for small samples.</param>
    public static double[] Sandwich(double[] bread, double[] meat, double factor)
    {
        int n = (int)Math.Sqrt(bread.Length);
        double[] whole = [.. meat], half = new double[n * n], full = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                whole[j * n + i] = whole[i * n + j];
        }
        LinearAlgebra.Gemm.Accumulate(n, n, n, factor, bread, n, false, whole, n, false, half, n);
        LinearAlgebra.Gemm.Accumulate(n, n, n, 1, half, n, false, bread, n, false, full, n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                full[i * n + j] = full[j * n + i] = 0.5 * (full[i * n + j] + full[j * n + i]);
        }
        return full;
    }
}
