using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.ML;

namespace ProbML.Laws;

/// <summary>A saved model is the model, in another context or process; equal seeds give equal bytes.</summary>
public static class SavingLaws
{
    public static void Registration_throws_nothing(Component component)
    {
        var context = new MLContext();
        context.ComponentCatalog.RegisterAssembly(typeof(ProbabilisticTrainer).Assembly);
        Assert.NotNull(component.Fit(context, context.View(LawData.Rows(component))));
    }

    public static void Loaded_in_a_fresh_context_it_scores_the_same(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        var model = component.Fit(context, data);
        byte[] saved = Save(context, model, data.Schema);
        var loaded = new MLContext().Model.Load(new MemoryStream(saved), out _);
        Scores.Read(model.Transform(data)).AssertEqual(Scores.Read(loaded.Transform(data)));
        SavedModel.AssertSame(saved, Save(context, loaded, data.Schema));
        Assert.Equal(model.GetType(), loaded.GetType());
    }

    public static void Loaded_in_a_fresh_process_it_scores_the_same(Component component)
    {
        var context = new MLContext(1);
        var rows = LawData.Rows(component);
        var data = context.View(rows);
        var model = component.Fit(context, data);
        string path = Path.GetTempFileName();
        try
        {
            context.Model.Save(model, data.Schema, path);
            rows = rows[..20];
            var expected = Scores.Read(model.Transform(context.View(rows))).Slots(component.Score);
            var lines = FreshProcess.Run(path, component.Score, rows.Select(row => string.Join(' ', [.. row.Features.Select(x => $"{x}"), row.Group, row.Category])));
            Assert.Equal(rows.Count, lines.Count);
            for (int i = 0; i < lines.Count; i++)
            {
                string[] printed = lines[i].Split(' ');
                Assert.Equal(2 * expected[i].Length, printed.Length);
                foreach (var (score, text) in expected[i].Concat(expected[i]).Zip(printed))
                    Scores.AssertClose(
                        score,
                        float.Parse(text, CultureInfo.InvariantCulture),
                        component.Tolerance,
                        $"score of row {i}");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static void Equal_seeds_give_the_same_bytes(Component component) =>
        SavedModel.AssertSame(FitAndSave(component), FitAndSave(component));

    public static void Threads_do_not_change_a_bit(Component component) =>
        SavedModel.AssertSame(FitAndSave(component, threads: 1), FitAndSave(component, threads: 5));

    public static byte[] Save(MLContext context, ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        context.Model.Save(model, schema, stream);
        return stream.ToArray();
    }

    private static byte[] FitAndSave(Component component, int? threads = null)
    {
        var context = new MLContext(seed: 3);
        var data = context.View(LawData.Rows(component, count: 9_000));
        return Save(context, component.Create(context, new(component.Roles, Threads: threads)).Fit(data), data.Schema);
    }

    /// <summary>A program that knows ML.NET alone, with the assemblies of the running tests beside it.</summary>
    private static class FreshProcess
    {
        public static List<string> Run(string model, string column, IEnumerable<string> input)
        {
            string tests = Path.ChangeExtension(Assembly.GetEntryAssembly()!.Location, null);
            string program = Path.Combine(AppContext.BaseDirectory, "ProbML.FreshProcess.dll");
            string[] arguments =
            [
                "exec",
                "--depsfile", $"{tests}.deps.json",
                "--runtimeconfig", $"{tests}.runtimeconfig.json",
                program,
                model,
                column,
            ];
            string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
            var start = new ProcessStartInfo(host, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            foreach (string line in input)
                process.StandardInput.WriteLine(line);
            process.StandardInput.Close();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors.Result);
            return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        }
    }
}
