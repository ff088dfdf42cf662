using System.Text.Json.Nodes;
using Microsoft.ML;

namespace ProbML.Cli;

/// <summary><c>probml summary</c>: what a model file holds.</summary>
internal sealed class SummaryCommand(Terminal terminal)
{
    public int Run(SummaryRequest request)
    {
        var file = ModelFile.Read(new MLContext(), request.Model);
        JsonObject report = file.Report ?? FitReport.Build(file.Model, facts: null);
        if (request.Json)
            terminal.Print(report);
        else
            FitTable.Print(terminal, file.Model, report);
        return 0;
    }
}
