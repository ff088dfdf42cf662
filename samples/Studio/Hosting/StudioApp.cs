using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace ProbML.Studio;

/// <summary>The web application.</summary>
internal static class StudioApp
{
    /// <summary>What a form needs besides the file.</summary>
    private const long FormBytes = 1 << 20;

    /// <summary>Builds it; nothing listens yet.</summary>
    public static WebApplication Create(StudioOptions options, params string[] args)
    {
        options.Validate();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(StudioApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // Names of other hosts would let a page elsewhere reach a program on this machine (DNS rebinding).
        builder.Services.AddHostFiltering(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = options.MaximumFileBytes + FormBytes;
        });
        builder.Services.Configure<FormOptions>(form =>
        {
            form.MultipartBodyLengthLimit = options.MaximumFileBytes + FormBytes;
            form.ValueCountLimit = 2 * options.MaximumColumns + 64;
        });
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<SessionStore>();
        builder.Services.AddSingleton<TrainingQueue>();
        builder.Services.AddSingleton<TableReader>();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "probml-studio-form";
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        builder.Services.AddRazorPages().AddMvcOptions(mvc => mvc.Filters.Add(new AutoValidateAntiforgeryTokenAttribute()));

        var app = builder.Build();
        app.Services.GetRequiredService<SessionStore>();
        app.UseMiddleware<Guard>();
        app.UseStatusCodePagesWithReExecute("/problem/{0}");
        app.UseRouting();
        app.MapRazorPages();
        Assets.Map(app);
        ProgressStream.Map(app);
        return app;
    }
}
