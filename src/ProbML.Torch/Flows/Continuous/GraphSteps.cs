using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Flows;

/// <summary>How many equal steps a continuous flow's graph takes: as many as keep its error small.</summary>
internal static class GraphSteps
{
    /// <summary>The error that is thought small, in nats and in units of noise.</summary>
    public const double Tolerated = 1e-4;

    private const int Rows = 256, Fewest = 8, Most = 512;

    /// <summary>Doubles the steps until rows, noise and log-determinants of draws hardly change, both ways, in Double.</summary>
    /// <returns>The last change, the error of half as many steps; 0 where the flow has no continuous part.</returns>
    public static double Choose(Flow flow)
    {
        ContinuousBijection[] parts = [.. flow.modules().OfType<ContinuousBijection>()];
        if (parts.Length == 0)
            return 0;
        using var none = no_grad();
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        bool wasTraining = flow.training;
        flow.eval();
        flow.to(ScalarType.Float64);
        foreach (var part in parts)
            part.IsFixed = true;
        try
        {
            var noise = randn([Rows, flow.Bijection.Dimension], dtype: ScalarType.Float64, generator: random);
            Tensor? before = null;
            for (int steps = Fewest; ; steps *= 2)
            {
                foreach (var part in parts)
                    part.GraphSteps = steps;
                var (rows, logDet) = flow.Bijection.Inverse(noise);
                var (back, forward) = flow.Bijection.Forward(rows);
                var now = cat([rows, logDet.unsqueeze(1), forward.unsqueeze(1), back], 1);
                double error = before is null ? double.PositiveInfinity : (now - before).abs().max().item<double>();
                if (error <= Tolerated || steps >= Most)
                    return error;
                before = now;
            }
        }
        finally
        {
            foreach (var part in parts)
                part.IsFixed = false;
            flow.to(ScalarType.Float32);
            flow.train(wasTraining);
        }
    }
}
