using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ProbML.Studio;

/// <summary>The sessions of all users, each known by a random cookie.</summary>
internal sealed class SessionStore : IDisposable
{
    private const string Cookie = "probml-studio";
    private readonly ConcurrentDictionary<string, StudioSession> sessions = new(StringComparer.Ordinal);
    private readonly StudioOptions options;
    private readonly string folder;
    private readonly Timer sweeper;

    public SessionStore(StudioOptions options)
    {
        this.options = options;
        folder = Path.Combine(options.Folder, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        sweeper = new(_ => Sweep(), null, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
    }

    /// <summary>How many there are.</summary>
    public int Count => sessions.Count;

    /// <summary>Where their files lie.</summary>
    public string Folder => folder;

    /// <summary>The session of a request; null: it has none, or it has ended.</summary>
    public StudioSession? Of(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { } id || !sessions.TryGetValue(id, out var session))
            return null;
        session.Touch();
        return session;
    }

    /// <summary>The session of a request, begun if it has none; null: there are too many.</summary>
    public StudioSession? OfOrNew(HttpContext context)
    {
        if (Of(context) is { } known)
            return known;
        Sweep();
        if (sessions.Count >= options.MaximumSessions)
            return null;
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        string own = Path.Combine(folder, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        Directory.CreateDirectory(own);
        var session = new StudioSession(own, options.MaximumRuns);
        sessions[id] = session;
        context.Response.Cookies.Append(Cookie, id, CookieOptions(context));
        return session;
    }

    /// <summary>Ends the session of a request: trainings stop, files and models are gone.</summary>
    public void End(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is { } id && sessions.TryRemove(id, out var session))
            session.Dispose();
        context.Response.Cookies.Delete(Cookie, CookieOptions(context));
    }

    /// <summary>Ends the sessions that nobody has used for long.</summary>
    public void Sweep()
    {
        foreach (var (id, session) in sessions)
        {
            if (session.Idle > options.SessionLifetime && !session.IsTraining && sessions.TryRemove(id, out _))
                session.Dispose();
        }
    }

    public void Dispose()
    {
        sweeper.Dispose();
        foreach (var session in sessions.Values)
            session.Dispose();
        sessions.Clear();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static CookieOptions CookieOptions(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        IsEssential = true,
        Path = "/",
    };
}
