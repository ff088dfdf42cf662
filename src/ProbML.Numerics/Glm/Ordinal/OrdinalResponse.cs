namespace ProbML.Fitting;

/// <summary>P(y) = F(τ_y − η) − F(τ_(y−1) − η): predictor 0 is η, the constants are the thresholds.</summary>
/// <remarks>
/// McCullagh (1980), Regression Models for Ordinal Data, §2–3; concave for log-concave densities (Pratt 1981).
/// </remarks>
internal sealed class OrdinalResponse(ILinkFunction link, int classes) : IVectorResponse
{
    public ILinkFunction Link => link;

    public int Classes => classes;

    public int Predictors => 1;

    public int Constants => classes - 1;

    public bool IsConcave => true;

    public bool Supports(double y) => y >= 0 && y < classes && y == Math.Floor(y);

    public double Terms(double y, double offset, ReadOnlySpan<double> eta, Span<double> score, Span<double> information)
    {
        int k = (int)y;
        bool hasUpper = k < classes - 1, hasLower = k > 0;
        double s = eta[0] + offset;
        if (hasUpper && hasLower && !(eta[k + 1] > eta[k]))
            return double.NaN;                            // thresholds out of order
        var upper = hasUpper ? link.Inverse(eta[k + 1] - s) : new MeanPoint(1, 0, 0, 0);
        var lower = hasLower ? link.Inverse(eta[k] - s) : new MeanPoint(0, 1, 0, 0);
        double p = Difference(upper, lower), a = upper.Slope / p, b = lower.Slope / p;
        double uu = a * a - upper.Curvature / p, ll = b * b + lower.Curvature / p, ul = -a * b;
        score[0] = b - a;
        information[0] = uu + 2 * ul + ll;
        if (hasUpper)
        {
            int row = k + 1, start = row * (row + 1) / 2;
            score[row] = a;
            information[start] = -(uu + ul);
            information[start + row] = uu;
            if (hasLower)
                information[start + k] = ul;
        }
        if (hasLower)
        {
            int start = k * (k + 1) / 2;
            score[k] = -b;
            information[start] = -(ll + ul);
            information[start + k] = ll;
        }
        return !hasLower ? upper.LogMean : !hasUpper ? lower.LogComplement : Math.Log(p);
    }

    /// <summary>F(upper) − F(lower), in the tail where nothing cancels.</summary>
    public static double Difference(in MeanPoint upper, in MeanPoint lower) =>
        lower.Mean < 0.5 ? upper.Mean - lower.Mean : lower.Complement - upper.Complement;
}
