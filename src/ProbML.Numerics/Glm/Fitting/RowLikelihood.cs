using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>The rows' own share of a likelihood: from linear predictors to deviance, scores and working weights.</summary>
internal sealed class RowLikelihood
{
    /// <summary>Rows taken at once: what is known of them stays in the second-level cache.</summary>
    public const int Capacity = 256;

    private readonly GlmPoint point;
    private readonly Information kind;
    private readonly bool withTheta;
    private readonly ResponseTally? tally;
    private readonly double[] response = new double[Capacity], prior = new double[Capacity];
    private readonly CanonicalRows.Kernel? kernel;
    private RowStatistics? statistics;

    public RowLikelihood(GlmPoint point, Information kind, bool withTheta, RowStatistics? statistics)
    {
        (this.point, this.kind, this.withTheta, this.statistics) = (point, kind, withTheta, statistics);
        if (!withTheta && statistics is null && kind != Information.FromResponses)
            kernel = CanonicalRows.For(point.Family, point.Link);
        if (kernel is not null)
            tally = ResponseTally.For(point.Family);
    }

    /// <summary>What else is counted of the rows, in passes that ask for it.</summary>
    public RowStatistics Statistics => statistics!;

    /// <summary>η without offset, filled in by the owner before <see cref="Add"/>.</summary>
    public double[] Eta { get; } = new double[Capacity];

    /// <summary>w ∂ln p/∂η of each row; started from the responses, W (g(μ) − offset) instead.</summary>
    public double[] Score { get; } = new double[Capacity];

    /// <summary>Each row's working weight.</summary>
    public double[] Weight { get; } = new double[Capacity];

    /// <summary>−w ∂²ln p/∂η∂θ of each row, where θ is estimated.</summary>
    public double[] Cross { get; } = new double[Capacity];

    /// <summary>Σ w d(y, μ).</summary>
    public double Deviance { get; private set; }

    /// <summary>Whether every row of positive weight has a mean inside the family's domain.</summary>
    public bool IsValid { get; private set; } = true;

    /// <summary>l, with θ's normalising terms: what is maximised where θ is estimated.</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>∂l/∂θ.</summary>
    public double ThetaScore { get; private set; }

    /// <summary>−∂²l/∂θ².</summary>
    public double ThetaInformation { get; private set; }

    /// <summary>Whether a pass at a point knows its statistics without another one.</summary>
    public bool TryKnowStatistics(GlmPoint at, double nullPredictor)
    {
        if (tally is not { IsComplete: true } || !ReferenceEquals(at, point))
            return false;
        statistics = tally.Statistics(point.Family, point.Link, nullPredictor, Deviance);
        return true;
    }

    /// <summary>Whether the statistics at its point are to be had from its own pass.</summary>
    public bool KnowsStatistics => tally is { IsComplete: true };

    public void Clear()
    {
        tally?.Clear();
        (Deviance, LogLikelihood, ThetaScore, ThetaInformation, IsValid) = (0, 0, 0, 0, true);
        statistics?.Clear();
    }

    public void Merge(RowLikelihood other)
    {
        IsValid &= other.IsValid;
        tally?.Merge(other.tally!);
        statistics?.Merge(other.Statistics);
        Deviance += other.Deviance;
        LogLikelihood += other.LogLikelihood;
        ThetaScore += other.ThetaScore;
        ThetaInformation += other.ThetaInformation;
    }

    /// <summary>Whether statistics are counted too.</summary>
    public bool HasStatistics => statistics is not null;

    public void Write(BinaryWriter writer)
    {
        writer.Write(IsValid);
        writer.WriteArray([Deviance, LogLikelihood, ThetaScore, ThetaInformation]);
        tally?.Write(writer);
        statistics?.Write(writer);
    }

    public void Read(BinaryReader reader)
    {
        IsValid = reader.ReadBoolean();
        double[] numbers = reader.ReadDoubles(4, "likelihood");
        (Deviance, LogLikelihood, ThetaScore, ThetaInformation) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        tally?.Read(reader);
        statistics?.Read(reader);
    }

    /// <summary>Adds rows [start, start + count), whose η is in place, and fills in their scores and weights.</summary>
    /// <returns>Whether all rows so far are valid: else scores and weights mean nothing.</returns>
    public bool Add(in RowBlock rows, int start, int count)
    {
        if (kernel is not null)
            AddRows(rows, start, count);
        else
            for (int i = 0; i < count; i++)
                AddRow(rows, start + i, i);
        return IsValid;
    }

    /// <summary>Rows by the kernel, which takes whole registers: what lies behind the last row has weight zero.</summary>
    private void AddRows(in RowBlock rows, int start, int count)
    {
        rows.Response.Slice(start, count).CopyTo(response);
        if (rows.Weights.IsEmpty)
            prior.AsSpan(0, count).Fill(1);
        else
            rows.Weights.Slice(start, count).CopyTo(prior);
        bool withOffsets = !rows.Offsets.IsEmpty && rows.Offsets.Slice(start, count).ContainsAnyExcept(0.0);
        if (withOffsets)
            TensorPrimitives.Add(Eta.AsSpan(0, count), rows.Offsets.Slice(start, count), Eta);
        for (int i = 0; i < count; i++)
        {
            if (prior[i] <= 0)
                Eta[i] = 0;                               // a mean may overflow where no weight asks for it, and 0 · ∞ is NaN
        }
        int whole = (count + 7) & ~7;
        foreach (double[] padded in (double[][])[Eta, response, prior])
            padded.AsSpan(count, whole - count).Clear();
        Deviance += kernel!(
            Eta.AsSpan(0, whole), response.AsSpan(0, whole), prior.AsSpan(0, whole), Score, Weight);
        IsValid = double.IsFinite(Deviance);
        tally?.Add(
            response.AsSpan(0, count), prior, withOffsets, Score.AsSpan(0, whole), Weight.AsSpan(0, whole));
    }

    private void AddRow(in RowBlock rows, int row, int i)
    {
        double w = rows.Weight(row), y = rows.Response[row], offset = rows.Offset(row);
        (Weight[i], Score[i], Cross[i]) = (0, 0, 0);
        if (w <= 0)
            return;
        var (family, link) = (point.Family, point.Link);
        bool fromResponses = kind == Information.FromResponses;
        double predictor = fromResponses ? link.Link(family.InitialMean(y)) : Eta[i] + offset;
        if (!link.IsInDomain(predictor))
        {
            IsValid = false;
            return;
        }
        var mean = link.Inverse(predictor);
        if (!family.IsValidMean(mean))
        {
            IsValid = false;
            return;
        }
        if (fromResponses)
        {
            Weight[i] = w * RowTerms.ExpectedInformation(family, mean);
            Score[i] = Weight[i] * (predictor - offset);
            return;
        }
        Deviance += w * family.UnitDeviance(y, mean);
        Score[i] = w * RowTerms.Score(family, y, mean);
        Weight[i] = w * (kind == Information.Observed
            ? RowTerms.ObservedInformation(family, y, mean)
            : RowTerms.ExpectedInformation(family, mean));
        if (withTheta)
            AddTheta(y, mean, w, i);
        statistics?.Add(y, mean, w, offset);
    }

    /// <summary>θ's derivatives: Lawless (1987), §3.</summary>
    private void AddTheta(double y, in MeanPoint mean, double w, int i)
    {
        double theta = point.Theta, mu = mean.Mean, sum = mu + theta;
        LogLikelihood += point.Family.LogLikelihood(y, mean, 1, w);
        var (digamma, trigamma) = NegativeBinomialTheta.GammaDifferences(y, theta);
        ThetaScore += w * (digamma - Elementary.Log1p(mu / theta) + (mu - y) / sum);
        ThetaInformation -= w * (trigamma + mu / (theta * sum) + (y - mu) / (sum * sum));
        Cross[i] = w * (mu - y) * mean.Slope / (sum * sum);
    }
}
