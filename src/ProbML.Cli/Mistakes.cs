namespace ProbML.Cli;

/// <summary>The tool was called in a way that cannot work, whatever the data: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>A file cannot be used as it is: exit code 1.</summary>
internal sealed class BadDataException(string message, Exception? inner = null) : Exception(message, inner);
