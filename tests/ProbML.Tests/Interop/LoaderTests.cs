using System.IO.Compression;
using System.Reflection;
using System.Text;
using Microsoft.ML;
using ProbML.Examples;
using ProbML.Laws;

namespace ProbML.Interop;

/// <summary>What is written into a saved model, and the loader's other entrance.</summary>
public sealed class LoaderTests
{
    private const BindingFlags Static = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static;

    private static readonly Assembly Core = Assembly.Load("Microsoft.ML.Core");
    private static readonly Assembly Data = Assembly.Load("Microsoft.ML.Data");

    /// <summary>ML.NET's older way: a scored view, not its transformer, is written, and applied to other data when read.</summary>
    [Fact]
    public void A_scored_view_can_be_saved_and_applied_again()
    {
        foreach (var component in new[] { ExampleComponents.Ridge, ExampleComponents.BlockRidge })
        {
            var context = new MLContext(1);
            var data = context.View(LawData.Rows(component));
            var scored = component.Create(context, new(component.Roles)).Fit(data).Transform(data);
            using var stream = new MemoryStream();
            Save(context, scored, stream);
            stream.Position = 0;
            Scores.Read(scored).AssertEqual(Scores.Read(Load(new MLContext(), data, stream)));
        }
    }

    [Fact]
    public void The_file_names_model_and_assembly_by_what_lasts()
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(ExampleComponents.Ridge));
        using var stream = new MemoryStream();
        context.Model.Save(ExampleComponents.Ridge.Create(context, new(new("Number"))).Fit(data), data.Schema, stream);
        string texts = Texts(stream);
        Assert.Contains("ExampleRidge", texts, StringComparison.Ordinal);
        Assert.DoesNotContain("RidgeModel", texts, StringComparison.Ordinal);
        Assert.Contains("ProbML.Tests", texts, StringComparison.Ordinal);
        Assert.DoesNotContain("ProbML, Version", texts, StringComparison.Ordinal);
    }

    private static void Save(MLContext context, IDataView scored, Stream stream)
    {
        var writerType = Core.GetType("Microsoft.ML.RepositoryWriter")!;
        using var writer = (IDisposable)writerType.GetMethod("CreateNew", Static)!.Invoke(null, [stream, context, true])!;
        var save = typeof(ModelSaveContext).GetMethods(Static)
            .Single(method => method.Name == "SaveModel" && method.GetParameters()[0].ParameterType == writerType);
        save.MakeGenericMethod(typeof(IDataView)).Invoke(null, [writer, scored, "View"]);
        writerType.GetMethod("Commit")!.Invoke(writer, null);
    }

    private static IDataView Load(MLContext context, IDataView data, Stream stream)
    {
        var readerType = Core.GetType("Microsoft.ML.RepositoryReader")!;
        using var reader = (IDisposable)readerType.GetMethod("Open", Static)!.Invoke(null, [stream, context, true])!;
        var load = Core.GetType("Microsoft.ML.ModelLoadContext")!.GetMethods(Static).Single(method =>
            method.Name == "LoadModel" && method.GetParameters() is { Length: 5 } all && all[2].ParameterType == readerType);
        object?[] arguments = [context, null, reader, "View", new object[] { data }];
        load.MakeGenericMethod(
            Data.GetType("Microsoft.ML.Data.IDataTransform")!, Data.GetType("Microsoft.ML.Data.SignatureLoadDataTransform")!)
            .Invoke(null, arguments);
        return (IDataView)arguments[1]!;
    }

    /// <summary>All that the archive holds, read as characters of one byte.</summary>
    private static string Texts(Stream stream)
    {
        stream.Position = 0;
        using var archive = new ZipArchive(stream);
        using var content = new MemoryStream();
        foreach (var entry in archive.Entries)
        {
            using var from = entry.Open();
            from.CopyTo(content);
        }
        return Encoding.Latin1.GetString(content.ToArray()).Replace("\0", "", StringComparison.Ordinal);
    }
}
