using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Vae;

/// <summary>The negative bound of a batch: −E_q[ln p(x | z)] + β KL(q ‖ p), or −ln 1/K Σ wₖ.</summary>
internal sealed class VaeObjective(VaeNetwork network, VaeOptions options) : ITrainingObjective
{
    private readonly Scalar freeBits = Scalars.New(options.FreeBits);

    public nn.Module Module => network;

    public string Description =>
        $"{InvariantText.Of(options with { Training = new() })}, [{string.Join(", ", network.LatentSizes)}], "
        + string.Join(", ", network.Head.Groups.Select(group => $"{group.Group.Likelihood} of {Places(group.Group)}"));

    public Tensor Loss(TrainingBatch batch, TrainingStep step)
    {
        var x = network.Head.DrawBits(batch.Features, step.Random);
        var noise = network.Noise(batch.Count, options.Samples, step.Random, step.Device, x.dtype);
        double beta = options.Beta;
        if (step.IsTraining && options.KlWarmUp > 0)
            beta *= Math.Min(1, step.Progress / options.KlWarmUp);
        return options.Bound == VaeBound.ImportanceWeighted
            ? ImportanceWeighted(network.Run(x, noise, weighs: true), batch, step, beta)
            : Elbo(network.Run(x, noise, weighs: false), batch, step, beta);
    }

    private Tensor Elbo(VaePass pass, TrainingBatch batch, TrainingStep step, double beta)
    {
        var reconstruction = batch.Mean(VaeNetwork.OverSamples(pass.Reconstruction));
        var divergence = batch.Mean(pass.KlTerms.sum(-1));
        step.Record("Reconstruction", reconstruction);
        step.Record("Kl", divergence);
        if (step.IsTraining && options.FreeBits > 0)
            divergence = MeanTerms(pass.KlTerms, batch).clamp_min(freeBits).sum();
        return beta == 1 ? divergence - reconstruction : Weighted(divergence, beta) - reconstruction;
    }

    private static Tensor ImportanceWeighted(VaePass pass, TrainingBatch batch, TrainingStep step, double beta)
    {
        step.Record("Elbo", batch.Mean(pass.Elbo()));
        return batch.Mean(pass.ImportanceBound(beta)).neg();
    }

    /// <summary>The mean over rows of each term, [terms].</summary>
    private static Tensor MeanTerms(Tensor terms, TrainingBatch batch) => batch.Weights is { } weights
        ? (terms * weights.unsqueeze(-1)).sum(0) / weights.sum()
        : terms.mean([0L]);

    private static string Places(LikelihoodGroup group) =>
        group.Start >= 0 ? $"{group.Start} to {group.Columns[^1]}" : string.Join(" ", group.Columns);

    private static Tensor Weighted(Tensor divergence, double beta)
    {
        using var weight = Scalars.New(beta);
        return divergence * weight;
    }
}
