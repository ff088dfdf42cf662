using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProbML.Examples.Scoring;

namespace ProbML.Benchmarks;

/// <summary>The scoring service in a process of its own, over the model of its demo.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly Process process;
    private readonly string folder;

    private ServiceProcess(Process process, string folder, int port, int streamPort)
    {
        (this.process, this.folder) = (process, folder);
        (Client, Streams) = (Connect(port, HttpVersion.Version11), Connect(streamPort, HttpVersion.Version20));
    }

    public HttpClient Client { get; }

    public HttpClient Streams { get; }

    public string Models => Path.Combine(folder, "models");

    /// <summary>The memory that it has now, in MB.</summary>
    public double Megabytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>The processor time that it took so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static async Task<ServiceProcess> Start()
    {
        string folder = Directory.CreateTempSubdirectory("probml-service-benchmark").FullName;
        int port = FreePort(), streamPort = FreePort();
        string[] arguments =
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "ScoringService.dll"), "--demo",
            $"--Kestrel:Endpoints:A:Url=http://127.0.0.1:{port}", $"--Kestrel:Endpoints:B:Url=http://127.0.0.1:{streamPort}",
            "--Kestrel:Endpoints:B:Protocols=Http2", "--Logging:LogLevel:Default=Warning", "--Scoring:ReloadSeconds=0.1",
            $"--Scoring:Models={folder}/models", $"--Scoring:State={folder}/state",
        ];
        var service = new ServiceProcess(Process.Start("dotnet", arguments), folder, port, streamPort);
        for (int i = 0; i < 300; i++)
        {
            try
            {
                if ((await service.Client.GetAsync("/health/ready")).IsSuccessStatusCode)
                    return service;
            }
            catch (HttpRequestException)
            {
                // it does not listen yet
            }
            await Task.Delay(100);
        }
        service.Dispose();
        throw new TimeoutException("The service did not start.");
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        Client.Dispose();
        Streams.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static HttpClient Connect(int port, Version version) => new()
    {
        BaseAddress = new($"http://127.0.0.1:{port}"),
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        DefaultRequestHeaders = { { ApiKeyMiddleware.Header, Demo.Key } },
    };
}
