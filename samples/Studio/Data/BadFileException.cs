namespace ProbML.Studio;

/// <summary>A file, or what was chosen of it, cannot be used; the message is for the user.</summary>
internal sealed class BadFileException(string message, Exception? cause = null) : Exception(message, cause);
