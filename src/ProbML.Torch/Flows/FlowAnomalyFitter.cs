namespace ProbML.Flows;

/// <summary>Fits a flow, and sets the Score above which a row is an anomaly.</summary>
public sealed class FlowAnomalyFitter : IFitter<FlowAnomalyModel>
{
    private readonly FlowAnomalyOptions options;
    private readonly FlowFitter fitter;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    public FlowAnomalyFitter(FlowAnomalyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
        fitter = new(options.Flow with { Columns = FlowColumns.LogDensity });
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => FlowAnomalyModel.Columns;

    /// <inheritdoc/>
    /// <exception cref="DllNotFoundException">There is no libtorch; the message names the packages to choose from.</exception>
    public FlowAnomalyModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        var flow = fitter.Fit(design, monitor);
        try
        {
            double[] scores = HeldOutScores.Of(
                new FlowAnomalyModel(flow, 0, []), design, flow.Receipt, options.Flow.Training, monitor);
            return new(flow, HeldOutScores.Threshold(scores, options.FalseAlarmRate), scores);
        }
        catch
        {
            flow.Dispose();
            throw;
        }
    }
}
