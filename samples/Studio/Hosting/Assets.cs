namespace ProbML.Studio;

/// <summary>The style sheet and the script, kept inside the program.</summary>
internal static class Assets
{
    public static void Map(WebApplication app)
    {
        foreach (var (name, type) in new[] { ("studio.css", "text/css"), ("studio.js", "text/javascript") })
        {
            byte[] content = Read(name);
            app.MapGet("/" + name, () => Results.Bytes(content, type + "; charset=utf-8"));
        }
        app.MapGet("/favicon.ico", () => Results.NoContent());
    }

    /// <summary>A file inside the program.</summary>
    public static byte[] Read(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException($"{name} is not in the program.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
