using Microsoft.AspNetCore.Builder;

namespace ProbML.Studio.Tests;

/// <summary>The application, listening on a free port of this machine.</summary>
internal sealed class StudioHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private StudioHost(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    public IServiceProvider Services => app.Services;

    public static async Task<StudioHost> StartAsync(StudioOptions? options = null)
    {
        options ??= new();
        var app = StudioApp.Create(
            options with { Folder = Path.Combine(Path.GetTempPath(), "probml-studio-tests") }, "--urls", "http://127.0.0.1:0");
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
