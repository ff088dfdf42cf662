namespace ProbML.Tests;

/// <summary>Fits of the three vector families to golden files, by the file's name.</summary>
internal static class VectorCases
{
    public static VectorGlmModel Fit(ReferenceCase golden, Design design, double l2 = 0) => golden.Family switch
    {
        "multinomial" => new MultinomialFitter(golden.Classes, new() { L2 = l2 }).Fit(design, TrainingMonitor.None),
        "ordinal" => new OrdinalFitter(golden.Classes, new() { Link = golden.Link, L2 = l2 }).Fit(design, TrainingMonitor.None),
        _ => new TobitFitter(new() { L2 = l2 }).Fit(design, TrainingMonitor.None),
    };

    public static VectorGlmModel With(VectorGlmModel model, RobustCovariance? robust) => model switch
    {
        MultinomialModel multinomial => multinomial.WithCovariance(robust),
        OrdinalModel ordinal => ordinal.WithCovariance(robust),
        _ => ((TobitModel)model).WithCovariance(robust),
    };

    public static byte[] Saved(VectorGlmModel model) => model switch
    {
        MultinomialModel multinomial => VectorReference.Saved(multinomial),
        OrdinalModel ordinal => VectorReference.Saved(ordinal),
        _ => VectorReference.Saved((TobitModel)model),
    };

    public static VectorGlmModel Loaded(VectorGlmModel like, byte[] bytes) => like switch
    {
        MultinomialModel => VectorReference.Loaded<MultinomialModel>(bytes),
        OrdinalModel => VectorReference.Loaded<OrdinalModel>(bytes),
        _ => VectorReference.Loaded<TobitModel>(bytes),
    };

    public static float[] Score(VectorGlmModel model, double[] row) => model switch
    {
        MultinomialModel multinomial => VectorReference.Score(multinomial, [row])[0],
        OrdinalModel ordinal => VectorReference.Score(ordinal, [row])[0],
        _ => VectorReference.Score((TobitModel)model, [row])[0],
    };
}
