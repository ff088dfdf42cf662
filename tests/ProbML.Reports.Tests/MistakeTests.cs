using Microsoft.ML;
using static ProbML.Reports.Tests.Rows;

namespace ProbML.Reports.Tests;

/// <summary>What is wrong is said, and leaves nothing behind.</summary>
public sealed class MistakeTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("report");
    private readonly ITransformer model = Context.Regression.Trainers.PoissonRegression("Count").Fit(Make(100));

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_page_is_written_whole_and_replaces_what_was_there()
    {
        string path = Path.Combine(folder.FullName, "report.html");
        File.WriteAllText(path, "old");
        model.Report(path, Make(50, 2), new() { Title = "Claims & <b>counts</b>" });
        string page = File.ReadAllText(path);
        Assert.Contains("<title>Claims &amp; &lt;b&gt;counts&lt;/b&gt;</title>", page, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.FullName));
    }

    [Fact]
    public void Plots_are_png_files_of_their_names()
    {
        var report = model.CreateReport(Make(50, 2));
        string plots = Path.Combine(folder.FullName, "plots");
        report.SavePlots(plots);
        Assert.Equal(
            report.Sections.SelectMany(section => section.Plots).Select(plot => plot.Name + ".png").Order(StringComparer.Ordinal),
            Directory.GetFiles(plots).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        foreach (string file in Directory.GetFiles(plots))
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(file)[..4]);
        Assert.Contains("is a file", Assert.Throws<ArgumentException>(() => report.SavePlots(Directory.GetFiles(plots)[0])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_refused_before_any_work()
    {
        Fails<ArgumentException>(folder.FullName, Make(50), "it is a folder");
        Fails<DirectoryNotFoundException>(Path.Combine(folder.FullName, "no", "report.html"), Make(50), "there is no folder");
        Assert.ThrowsAny<ArgumentException>(() => model.Report(" "));
    }

    [Fact]
    public void Data_that_cannot_judge_are_refused()
    {
        string path = Path.Combine(folder.FullName, "report.html");
        Fails<ArgumentException>(path, Make(0), "have no rows");
        Fails<ArgumentException>(path, Context.Transforms.SelectColumns("Features").Fit(Make(10)).Transform(Make(10)), "no column 'Count'", "LabelColumnName");
        Fails<ArgumentException>(path, Make(10), "no column 'Weight'", new() { ExampleWeightColumnName = "Weight" });
        Fails<ArgumentException>(path, Make(10), "'Level' of what was observed must be a number", new() { LabelColumnName = "Level" });
        Fails<ArgumentException>(path, Make(10), "names 'height'", new() { Features = ["height"] });
        Fails<ArgumentOutOfRangeException>(path, Make(10), "MaximumPoints must be positive", new() { MaximumPoints = 0 });
        Fails<ArgumentOutOfRangeException>(path, Make(10), "Level must lie strictly", new() { Level = 1 });
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Fails<OperationCanceledException>(path, Make(10), "cancel", new() { Cancellation = stop.Token });
    }

    [Fact]
    public void A_pipeline_that_predicts_nothing_is_refused()
    {
        var steps = Context.Transforms.NormalizeMinMax("Features").Fit(Make(10));
        Assert.Contains("predicts nothing", Assert.Throws<ArgumentException>(() => steps.CreateReport(Make(10))).Message, StringComparison.Ordinal);
        Assert.Contains("predicts nothing", Assert.Throws<ArgumentException>(() => steps.CreateReport()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_no_document_can_hold_are_shown_without_what_it_cannot()
    {
        Assert.Equal("a\uFFFDb", Html.Text.Plain("a\u0001b"));
        Assert.Equal("x\uFFFD😀", Html.Text.Plain("x\ud800😀"));
        Assert.True(Html.Text.Short(new string('x', 500)).Length <= 32);
    }

    private void Fails<TException>(string path, IDataView data, string message, ReportOptions? options = null)
        where TException : Exception => Fails<TException>(path, data, message, "", options);

    private void Fails<TException>(string path, IDataView data, string message, string also, ReportOptions? options = null)
        where TException : Exception
    {
        var before = Directory.GetFileSystemEntries(folder.FullName);
        var e = Assert.Throws<TException>(() => model.Report(path, data, options));
        Assert.Contains(message, e.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(also, e.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(folder.FullName));
    }
}
