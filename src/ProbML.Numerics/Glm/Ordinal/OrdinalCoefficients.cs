namespace ProbML.Fitting;

/// <summary>The thresholds and coefficients that an ordinal model shows.</summary>
internal static class OrdinalCoefficients
{
    public static VectorCoefficients Of(string[] classNames, VectorModelParts parts)
    {
        int cuts = classNames.Length - 1, width = parts.Transform.Width - 1;
        if (!parts.Transform.Intercept)
            throw VectorModelParts.Damaged();
        parts.Expect(width + cuts);
        string[] names =
        [
            .. Enumerable.Range(0, cuts).Select(j => $"threshold:{classNames[j]}|{classNames[j + 1]}"),
            .. parts.FeatureNames,
        ];
        string?[] aliased =
        [
            .. new string?[cuts],
            .. Enumerable.Range(1, parts.FeatureNames.Length).Select(i => parts.Aliasing.GetValueOrDefault(i)),
        ];
        return new VectorCoefficients(names, Map(parts.Transform, cuts), aliased);
    }

    /// <summary>T of (τ, β) = T (b, t): τⱼ = tⱼ less what z'b holds of a constant.</summary>
    private static double[] Map(RowTransform transform, int cuts)
    {
        double[] t = transform.ToOriginal(out int rows);
        int q = transform.Width, width = q - 1, n = width + cuts;
        var map = new double[(cuts + rows - 1) * n];
        for (int j = 0; j < cuts; j++)
        {
            map[j * n + width + j] = 1;
            for (int k = 0; k < width; k++)
                map[j * n + k] = -t[k + 1];
        }
        for (int i = 1; i < rows; i++)
            t.AsSpan(i * q + 1, width).CopyTo(map.AsSpan((cuts + i - 1) * n));
        return map;
    }
}
