using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProbML.Cli;

/// <summary>JSON as people and programs read it.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,       // it goes to a console or a file, never into a web page
    };

    public static void Print(this Terminal terminal, JsonObject value) =>
        terminal.Output.WriteLine(value.ToJsonString(Options));
}
