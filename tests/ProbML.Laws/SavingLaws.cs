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
        string tests = Path.ChangeExtension(Assembly.GetEntryAssembly()!.Location, null);
        ScoringProcess.AssertScoresTheSame(
            [
                "exec",
                "--depsfile", $"{tests}.deps.json",
                "--runtimeconfig", $"{tests}.runtimeconfig.json",
                Path.Combine(AppContext.BaseDirectory, "ProbML.FreshProcess.dll"),
            ],
            Save(context, model, data.Schema), model, context, rows[..20], component.Score, component.Tolerance);
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
        var data = context.View(LawData.Rows(component, component.ManyRows));
        return Save(context, component.Create(context, new(component.Roles, Threads: threads)).Fit(data), data.Schema);
    }
}
