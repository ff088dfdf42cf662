using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using Npgsql;

namespace ProbML.Databases.Tests;

/// <summary>Rows that a database streams give the model that they give in memory.</summary>
public sealed class DatabaseTests
{
    private const string Query = "SELECT x, z, y FROM claims";

    private readonly MLContext context = new(1);

    [Fact]
    public void Parquet_files_in_partitions()
    {
        string folder = Directory.CreateTempSubdirectory("parquet").FullName;
        try
        {
            using (var connection = new DuckDBConnection("Data Source=:memory:"))
            {
                connection.Open();
                Fill(connection);
                Run(connection, $"COPY (SELECT *, CAST(x AS INTEGER) % 3 AS part FROM claims) TO '{folder}' (FORMAT parquet, PARTITION_BY (part), OVERWRITE_OR_IGNORE)");
            }
            Assert.Equal(3, Directory.GetFiles(folder, "*.parquet", SearchOption.AllDirectories).Length);
            AssertSame(DuckDBClientFactory.Instance, "Data Source=:memory:", Query.Replace("claims", $"read_parquet('{folder}/**/*.parquet')", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_table_of_PostgreSQL()
    {
        using var server = PostgresServer.Start();
        using (var connection = new NpgsqlConnection(server.ConnectionString))
        {
            connection.Open();
            Fill(connection);
        }
        AssertSame(NpgsqlFactory.Instance, server.ConnectionString, Query);
    }

    private void AssertSame(DbProviderFactory provider, string connection, string query)
    {
        var trainer = context.Transforms.Concatenate("Features", "X", "Z")
            .Append(context.Regression.Trainers.PoissonRegression("Y"));
        var streamed = trainer.Fit(context.Data.CreateDatabaseLoader<Claim>().Load(new DatabaseSource(provider, connection, query))).LastTransformer.Model;
        var held = trainer.Fit(context.Data.LoadFromEnumerable(Rows())).LastTransformer.Model;
        Assert.Equal(Rows().Count, streamed.Statistics.Rows);
        foreach (var (a, b) in held.Coefficients.Zip(streamed.Coefficients))
            Assert.Equal(a.Estimate, b.Estimate, 1e-10 * a.StandardError);
    }

    private static List<Claim> Rows()
    {
        var random = new Random(3);
        return
        [
            .. Enumerable.Range(0, 300).Select(i => new Claim
            {
                X = i % 7, Z = random.Next(4) / 4f, Y = random.Next(1 + (i % 7)),
            }),
        ];
    }

    private static void Fill(DbConnection connection)
    {
        Run(connection, "CREATE TABLE claims (x REAL, z REAL, y REAL)");
        Run(connection, "INSERT INTO claims VALUES " + string.Join(
            ", ", Rows().Select(row => string.Create(CultureInfo.InvariantCulture, $"({row.X}, {row.Z}, {row.Y})"))));
    }

    private static void Run(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the texts are this file's own
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private sealed class Claim
    {
        [LoadColumn(0)] public float X { get; set; }

        [LoadColumn(1)] public float Z { get; set; }

        [LoadColumn(2)] public float Y { get; set; }
    }
}
