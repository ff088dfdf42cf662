using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>Joins a user's monitor to ML.NET's host: its log, its cancellation and its seed.</summary>
internal static class HostMonitor
{
    public static TrainingMonitor Join(TrainingMonitor user, IHost host, IChannel channel, int? seed) => user with
    {
        CheckAlive = () =>
        {
            user.CheckAlive?.Invoke();
            host.CheckAlive();
        },
        Information = message =>
        {
            user.Information?.Invoke(message);
            channel.Info(message);
        },
        Warning = message =>
        {
            user.Warning?.Invoke(message);
            channel.Warning(message);
        },
        Seed = user.Seed ?? seed,
    };

    /// <summary>A seed that follows <c>new MLContext(seed)</c>, or null for a context without one.</summary>
    public static int? DrawSeed(IHost host) =>
        host is IHostEnvironmentInternal { Seed: not null } ? host.Rand.Next() : null;
}
