namespace ProbML;

/// <summary>When the mass matrix is estimated: an initial stretch for the step size, windows that double, a last stretch.</summary>
/// <remarks>The schedule of Stan (reference manual, Automatic parameter tuning): 75, then 25, 50, 100, ..., then 50.</remarks>
internal sealed class WarmupWindows
{
    private readonly int first, last;
    private readonly HashSet<int> ends = [];

    public WarmupWindows(int warmup)
    {
        int buffer = 75, window = 25, final = 50;
        if (buffer + window + final > warmup)
            (buffer, final, window) = ((int)(0.15 * warmup), (int)(0.1 * warmup), warmup - (int)(0.15 * warmup) - (int)(0.1 * warmup));
        (first, last) = (buffer, warmup - final);
        for (int start = buffer; start < last; window *= 2)
        {
            int end = start + window;
            if (end + 2 * window > last)
                end = last;
            ends.Add(end - 1);
            start = end;
        }
    }

    public bool IsInside(int iteration) => iteration >= first && iteration < last;

    public bool EndsAt(int iteration) => ends.Contains(iteration);
}
