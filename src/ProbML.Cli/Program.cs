using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;

namespace ProbML.Cli;

/// <summary>The tool: 0 is success, 1 bad data, 2 wrong usage, 3 drift found, 130 stopped by the user.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        return Run(args, Console.Out, Console.Error, stop.Token);
    }

    /// <summary>Runs one command, as a process would.</summary>
    internal static int Run(string[] args, TextWriter output, TextWriter error, CancellationToken stop = default)
    {
        try
        {
            var root = new CommandLine().Build(new Commands(new Terminal(output, error), stop));
            var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Errors.Count > 0)
                throw new UsageException(Explain(parsed));
            return parsed.Invoke(new() { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (Unwrap(e) is UsageException usage)
        {
            error.WriteLine($"probml: {usage.Message}");
            return 2;
        }
        catch (Exception e) when (Unwrap(e) is OperationCanceledException)
        {
            error.WriteLine("probml: stopped; nothing was written.");
            return 130;
        }
#pragma warning disable CA1031 // a command line shows one line, never a stack trace
        catch (Exception e)
#pragma warning restore CA1031
        {
            error.WriteLine($"probml: {Line(Unwrap(e).Message)}");
            return 1;
        }
    }

    /// <summary>ML.NET wraps what a cursor or a loader throws, and the useful message is inside.</summary>
    private static Exception Unwrap(Exception e)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is UsageException or BadDataException or OperationCanceledException)
                return inner;
        }
        while (e is TargetInvocationException or AggregateException && e.InnerException is not null)
            e = e.InnerException;
        return e;
    }

    private static string Line(string message)
    {
        int end = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return (end > 0 ? message[..end] : message).ReplaceLineEndings(" ").Trim();
    }

    private static string Explain(ParseResult parsed)
    {
        bool isRoot = parsed.CommandResult.Command is RootCommand;
        string path = isRoot ? "probml" : $"probml {parsed.CommandResult.Command.Name}";
        string message = parsed.Errors[0].Message.TrimEnd('.');
        string? unknown = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        if (unknown is not null)
            message = isRoot ? $"there is no command '{unknown}'" : $"'{unknown}' is not understood";
        return $"{message}. See {path} --help.";
    }
}
