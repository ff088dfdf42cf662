using ProbML.Studio;

// A web application on this machine alone: upload a table, ask a question, compare probabilistic models, take one away.
string[] address = args.Any(argument => argument.StartsWith("--urls", StringComparison.Ordinal)) ? [] : ["--urls", "http://127.0.0.1:5170"];
await using var app = StudioApp.Create(new(), [.. address, .. args]);
app.Lifetime.ApplicationStarted.Register(() =>
    Console.WriteLine($"ProbML Studio listens on {string.Join(" and ", app.Urls)}. Press Ctrl+C to stop; uploaded files are deleted then."));
await app.RunAsync();
