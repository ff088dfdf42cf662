using System.Buffers;
using System.IO.Pipelines;

namespace ProbML.Examples.Scoring;

/// <summary>Takes lines from a pipe as they come, none of them longer than allowed.</summary>
internal sealed class LineReader(PipeReader reader, int mostBytes)
{
    private ReadOnlySequence<byte> left;
    private bool isLast, isSkipping;

    /// <summary>The number of the line taken last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Waits for more; false: there is no more.</summary>
    public async ValueTask<bool> Wait(CancellationToken cancellation)
    {
        if (isLast)
            return false;
        reader.AdvanceTo(left.Start, left.End);
        var read = await reader.ReadAsync(cancellation);
        (left, isLast) = (read.Buffer, read.IsCompleted);
        return true;
    }

    /// <summary>Begins.</summary>
    public async ValueTask Start(CancellationToken cancellation)
    {
        var read = await reader.ReadAsync(cancellation);
        (left, isLast) = (read.Buffer, read.IsCompleted);
    }

    /// <summary>Takes the next line that is there; false: it is not whole yet.</summary>
    /// <param name="line">It, without its end.</param>
    /// <param name="isTooLong">Whether it is longer than allowed; it is empty then.</param>
    public bool TryTake(out ReadOnlySequence<byte> line, out bool isTooLong)
    {
        (line, isTooLong) = (default, false);
        if (left.PositionOf((byte)'\n') is { } end)
        {
            line = left.Slice(0, end);
            left = left.Slice(left.GetPosition(1, end));
            if (isSkipping)
            {
                isSkipping = false;
                return TryTake(out line, out isTooLong);
            }
        }
        else if (isLast && left.Length > 0 && !isSkipping)
        {
            line = left;
            left = left.Slice(left.End);
        }
        else
        {
            if (!isSkipping && left.Length <= mostBytes)
                return false;
            left = left.Slice(left.End);                   // the rest of it is passed over as it comes
            if (isSkipping)
                return false;
            isSkipping = true;
            isTooLong = true;
            Number++;
            return true;
        }
        Number++;
        if (line.Length > mostBytes)
            (line, isTooLong) = (default, true);
        return true;
    }
}
