using System.Numerics;

namespace ProbML.Fitting;

/// <summary>
/// What a summary needs of classes and counts besides the deviance, cheap enough to be kept up in every pass: Pearson's X²,
/// and the weight of each small whole response.
/// </summary>
/// <remarks>
/// Of a response, and not of its row, are the saturated log-likelihood and the null deviance; the log-likelihood is the
/// saturated one less half the deviance (McCullagh &amp; Nelder 1989, §2.3).
/// </remarks>
internal sealed class ResponseTally
{
    private readonly double[] weights = new double[64];

    /// <summary>Whether every response so far was tallied: whole, small, and without an offset.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Σ w (y − μ)² / V(μ).</summary>
    public double PearsonChiSquared { get; private set; }

    /// <summary>A tally where the dispersion is one and the kernel's link is canonical, else null.</summary>
    public static ResponseTally? For(IFamily family) => family is BernoulliFamily or PoissonFamily ? new() : null;

    public void Clear()
    {
        (PearsonChiSquared, IsComplete) = (0, true);
        Array.Clear(weights);
    }

    /// <summary>Adds rows by their scores w (y − μ) and working weights w V(μ), whole registers of each.</summary>
    public void Add(
        ReadOnlySpan<double> y, ReadOnlySpan<double> weight, bool withOffsets, ReadOnlySpan<double> score, ReadOnlySpan<double> information)
    {
        var sum = Vector<double>.Zero;
        for (int i = 0; i < score.Length; i += Vector<double>.Count)
        {
            Vector<double> s = new(score[i..]), v = new(information[i..]);
            // Of no weight, or a mean so near the response that nothing is left of either: nothing.
            sum += Vector.ConditionalSelect(Vector.Equals(s, Vector<double>.Zero), s, s * (s / v));
        }
        PearsonChiSquared += Vector.Sum(sum);
        IsComplete &= !withOffsets;
        for (int i = 0; i < y.Length && IsComplete; i++)
        {
            int whole = (int)y[i];
            IsComplete = whole == y[i] && (uint)whole < (uint)weights.Length;
            if (IsComplete)
                weights[whole] += weight[i];
        }
    }

    public void Merge(ResponseTally other)
    {
        PearsonChiSquared += other.PearsonChiSquared;
        IsComplete &= other.IsComplete;
        System.Numerics.Tensors.TensorPrimitives.Add(weights, other.weights, weights);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(IsComplete);
        writer.Write(PearsonChiSquared);
        writer.WriteArray(weights);
    }

    public void Read(BinaryReader reader)
    {
        (IsComplete, PearsonChiSquared) = (reader.ReadBoolean(), reader.ReadDouble());
        reader.ReadDoubles(weights.Length, "tally").CopyTo(weights, 0);
    }

    /// <summary>The statistics of rows of a deviance, whose tally is complete.</summary>
    public RowStatistics Statistics(IFamily family, ILinkFunction link, double nullPredictor, double deviance)
    {
        double saturated = 0, nullDeviance = 0;
        var nullMean = link.Inverse(nullPredictor);
        for (int y = 0; y < weights.Length; y++)
        {
            if (weights[y] == 0)
                continue;
            nullDeviance += weights[y] * family.UnitDeviance(y, nullMean);
            if (y > 0 && family is PoissonFamily)         // a class, or a count of zero, is certain: 0
                saturated += weights[y] * PoissonDistribution.LogProbability(y, y);
        }
        return new RowStatistics(PearsonChiSquared, saturated - 0.5 * deviance, nullDeviance);
    }
}
