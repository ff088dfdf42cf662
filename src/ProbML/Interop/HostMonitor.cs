using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>Joins a user's monitor to ML.NET's host: its log, its cancellation, its seed and its GPU.</summary>
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
            channel.Info(MessageSensitivity.Unknown, message);
        },
        Warning = message =>
        {
            user.Warning?.Invoke(message);
            channel.Warning(MessageSensitivity.Unknown, message);
        },
        Seed = user.Seed ?? seed,
        GpuDeviceId = user.GpuDeviceId ?? (host as IHostEnvironmentInternal)?.GpuDeviceId,
        FallbackToCpu = user.FallbackToCpu && (host as IHostEnvironmentInternal)?.FallbackToCpu != false,
    };

    /// <summary>A seed that follows <c>new MLContext(seed)</c>, or null for a context without one.</summary>
    public static int? DrawSeed(IHost host) =>
        host is IHostEnvironmentInternal { Seed: not null } ? host.Rand.Next() : null;
}
