namespace ProbML.GaussianProcesses;

/// <summary>Confidence bound.</summary>
internal sealed record ConfidenceBoundAcquisition(double Kappa) : Acquisition
{
    public double Kappa { get; } = Kappa >= 0 && double.IsFinite(Kappa)
        ? Kappa
        : throw new ArgumentOutOfRangeException(nameof(Kappa), Kappa, "κ must be finite and not negative.");

    public override string ColumnName => ColumnNames.UpperConfidenceBound;

    public override double Value(double mean, double standardDeviation, double best) => Kappa * standardDeviation - mean;

    public override string ToString() => AcquisitionText.Write(AcquisitionText.Bound, Kappa);

    internal override OnnxReal Emit(OnnxReal mean, OnnxReal standardDeviation, double best) => Kappa * standardDeviation - mean;
}

/// <summary>Variance.</summary>
internal sealed record VarianceAcquisition : Acquisition
{
    public override string ColumnName => ColumnNames.MaximumVariance;

    public override double Value(double mean, double standardDeviation, double best) => standardDeviation * standardDeviation;

    public override string ToString() => AcquisitionText.Variance;

    internal override OnnxReal Emit(OnnxReal mean, OnnxReal standardDeviation, double best) => standardDeviation * standardDeviation;
}
