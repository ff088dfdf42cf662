using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using OpenTelemetry.Metrics;

namespace ProbML.Examples.Scoring;

/// <summary>Puts the service together.</summary>
internal static class Service
{
    public const string VersionHeader = "X-Model-Version";

    /// <param name="args">Settings such as --Scoring:Models=/models; --demo makes a model first.</param>
    /// <exception cref="InvalidOperationException">A setting cannot be used.</exception>
    public static WebApplication Create(string[] args)
    {
        bool isDemo = args.Contains("--demo");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = [.. args.Where(arg => arg != "--demo")],
            ContentRootPath = AppContext.BaseDirectory,    // where appsettings.json lies, wherever it is started
        });
        var options = builder.Configuration.GetSection(ScoringOptions.Section).Get<ScoringOptions>() ?? new();
        if (isDemo)
            options = Demo.Prepare(options);
        builder.Services.AddSingleton(options.Validate())
            .AddSingleton<ServiceMetrics>()
            .AddSingleton<ModelFolder>()
            .AddHostedService(services => services.GetRequiredService<ModelFolder>())
            .AddProblemDetails()
            .AddRateLimiter(limits => Overload.Limit(limits, options))
            .AddOpenApi(document => document.AddDocumentTransformer<ModelDocument>());
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(ServiceMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddPrometheusExporter());

        var app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = e => e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseMiddleware<ApiKeyMiddleware>();
        app.UseRateLimiter();
        Map(app, options);
        return app;
    }

    private static void Map(WebApplication app, ScoringOptions options)
    {
        var health = app.MapGroup("/health").WithTags("Health").WithMetadata(new ApiKeyMiddleware.ForEveryone());
        health.MapGet("/live", () => Results.Ok(new { Status = "live" })).WithSummary("Whether the process answers.");
        health.MapGet("/ready", HealthEndpoint.Ready).WithSummary("Whether models are served, and which files cannot be.");

        var models = app.MapGroup("/models").WithTags("Models");
        models.MapGet("/", ModelEndpoints.List).WithSummary("The models that are served.");
        models.MapGet("/{name}", ModelEndpoints.Describe).WithSummary("What a model takes, predicts and knows.");
        models.MapPost("/{name}/predict", PredictEndpoint.Post)
            .WithSummary("Predicts for one row, or an array of rows: all of them, or none.")
            .RequireRateLimiting(Overload.Predictions)
            .WithMetadata(new RequestSizeLimitAttribute(options.MaximumRequestBytes));
        models.MapPost("/{name}/batch", BatchEndpoint.Post)
            .WithSummary("Predicts for a stream of rows, a JSON object a line.")
            .RequireRateLimiting(Overload.Streams)
            .WithMetadata(new DisableRequestSizeLimitAttribute());
        models.MapGet("/{name}/drift", DriftEndpoints.Status).WithSummary("Whether the rows that were scored have drifted from those of training.");
        models.MapGet("/{name}/drift/report", DriftEndpoints.Report).WithSummary("How the last rows differ, column by column: JSON, or HTML.");
        models.MapPost("/{name}/drift/reset", DriftEndpoints.Reset).WithSummary("Forgets the rows that were scored.");

        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapOpenApi();
    }
}
