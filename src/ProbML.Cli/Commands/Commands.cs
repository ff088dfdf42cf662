namespace ProbML.Cli;

/// <summary>What the words of the command line do.</summary>
internal sealed class Commands(Terminal terminal, CancellationToken stop)
{
    public int Fit(FitRequest request) => new FitCommand(terminal, stop).Run(request);

    public int FitVae(VaeRequest request) => new VaeFitCommand(terminal, stop).Run(request);

    public int FitFlow(FlowRequest request) => new FlowFitCommand(terminal, stop).Run(request);

    public int Summary(SummaryRequest request) => new SummaryCommand(terminal).Run(request);

    public int Predict(PredictRequest request) => new PredictCommand(terminal, stop).Run(request);

    public int Export(ExportRequest request) => new ExportCommand(terminal, stop).Run(request);

    public int Drift(DriftRequest request) => new DriftCommand(terminal, stop).Run(request);

    public int Report(ReportRequest request) => new ReportCommand(terminal, stop).Run(request);

    public int Evaluate(EvaluateRequest request) => new EvaluateCommand(terminal, stop).Run(request);
}
