using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;
using ProbML.Sharding;

// Claims of 400,000 policies, in four files that never come together: each is read by a process of its own, which answers each pass
// of the fit with a few hundred bytes. One process is killed halfway. The model is that of all rows in one file.
if (args is ["serve", var file, var pipe])
    return await Serve(file, pipe);

string folder = Directory.CreateTempSubdirectory("shards").FullName;
string[] files = [.. Enumerable.Range(0, 4).Select(s => Policies.Write(Path.Combine(folder, $"policies-{s}.csv"), 100_000, seed: s))];
var mlContext = new MLContext(seed: 1);
var trainer = Trainer(mlContext);

var workers = files.Select(path => new Worker(path)).ToList();
// <fit>
IShard[] shards = [.. workers.Select(worker => new StreamShard(worker.Name, worker.ConnectAsync))];
var schema = Load(mlContext, files[0]).Schema;
var watch = Stopwatch.StartNew();
var model = trainer.Fit(shards, schema, new ShardingOptions { Timeout = TimeSpan.FromMinutes(2), Attempts = 3 });
// </fit>
Console.WriteLine($"Four processes, {model.Model.Statistics.Rows} rows, {watch.Elapsed.TotalSeconds:F1} s:");
Console.WriteLine(model.Model);

// One process is killed while the fit runs; the shard connects anew, to a new process, and nobody sees a difference.
_ = Task.Run(async () =>
{
    await Task.Delay(TimeSpan.FromSeconds(watch.Elapsed.TotalSeconds / 4));
    workers[2].Kill();
});
var again = trainer.Fit(shards, schema);
Console.WriteLine($"Process of {workers[2].Name} started {workers[2].Starts} times. Largest difference of a coefficient: "
    + $"{Difference(model.Model, again.Model):G2}");

var whole = trainer.Fit(Load(mlContext, files));
Console.WriteLine($"All rows in one place: largest difference {Difference(model.Model, whole.Model):G2}");

foreach (var shard in shards.Cast<StreamShard>())
    await shard.DisposeAsync();
workers.ForEach(worker => worker.Kill());
Directory.Delete(folder, recursive: true);
return 0;

static ProbabilisticTrainer<GlmModel> Trainer(MLContext mlContext) =>
    mlContext.Regression.Trainers.PoissonRegression("Claims", exposureColumnName: "Years");

static IDataView Load(MLContext mlContext, params string[] paths)
{
    var rows = mlContext.Data.CreateTextLoader<Policies>(separatorChar: ',', hasHeader: true).Load(paths);
    return mlContext.Data.Cache(mlContext.Transforms.Concatenate("Features", Policies.Features).Fit(rows).Transform(rows));
}

// <serve>
static async Task<int> Serve(string file, string pipe)
{
    var mlContext = new MLContext();
    var shard = Trainer(mlContext).CreateShard(Path.GetFileName(file), Load(mlContext, file));
    await using var stream = new NamedPipeServerStream(
        pipe, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
    await stream.WaitForConnectionAsync();
    await ShardServer.ServeAsync(shard, stream);
    return 0;
}
// </serve>

static double Difference(GlmModel one, GlmModel other) =>
    one.Coefficients.Zip(other.Coefficients, (a, b) => Math.Abs(a.Estimate - b.Estimate) / a.StandardError).Max();

/// <summary>A process that holds a file; started when somebody connects and none is running.</summary>
internal sealed class Worker(string path)
{
    private Process? process;

    public string Name => Path.GetFileName(path);

    public int Starts { get; private set; }

    public async Task<Stream> ConnectAsync(CancellationToken cancellation)
    {
        Kill();                                           // one that lost its connection has nobody to answer to
        string pipe = $"shard-{Guid.NewGuid():N}";
        string program = Environment.ProcessPath!, self = typeof(Worker).Assembly.Location;
        string[] arguments = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [self, "serve", path, pipe] : ["serve", path, pipe];
        process = Process.Start(program, arguments);
        Starts++;
        var stream = new NamedPipeClientStream(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        await stream.ConnectAsync(cancellation);
        return stream;
    }

    public void Kill()
    {
        if (process is { HasExited: false })
            process.Kill();
    }
}

internal sealed class Policies
{
    public static readonly string[] Features = ["Age", "Power", "City"];

    [LoadColumn(0)] public float Age { get; set; }
    [LoadColumn(1)] public float Power { get; set; }
    [LoadColumn(2)] public float City { get; set; }
    [LoadColumn(3)] public float Years { get; set; }
    [LoadColumn(4)] public float Claims { get; set; }

    /// <summary>Writes policies whose claims are Poisson, with a rate that falls with age and rises with power and in cities.</summary>
    public static string Write(string path, int rows, int seed)
    {
        var random = new Random(seed);
        using var writer = new StreamWriter(path);
        writer.WriteLine("age,power,city,years,claims");
        for (int i = 0; i < rows; i++)
        {
            double age = 18 + 60 * random.NextDouble(), power = 40 + 160 * random.NextDouble(), years = 0.2 + 0.8 * random.NextDouble();
            int city = random.Next(3) == 0 ? 1 : 0, claims = 0;
            double mean = years * Math.Exp(-2 - 0.015 * age + 0.006 * power + 0.3 * city);
            for (double left = -Math.Log(1 - random.NextDouble()); left < mean; left -= Math.Log(1 - random.NextDouble()))
                claims++;
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{age:F1},{power:F0},{city},{years:F3},{claims}"));
        }
        return path;
    }
}
