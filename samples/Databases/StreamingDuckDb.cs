using System.Data.Common;
using DuckDB.NET.Data;

namespace ProbML.Examples;

/// <summary>DuckDB for ML.NET's <c>DatabaseSource</c>, its results read as they come instead of gathered first.</summary>
internal sealed class StreamingDuckDb : DbProviderFactory
{
    public static StreamingDuckDb Instance { get; } = new();

    public override DbConnection CreateConnection() => new Connection();

    private sealed class Connection : DuckDBConnection
    {
        protected override DbCommand CreateDbCommand()
        {
            var command = CreateCommand();
            command.UseStreamingMode = true;
            return command;
        }
    }
}
