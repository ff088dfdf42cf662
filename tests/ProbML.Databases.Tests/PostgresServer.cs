using System.Diagnostics;

namespace ProbML.Databases.Tests;

/// <summary>A PostgreSQL server of Debian's package, in a folder of its own, that listens on a socket there and nowhere else.</summary>
internal sealed class PostgresServer : IDisposable
{
    private const string Owner = "postgres";

    private readonly string programs, folder;

    private PostgresServer(string programs, string folder) => (this.programs, this.folder) = (programs, folder);

    public string ConnectionString => $"Host={folder};Username={Owner};Database=postgres;Pooling=false";

    /// <summary>Starts it; skips the test where there is none.</summary>
    public static PostgresServer Start()
    {
        string? programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;
        if (programs is null)
            Assert.Skip("There is no PostgreSQL server here: apt-get install postgresql.");
        string folder = Path.Combine(Path.GetTempPath(), $"pg{Guid.NewGuid():N}"[..12]);
        var server = new PostgresServer(programs!, folder);
        server.Run("initdb", "-D", folder, "-U", Owner, "-A", "trust", "--no-sync");
        server.Run("pg_ctl", "-D", folder, "-w", "-l", Path.Combine(folder, "log"), "-o", $"-c listen_addresses='' -k {folder} -F", "start");
        return server;
    }

    public void Dispose()
    {
        Run("pg_ctl", "-D", folder, "-m", "immediate", "-w", "stop");
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The server refuses to run as root, and then runs as the package's own user.</summary>
    private void Run(string program, params string[] arguments)
    {
        string path = Path.Combine(programs, program);
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("runuser", ["-u", Owner, "--", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.WorkingDirectory = Path.GetTempPath();
        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} failed with {process.ExitCode}");
    }
}
