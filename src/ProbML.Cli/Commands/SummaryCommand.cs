using System.Text.Json.Nodes;
using Microsoft.ML;
using ProbML.GaussianProcesses;

namespace ProbML.Cli;

/// <summary><c>probml summary</c>: what a model file holds.</summary>
internal sealed class SummaryCommand(Terminal terminal)
{
    public int Run(SummaryRequest request)
    {
        var file = ModelFile.Read(new MLContext(), request.Model);
        if (file.Final.Model is GlmModel glm)
        {
            Show(file.Report ?? FitReport.Build(glm, facts: null, test: null, extras: null), report => FitTable.Print(terminal, glm, report));
            return 0;
        }
        if (file.Final.IsFlow)
        {
            Show(file.Report ?? FlowReport.Build(file.Final.Model, facts: null), report => FlowTable.Print(terminal, report));
            return 0;
        }
        if (!file.Final.HasLabel)
        {
            Show(file.Report ?? VaeReport.Build(file.Final.Model, facts: null), report => VaeTable.Print(terminal, report));
            return 0;
        }
        if (file.Final.Model is DensityRatioModel ratio)
        {
            Show(file.Report ?? RatioReport.Build(ratio, facts: null), report => RatioTable.Print(terminal, report));
            return 0;
        }
        if (file.Final.IsRatioNetwork)
        {
            Show(
                file.Report ?? RatioReport.Build((DensityRatios.RatioNetworkModel)file.Final.Model, facts: null),
                report => RatioTable.Print(terminal, report));
            return 0;
        }
        if (file.Final.Model is BayesianLinearModel or BayesianGlmModel)
        {
            Show(
                file.Report ?? BayesReport.Build(file.Final.Model, facts: null),
                _ => terminal.Output.WriteLine(file.Final.Model.ToString()));
            return 0;
        }
        if (file.Final.Model is GaussianProcessModel process)
        {
            Show(file.Report ?? GpReport.Build(process, facts: null), report => GpFit.Print(terminal, process, report["outputs"]));
            return 0;
        }
        if (file.Final.Model is HierarchicalModel hierarchical)
        {
            Show(
                file.Report ?? HierarchicalReport.Build(hierarchical, facts: null),
                _ => terminal.Output.WriteLine(hierarchical.ToString()));
            return 0;
        }
        var fit = VectorFit.Of((VectorGlmModel)file.Final.Model);
        Show(
            file.Report ?? VectorReport.Build(fit, facts: null, test: null, extras: null),
            report => VectorTable.Print(terminal, fit, report));
        return 0;

        void Show(JsonObject report, Action<JsonObject> table)
        {
            if (request.Json)
                terminal.Print(report);
            else
                table(report);
        }
    }
}
