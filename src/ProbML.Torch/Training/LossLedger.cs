using static TorchSharp.torch;

namespace ProbML;

/// <summary>Something that is no number: which step, and which term of the loss.</summary>
internal readonly record struct NotFinite(long Step, string Term, double Value)
{
    public override string ToString() => $"{Term} was {Value} at step {Step}";
}

/// <summary>Means of a loss and its terms over rows, read from the device every few steps.</summary>
/// <param name="flushEvery">Steps between readings: 1 on the CPU, more where a reading waits for the device.</param>
internal sealed class LossLedger(int flushEvery)
{
    public const string Loss = "Loss", GradientNorm = "GradientNorm";

    private readonly List<(long Step, long Count, KeyValuePair<string, Tensor>[] Values)> pending = [];

    /// <summary>Σ over rows, by name; the loss and the gradient's length are among them.</summary>
    public SortedDictionary<string, double> Sums { get; } = new(StringComparer.Ordinal);

    /// <summary>Rows whose loss was added.</summary>
    public long Rows { get; set; }

    /// <summary>The mean loss so far.</summary>
    public double MeanLoss => Mean(Loss);

    /// <summary>The mean length of the gradient so far.</summary>
    public double MeanGradientNorm => Mean(GradientNorm);

    /// <summary>The means of the recorded terms so far.</summary>
    public SortedDictionary<string, double> MeanTerms => new(
        Sums.Keys.Where(name => name is not (Loss or GradientNorm)).ToDictionary(name => name, Mean),
        StringComparer.Ordinal);

    /// <summary>Adds values of a batch, terms before their sum; tells what was no number, now or in steps not read before.</summary>
    public NotFinite? Add(long step, long count, IEnumerable<KeyValuePair<string, Tensor>> values)
    {
        pending.Add((
            step,
            count,
            [.. values.Select(one => KeyValuePair.Create(one.Key, one.Value.detach().DetachFromDisposeScope()))]));
        return pending.Count >= flushEvery ? Flush() : null;
    }

    /// <summary>Reads what is pending.</summary>
    public NotFinite? Flush()
    {
        NotFinite? found = null;
        foreach (var (step, count, values) in pending)
        {
            foreach (var (name, value) in values)
            {
                found ??= Sum(step, count, name, value);
                value.Dispose();
            }
        }
        pending.Clear();
        return found;
    }

    /// <summary>Adds values that may be no numbers.</summary>
    public void AddAny(long count, IEnumerable<KeyValuePair<string, Tensor>> values)
    {
        foreach (var (name, scalar) in values)
            Sum(count, name, Read(name, scalar));
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Flush();
        Sums.Clear();
        Rows = 0;
    }

    private double Mean(string name) => Rows == 0 ? double.NaN : Sums.GetValueOrDefault(name) / Rows;

    private NotFinite? Sum(long step, long count, string name, Tensor scalar)
    {
        double value = Read(name, scalar);
        if (!double.IsFinite(value))
            return new(step, name, value);
        Sum(count, name, value);
        return null;
    }

    private void Sum(long count, string name, double value)
    {
        Sums[name] = Sums.GetValueOrDefault(name) + value * count;
        if (name == Loss)
            Rows += count;
    }

    private static double Read(string name, Tensor scalar) => scalar.dtype switch
    {
        ScalarType.Float32 => scalar.item<float>(),
        ScalarType.Float64 => scalar.item<double>(),
        _ => throw new InvalidOperationException(
            $"A loss and its terms must be float32 or float64, but '{name}' is {scalar.dtype}."),
    };
}
