using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace ProbML.Examples;

/// <summary>Silos on this machine, each a process. In production: another clustering provider, and nothing else.</summary>
internal static class Silos
{
    private const int SiloPort = 21_111, GatewayPort = 31_111, Count = 3;
    private const string Cluster = "probml-shards";

    public static Process Start(int index)
    {
        string program = Environment.ProcessPath!, self = typeof(Silos).Assembly.Location, number = index.ToString(CultureInfo.InvariantCulture);
        return Process.Start(program, Path.GetFileNameWithoutExtension(program) == "dotnet" ? [self, "silo", number] : ["silo", number]);
    }

    public static async Task RunAsync(int index)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();                  // a killed neighbour is loud
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(
                SiloPort + index, GatewayPort + index, new IPEndPoint(IPAddress.Loopback, SiloPort), Cluster, Cluster)
            .Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = TimeSpan.FromSeconds(1);
                options.NumMissedProbesLimit = 2;
                options.NumVotesForDeathDeclaration = 1;
            }));
        await builder.Build().RunAsync();
    }

    public static IHost Client()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client
            .UseLocalhostClustering([.. Enumerable.Range(GatewayPort, Count)], Cluster, Cluster)
            .UseConnectionRetryFilter(async (_, cancellation) =>
            {
                await Task.Delay(500, cancellation);
                return true;
            })
            .Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(30)));
        return builder.Build();
    }
}
