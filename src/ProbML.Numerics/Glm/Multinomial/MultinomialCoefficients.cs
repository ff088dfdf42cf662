namespace ProbML.Fitting;

/// <summary>The coefficients that a multinomial model shows.</summary>
internal static class MultinomialCoefficients
{
    /// <summary>How many classes have parameters of their own: all where a penalty treats them alike, else those after the first.</summary>
    public static int Predictors(int classes, MultinomialOptions options) =>
        options is { Coding: MultinomialCoding.Symmetric, L2: > 0 } ? classes : classes - 1;

    public static VectorCoefficients Of(string[] classNames, MultinomialOptions options, VectorModelParts parts)
    {
        int classes = classNames.Length, predictors = Predictors(classes, options);
        parts.Expect(predictors * parts.Transform.Width);
        int shown = options.Coding == MultinomialCoding.Symmetric ? classes : classes - 1;
        string[] columns = [.. parts.ColumnNames];
        string[] names = [.. classNames[^shown..].SelectMany(c => columns.Select(column => $"{c}: {column}"))];
        string?[] aliased = [.. names.Select((_, i) => parts.Aliasing.GetValueOrDefault(i % columns.Length))];
        return new VectorCoefficients(names, Map(parts.Transform, classes, predictors, shown), aliased);
    }

    /// <summary>T of β = T b: each class its own block; symmetric coding takes the mean over the classes off.</summary>
    private static double[] Map(RowTransform transform, int classes, int predictors, int shown)
    {
        double[] t = transform.ToOriginal(out int rows);
        int q = transform.Width, n = predictors * q;
        bool centre = shown > predictors;
        var map = new double[shown * rows * n];
        for (int k = 0; k < shown; k++)
        {
            for (int a = 0; a < predictors; a++)
            {
                double weight = (k + classes - shown == a + classes - predictors ? 1 : 0) - (centre ? 1.0 / classes : 0);
                for (int i = 0; weight != 0 && i < rows; i++)
                {
                    for (int j = 0; j < q; j++)
                        map[(k * rows + i) * n + a * q + j] = weight * t[i * q + j];
                }
            }
        }
        return map;
    }
}
