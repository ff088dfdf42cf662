using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.ML;
using ProbML;
using ProbML.Examples;
using ProbML.Sharding;

// Three Orleans silos on this machine, six files of rows, a grain for each. The fit is coordinated from here; a silo is killed halfway,
// its grains come up on the others, and the model is the same.
if (args is ["silo", var which])
{
    await Silos.RunAsync(int.Parse(which, CultureInfo.InvariantCulture));
    return 0;
}

string folder = Directory.CreateTempSubdirectory("orleans-shards").FullName;
string[] files = [.. Enumerable.Range(0, 6).Select(s => Meters.Write(Path.Combine(folder, $"meters-{s}.csv"), 50_000, seed: s))];
Process[] silos = [.. Enumerable.Range(0, 3).Select(Silos.Start)];
using var client = Silos.Client();
await client.StartAsync();
var grains = client.Services.GetRequiredService<IGrainFactory>();

// <fit>
var mlContext = new MLContext(seed: 1);
var trainer = Meters.Trainer(mlContext);
IShard[] shards = [.. files.Select(file => new GrainShard(file, grains))];
var schema = Meters.Load(mlContext, files[0]).Schema;
var patient = new ShardingOptions { Timeout = TimeSpan.FromSeconds(30), Attempts = 8 };
var model = trainer.Fit(shards, schema, patient);
// </fit>
Console.WriteLine(model.Model);

_ = Task.Run(async () =>
{
    await Task.Delay(300);
    silos[1].Kill();
});
var watch = Stopwatch.StartNew();
var again = trainer.Fit(shards, schema, patient);
Console.WriteLine($"One silo of three was killed during a second fit, which took {watch.Elapsed.TotalSeconds:F1} s. "
    + $"Largest difference of a coefficient: {Meters.Difference(model.Model, again.Model):G2}");
var whole = trainer.Fit(Meters.Load(mlContext, files));
Console.WriteLine($"All rows in one place: largest difference {Meters.Difference(model.Model, whole.Model):G2}");

await client.StopAsync();
foreach (var silo in silos)
{
    if (!silo.HasExited)
        silo.Kill();
    silo.Dispose();
}
Directory.Delete(folder, recursive: true);
return 0;
