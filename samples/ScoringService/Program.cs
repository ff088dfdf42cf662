using ProbML.Examples.Scoring;

// dotnet run --project samples/ScoringService -- --demo
try
{
    await using var app = Service.Create(args);
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is InvalidOperationException or IOException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
