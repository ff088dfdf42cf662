using System.Text.Json.Nodes;
using Microsoft.ML;

namespace ProbML.Cli;

/// <summary><c>probml export</c>: a model as an ONNX file, the coding of its columns included.</summary>
internal sealed class ExportCommand(Terminal terminal, CancellationToken stop)
{
    public int Run(ExportRequest request)
    {
        var ml = new MLContext();
        var model = ModelFile.Read(ml, request.Model);
        Check(request.Columns, model);
        using var output = ReplacedFile.Create(request.Out, request.Model);
        OnnxExportOptions options = new()
        {
            Outputs = request.Columns is [] ? null : request.Columns,
            Opset = request.Opset,
        };
        OnnxSignature signature;
        try
        {
            signature = ml.Model.SaveAsOnnx(model.Pipeline, model.Schema, output.Stream, options);
        }
        catch (NotSupportedException e)
        {
            throw new BadDataException($"{Path.GetFileName(request.Model)}: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new BadDataException($"{request.Out} cannot be written: {e.Message}", e);
        }
        stop.ThrowIfCancellationRequested();
        long bytes = output.Stream.Length;
        output.Commit();
        if (request.Json)
            terminal.Print(Report(request, signature, bytes));
        return 0;
    }

    private static void Check(IReadOnlyList<string> columns, ModelFile model)
    {
        var schema = model.Pipeline.GetOutputSchema(model.Schema);
        foreach (string name in columns)
        {
            if (schema.GetColumnOrNull(name) is null)
            {
                throw new UsageException(
                    $"--columns {name}: the model gives no such column; it gives {string.Join(", ", Given(model))}.");
            }
            if (columns.Count(other => other == name) > 1)
                throw new UsageException($"--columns names '{name}' twice.");
        }

        IEnumerable<string> Given(ModelFile file) =>
            schema.Skip(file.Schema.Count).Where(column => !column.IsHidden).Select(column => column.Name);
    }

    private static JsonObject Report(ExportRequest request, OnnxSignature signature, long bytes) => new()
    {
        ["file"] = request.Out,
        ["bytes"] = bytes,
        ["opset"] = request.Opset,
        ["inputs"] = Ports(signature.Inputs),
        ["outputs"] = Ports(signature.Outputs),
    };

    private static JsonArray Ports(IEnumerable<OnnxPort> ports) =>
    [
        .. ports.Select(port => new JsonObject
        {
            ["name"] = port.Name,
            ["type"] = $"{port.Element}",
            ["width"] = port.Width,
        }),
    ];
}
