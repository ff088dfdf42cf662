using System.Security.Cryptography;
using System.Text;

namespace ProbML.Examples.Scoring;

/// <summary>Lets through what has a key in X-Api-Key or Authorization: Bearer, and what is for everyone.</summary>
internal sealed class ApiKeyMiddleware(RequestDelegate next, ScoringOptions options)
{
    public const string Header = "X-Api-Key";

    private const string Bearer = "Bearer ";

    private readonly byte[][] accepted = [.. options.ApiKeys.Select(Digest)];

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ForEveryone>() is not null || IsAccepted(KeyOf(context.Request)))
            return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Results.Problem(
            $"Send a key in the header {Header}, or as Authorization: Bearer KEY.",
            statusCode: StatusCodes.Status401Unauthorized,
            title: "No valid API key was sent.").ExecuteAsync(context);
    }

    /// <summary>Compares with every key, in a time that does not tell which one is near.</summary>
    private bool IsAccepted(string? key)
    {
        if (key is null)
            return false;
        byte[] digest = Digest(key);
        bool isAccepted = false;
        foreach (byte[] one in accepted)
            isAccepted |= CryptographicOperations.FixedTimeEquals(one, digest);
        return isAccepted;
    }

    private static string? KeyOf(HttpRequest request)
    {
        if (request.Headers.TryGetValue(Header, out var key))
            return key.ToString();
        string authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Marks an endpoint that needs no key.</summary>
    internal sealed class ForEveryone;
}
