using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Cli;

/// <summary>A fitted pipeline, as it lies in a file: an ML.NET model, and what was said of its fit.</summary>
/// <param name="Features">The steps before the model.</param>
/// <param name="Final">The step that scores.</param>
/// <param name="Report">What <c>fit --json</c> printed; null: the model was not fitted by this tool.</param>
/// <param name="Pipeline">All steps.</param>
/// <param name="Schema">The columns that the pipeline was fitted to.</param>
internal sealed record ModelFile(
    IReadOnlyList<ITransformer> Features, FittedModel Final, JsonObject? Report, ITransformer Pipeline, DataViewSchema Schema)
{
    private const string ReportEntry = "probml/fit.json";

    /// <summary>The design matrix, where the pipeline starts with one.</summary>
    public DesignMatrixTransformer? Matrix => Features is [DesignMatrixTransformer matrix] ? matrix : null;

    /// <summary>Writes a pipeline and its report.</summary>
    public static void Write(MLContext ml, ITransformer pipeline, DataViewSchema schema, JsonObject report, Stream stream)
    {
        ml.Model.Save(pipeline, schema, stream);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true);
        using var entry = archive.CreateEntry(ReportEntry).Open();
        JsonSerializer.Serialize(entry, report);
    }

    /// <summary>Reads a pipeline.</summary>
    /// <exception cref="BadDataException">The file is missing, damaged, or no model of this kind.</exception>
    public static ModelFile Read(MLContext ml, string path)
    {
        string name = Path.GetFileName(path);
        if (!File.Exists(path))
        {
            throw new BadDataException(
                Directory.Exists(path) ? $"{path} is a folder, not a model." : $"there is no file {path}.");
        }
        ITransformer loaded;
        DataViewSchema schema;
        JsonObject? report = null;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using (var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true))
            {
                if (archive.GetEntry(ReportEntry) is { } entry)
                {
                    using var text = entry.Open();
                    report = JsonSerializer.Deserialize<JsonObject>(text);
                }
            }
            stream.Position = 0;
            loaded = ml.Model.Load(stream, out schema);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new BadDataException($"{name} cannot be opened: {e.Message}", e);
        }
#pragma warning disable CA1031 // whatever is wrong inside a file, it is no model that can be read
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw new BadDataException(
                $"{name} is not a model that can be read: it is cut short, damaged, or of another kind ({Innermost(e)}).", e);
        }
        ITransformer[] steps = loaded is TransformerChain<ITransformer> chain ? [.. chain] : [loaded];
        if (steps is not [.. var features, var last] || FittedModel.Of(last) is not { } final)
            throw new BadDataException($"{name} is an ML.NET model, but it does not end in a GLM or one of the other kinds that probml knows.");
        return new(features, final, report, loaded, schema);
    }

    private static string Innermost(Exception e)
    {
        while (e.InnerException is not null)
            e = e.InnerException;
        return e.Message.ReplaceLineEndings(" ").TrimEnd('.');
    }
}
