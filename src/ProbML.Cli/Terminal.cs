using System.Diagnostics;
using Spectre.Console;

namespace ProbML.Cli;

/// <summary>Where results go (output), and where everything said about them goes (error).</summary>
internal sealed class Terminal
{
    private const int PlainWidth = 160;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), Pace = TimeSpan.FromSeconds(0.1);

    private readonly Stopwatch sinceStart = Stopwatch.StartNew(), sinceProgress = Stopwatch.StartNew();
    private readonly bool isErrorTerminal;
    private int progressLength;

    public Terminal(TextWriter output, TextWriter error)
    {
        (Output, Error) = (output, error);
        isErrorTerminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        bool isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        Pretty = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!isTerminal)
            Pretty.Profile.Width = PlainWidth;
        IsTerminal = isTerminal;
    }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    /// <summary>Whether a person reads the output as it comes.</summary>
    public bool IsTerminal { get; }

    /// <summary>The output, for tables and colours.</summary>
    public IAnsiConsole Pretty { get; }

    /// <summary>Whether no progress is shown, because a machine reads the output.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Says something that the user should look at.</summary>
    public void Warn(string message)
    {
        ClearProgress();
        Error.WriteLine($"probml: warning: {message.ReplaceLineEndings(" ")}");
    }

    /// <summary>Says how something was understood.</summary>
    public void Note(string message)
    {
        ClearProgress();
        Error.WriteLine($"probml: {message.ReplaceLineEndings(" ")}");
    }

    /// <summary>Shows where long work stands, on one line that is written over.</summary>
    public void Progress(string message)
    {
        if (IsTime)
            Show(message);
    }

    private void Progress(in TrainingProgress progress, string objective)
    {
        if (IsTime)
            Show(ProgressBar.Of(progress, objective));
    }

    private bool IsTime => isErrorTerminal && !IsQuiet && sinceStart.Elapsed >= Patience && sinceProgress.Elapsed >= Pace;

    private void Show(string message)
    {
        sinceProgress.Restart();
        int width = Console.WindowWidth - 1;                // a longer line could not be written over
        message = width > 0 && message.Length > width ? message[..width] : message;
        Error.Write($"\r{message.PadRight(progressLength)}");
        progressLength = message.Length;
    }

    /// <summary>Shows where a training stands.</summary>
    /// <param name="objective">What its objective is called.</param>
    public IProgress<TrainingProgress> Training(string objective) => new TrainingLine(this, objective);

    /// <summary>Takes the progress line away.</summary>
    public void ClearProgress()
    {
        if (progressLength > 0)
            Error.Write($"\r{new string(' ', progressLength)}\r");
        progressLength = 0;
    }

    private sealed class TrainingLine(Terminal terminal, string objective) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => terminal.Progress(value, objective);
    }
}
