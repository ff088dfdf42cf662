using Microsoft.ML;

namespace ProbML.Laws;

/// <summary>A file that cannot be loaded says whose it is and what to do, in the innermost exception.</summary>
public static class DamageLaws
{
    public static void A_file_cut_short_is_refused(Component component)
    {
        byte[] saved = Saved(component);
        foreach (double part in new[] { 0, 0.1, 0.5, 0.9, 0.99 })
        {
            var error = Innermost(saved[..(int)(part * saved.Length)]);
            Assert.True(error is FormatException or InvalidDataException or IOException, $"{part}: {error}");
        }
    }

    public static void A_damaged_byte_is_found_and_the_component_named(Component component)
    {
        byte[] saved = Saved(component);
        foreach (double place in new[] { 0, 0.01, 0.3, 0.7, 1 })
        {
            var error = Load(saved, entry =>
            {
                var body = entry.AsSpan(SavedModel.Body(entry));
                body[(int)(place * (body.Length - 1))] ^= 0x10;
            });
            AssertNames(component, error, "damaged");
        }
    }

    public static void A_wrong_length_is_found_before_memory_is_taken(Component component)
    {
        byte[] saved = Saved(component);
        foreach (long length in new[] { -1, long.MaxValue, int.MaxValue, 1_000_000 })
            AssertNames(component, Load(saved, entry => SavedModel.SetLength(entry, length)), "cut short");
        AssertNames(component, Load(saved, entry => SavedModel.SetLength(entry, 10)), "damaged");
    }

    public static void A_later_format_asks_for_an_update(Component component)
    {
        var error = Load(Saved(component), entry => SavedModel.SetVersions(entry, 0x00020001, 0x00020001));
        Assert.IsType<FormatException>(error);
        Assert.Contains("update the ProbML package", error.Message, StringComparison.Ordinal);
    }

    public static void A_missing_assembly_is_named(Component component)
    {
        string assembly = ModelOf(component).Assembly.GetName().Name!, absent = new('Q', assembly.Length);
        var error = Load(Saved(component), entry => SavedModel.Rename(entry, assembly, absent));
        AssertNames(component, error, $"needs the assembly '{absent}'");
    }

    public static void An_unknown_model_asks_for_an_update(Component component)
    {
        string key = KeyOf(component), unknown = new('Q', key.Length);
        var error = Load(Saved(component), entry => SavedModel.Rename(entry, key, unknown));
        Assert.Contains($"no model with the key '{unknown}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("update the package", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Saved(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component, count: 60));
        return SavingLaws.Save(context, component.Fit(context, data), data.Schema);
    }

    private static Type ModelOf(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component, count: 60));
        return component.Fit(context, data).GetType().GenericTypeArguments[0];
    }

    private static string KeyOf(Component component) =>
        ((ModelKeyAttribute)Attribute.GetCustomAttribute(ModelOf(component), typeof(ModelKeyAttribute))!).Key;

    private static Exception Load(byte[] saved, Action<byte[]> change) => Innermost(SavedModel.Change(saved, change));

    private static Exception Innermost(byte[] saved)
    {
        var error = Assert.ThrowsAny<Exception>(() => new MLContext().Model.Load(new MemoryStream(saved), out _));
        while (error.InnerException is not null)
            error = error.InnerException;
        return error;
    }

    private static void AssertNames(Component component, Exception error, string what)
    {
        Assert.IsType<FormatException>(error);
        Assert.Contains(KeyOf(component), error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }
}
