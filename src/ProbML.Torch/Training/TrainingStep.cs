using static TorchSharp.torch;

namespace ProbML;

/// <summary>Where a training stands when a loss is asked for, and where the loss tells its terms.</summary>
public sealed class TrainingStep
{
    private readonly List<KeyValuePair<string, Tensor>> terms = [];

    internal TrainingStep(Generator random, Device device) => (Random, Device) = (random, device);

    /// <summary>The number of the step, from 1; a validation pass carries that of the last step before it.</summary>
    public long Number { get; internal set; }

    /// <summary>The number of the epoch, from 1.</summary>
    public int Epoch { get; internal set; }

    /// <summary>The share of the planned steps that lies behind, in [0, 1): what warm-ups and annealing go by.</summary>
    public double Progress { get; internal set; }

    /// <summary>The only source of randomness, on <see cref="Device"/>; its state is part of a checkpoint.</summary>
    public Generator Random { get; internal set; }

    /// <summary>Where the tensors are.</summary>
    public Device Device { get; }

    /// <summary>False: a validation pass, without gradients.</summary>
    public bool IsTraining { get; internal set; } = true;

    /// <summary>Tells a term of the loss, its mean over the batch, a scalar; recorded values show in progress and receipt.</summary>
    public void Record(string term, Tensor meanValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(term);
        ArgumentNullException.ThrowIfNull(meanValue);
        terms.Add(new(term, meanValue.detach()));
    }

    internal IReadOnlyList<KeyValuePair<string, Tensor>> Terms => terms;

    internal void Clear() => terms.Clear();
}
