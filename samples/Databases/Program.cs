using System.Diagnostics;
using DuckDB.NET.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML;
using ProbML.Examples;

// Two million taxi trips in Parquet files, partitioned by year: streamed from there into a fit, pass by pass, and the scored rows
// written back as Parquet and Arrow. DuckDB reads and writes the files; rows never lie in memory together.
string folder = Directory.CreateTempSubdirectory("trips").FullName, results = Directory.CreateTempSubdirectory("scored").FullName;
long trips = args.Length > 0 ? long.Parse(args[0]) : 2_000_000;
Trips.Write(folder, trips);

var mlContext = new MLContext(seed: 1);
// <read>
var source = new DatabaseSource(
    StreamingDuckDb.Instance,
    "Data Source=:memory:",
    $"SELECT distance, hour, rain, tip FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = true) WHERE year >= 2024");
var rows = mlContext.Data.CreateDatabaseLoader<Trip>().Load(source);
var pipeline = mlContext.Transforms.Concatenate("Features", "Distance", "Hour", "Rain")
    .Append(mlContext.Regression.Trainers.GammaRegression("Tip", link: Links.Log));
var model = pipeline.Fit(rows);
// </read>
Console.WriteLine(model.LastTransformer.Model);

// <write>
using (var connection = new DuckDBConnection("Data Source=:memory:"))
{
    connection.Open();
    Trips.Run(connection, "CREATE TABLE scored (distance FLOAT, score FLOAT, lower FLOAT, upper FLOAT, log_density FLOAT)");
    using (var appender = connection.CreateAppender("scored"))
    {
        foreach (var trip in mlContext.Data.CreateEnumerable<ScoredTrip>(model.Transform(rows), reuseRowObject: true).Take(100_000))
            appender.CreateRow().AppendValue(trip.Distance).AppendValue(trip.Score)
                .AppendValue(trip.LowerBound).AppendValue(trip.UpperBound).AppendValue(trip.LogDensity).EndRow();
    }
    Trips.Run(connection, $"COPY scored TO '{results}/scored.parquet' (FORMAT parquet)");
}
// </write>
// <arrow>
ArrowFile.Write(Path.Combine(results, "scored.arrow"), model.Transform(rows), "Distance", "Score", "LowerBound", "UpperBound", "LogDensity");
// </arrow>
Console.WriteLine($"All of them in an Arrow file of {new FileInfo(Path.Combine(results, "scored.arrow")).Length / 1e6:F0} MB");
Console.WriteLine(Trips.Ask($"SELECT count(*) || ' scored rows in Parquet, mean log density ' || round(avg(log_density), 3) || "
    + $"', highest upper bound ' || round(max(upper), 1) FROM '{results}/scored.parquet'"));
using (var process = Process.GetCurrentProcess())
    Console.WriteLine($"Peak memory of the process: {process.PeakWorkingSet64 / 1e6:F0} MB");
Directory.Delete(folder, recursive: true);
Directory.Delete(results, recursive: true);

internal sealed class Trip
{
    [LoadColumn(0), ColumnName("Distance")] public float Distance { get; set; }
    [LoadColumn(1), ColumnName("Hour")] public float Hour { get; set; }
    [LoadColumn(2), ColumnName("Rain")] public float Rain { get; set; }
    [LoadColumn(3), ColumnName("Tip")] public float Tip { get; set; }
}

internal sealed class ScoredTrip
{
    public float Distance { get; set; }
    public float Score { get; set; }
    public float LowerBound { get; set; }
    public float UpperBound { get; set; }
    public float LogDensity { get; set; }
}
