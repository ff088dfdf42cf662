namespace ProbML.GaussianProcesses;

/// <summary>ln p(y | f) of one row and its first three derivatives with respect to f, or their expectations.</summary>
internal record struct LatentPoint(double Value, double Slope, double Curvature, double Third)
{
    public static LatentPoint operator *(double weight, in LatentPoint point) =>
        new(weight * point.Value, weight * point.Slope, weight * point.Curvature, weight * point.Third);

    public static LatentPoint operator +(in LatentPoint left, in LatentPoint right) => new(
        left.Value + right.Value, left.Slope + right.Slope, left.Curvature + right.Curvature, left.Third + right.Third);
}

/// <summary>How ln p(y | f), its slope and its curvature in f change with a parameter of the likelihood.</summary>
internal record struct ParameterPoint(double Value, double Slope, double Curvature)
{
    public static ParameterPoint operator *(double weight, in ParameterPoint point) =>
        new(weight * point.Value, weight * point.Slope, weight * point.Curvature);

    public static ParameterPoint operator +(in ParameterPoint left, in ParameterPoint right) =>
        new(left.Value + right.Value, left.Slope + right.Slope, left.Curvature + right.Curvature);
}
