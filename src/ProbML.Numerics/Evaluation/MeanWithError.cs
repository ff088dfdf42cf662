namespace ProbML.Evaluation;

/// <summary>A weighted mean over rows and its standard error, in one pass.</summary>
internal struct MeanWithError
{
    private double weight, squaredWeight, mean, spread;

    /// <summary>Takes a row in (West 1979).</summary>
    public void Add(double value, double w)
    {
        double before = value - mean;
        weight += w;
        squaredWeight += w * w;
        mean += w / weight * before;
        spread += w * before * (value - mean);
    }

    /// <summary>The mean; NaN over no rows.</summary>
    public readonly double Mean => weight > 0 ? mean : double.NaN;

    /// <summary>√(s²/n), n the effective number of rows (Σw)²/Σw²; NaN over fewer than two.</summary>
    public readonly double StandardError
    {
        get
        {
            double rows = weight * weight / squaredWeight;
            return rows > 1 ? Math.Sqrt(spread / weight / (rows - 1)) : double.NaN;
        }
    }

    /// <summary>The mean and its error, as a value.</summary>
    public readonly Estimate Estimate => new(Mean, StandardError);
}

/// <summary>A mean over rows, and how far it may be off: its standard error.</summary>
/// <param name="Value">The mean; NaN where no row has the value.</param>
/// <param name="StandardError">Its standard error; NaN over fewer than two rows.</param>
public readonly record struct Estimate(double Value, double StandardError);
