using System.Globalization;
using DuckDB.NET.Data;

namespace ProbML.Examples;

/// <summary>Made-up taxi trips, whose tips are Gamma with a mean that depends on distance, hour and rain.</summary>
internal static class Trips
{
    public static void Write(string folder, long count)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        Run(connection, "SELECT setseed(0.5)");
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"""
            COPY (
                SELECT 2023 + i % 3 AS year, distance, hour, rain,
                    CAST(exp(0.2 + 0.1 * distance + 0.01 * hour + 0.15 * rain) * -0.5 * (ln(1 - u) + ln(1 - v)) + 0.0001 AS FLOAT) AS tip
                FROM (
                    SELECT i, CAST(random() * 10 AS FLOAT) AS distance, CAST(random() * 24 AS FLOAT) AS hour,
                        CAST(random() < 0.2 AS FLOAT) AS rain, random() AS u, random() AS v
                    FROM range({count}) AS t(i)))
            TO '{folder}' (FORMAT parquet, PARTITION_BY (year), OVERWRITE_OR_IGNORE)
            """));
    }

    public static void Run(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static string Ask(string sql)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (string)command.ExecuteScalar()!;
    }
}
