namespace ProbML.Fitting;

/// <summary>The coefficients that a Tobit model shows.</summary>
internal static class TobitCoefficients
{
    public static VectorCoefficients Of(VectorModelParts parts)
    {
        parts.Expect(parts.Transform.Width + 1);
        string[] names = [.. parts.ColumnNames, "log(sigma)"];
        string?[] aliased = [.. names.Select((_, i) => parts.Aliasing.GetValueOrDefault(i))];
        return new VectorCoefficients(names, Map(parts.Transform), aliased);
    }

    /// <summary>T of (β, ln σ) = T (b, ln σ).</summary>
    private static double[] Map(RowTransform transform)
    {
        double[] t = transform.ToOriginal(out int rows);
        int q = transform.Width, n = q + 1;
        var map = new double[(rows + 1) * n];
        for (int i = 0; i < rows; i++)
            t.AsSpan(i * q, q).CopyTo(map.AsSpan(i * n));
        map[^1] = 1;
        return map;
    }
}
