namespace ProbML.Sharding;

/// <summary>A shard did not answer, or not well; the message names it and says what to do.</summary>
public sealed class ShardException : Exception
{
    /// <summary>Says what happened.</summary>
    public ShardException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
