using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>One pass at given coefficients: deviance, gradient and information of the unit-dispersion log-likelihood.</summary>
internal sealed class LikelihoodSum : IBlockSum<LikelihoodSum>
{
    /// <summary>Rows taken at once: their z stays in the second-level cache.</summary>
    private const int Rows = 256;

    private readonly GlmPoint point;
    private readonly Information kind;
    private readonly bool withTheta;
    private readonly RowStatistics? statistics;
    private readonly int width, stride;
    private readonly double[] z, mixed, eta, weight, score, cross, response, prior;
    private readonly CanonicalRows.Kernel? kernel;

    public LikelihoodSum(GlmPoint point, Information kind, bool withTheta, RowStatistics? statistics = null)
    {
        (this.point, this.kind, this.withTheta, this.statistics) = (point, kind, withTheta, statistics);
        (width, stride) = (point.Transform.Width, point.Transform.Stride);
        z = GC.AllocateArray<double>(Rows * stride, pinned: true);
        mixed = point.Transform.Mixing is null ? [] : new double[Rows * stride];
        (eta, weight, score, cross) = (new double[Rows], new double[Rows], new double[Rows], new double[Rows]);
        (response, prior) = (new double[Rows], new double[Rows]);
        if (!withTheta && statistics is null && kind != Fitting.Information.FromResponses)
            kernel = CanonicalRows.For(point.Family, point.Link);
        Gradient = new double[width];
        Information = new double[width * width];
        ThetaCross = new double[withTheta ? width : 0];
    }

    /// <summary>What else is counted of the rows, in passes that ask for it.</summary>
    public RowStatistics Statistics => statistics!;

    /// <summary>Σ w d(y, μ).</summary>
    public double Deviance { get; private set; }

    /// <summary>Whether every row of positive weight has a mean inside the family's domain.</summary>
    public bool IsValid { get; private set; } = true;

    /// <summary>∂l/∂b, [q]; started from the responses, Zᵀ W (g(μ) − offset) instead.</summary>
    public double[] Gradient { get; }

    /// <summary>Zᵀ W Z, [q, q], lower triangle.</summary>
    public double[] Information { get; }

    /// <summary>l, with θ's normalising terms: what is maximised where θ is estimated.</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>∂l/∂θ.</summary>
    public double ThetaScore { get; private set; }

    /// <summary>−∂²l/∂θ².</summary>
    public double ThetaInformation { get; private set; }

    /// <summary>−∂²l/∂b∂θ, [q].</summary>
    public double[] ThetaCross { get; }

    public void Clear()
    {
        (Deviance, LogLikelihood, ThetaScore, ThetaInformation, IsValid) = (0, 0, 0, 0, true);
        Array.Clear(Gradient);
        Array.Clear(Information);
        Array.Clear(ThetaCross);
        statistics?.Clear();
    }

    public void Add(in RowBlock rows)
    {
        for (int start = 0; start < rows.Count && IsValid; start += Rows)
            AddSome(rows, start, Math.Min(Rows, rows.Count - start));
    }

    public void Merge(LikelihoodSum other)
    {
        IsValid &= other.IsValid;
        statistics?.Merge(other.Statistics);
        Deviance += other.Deviance;
        LogLikelihood += other.LogLikelihood;
        ThetaScore += other.ThetaScore;
        ThetaInformation += other.ThetaInformation;
        System.Numerics.Tensors.TensorPrimitives.Add(Gradient, other.Gradient, Gradient);
        System.Numerics.Tensors.TensorPrimitives.Add(Information, other.Information, Information);
        System.Numerics.Tensors.TensorPrimitives.Add(ThetaCross, other.ThetaCross, ThetaCross);
    }

    private void AddSome(in RowBlock rows, int start, int count)
    {
        point.Transform.Apply(rows, start, count, z, mixed);
        Gemv.Multiply(z, count, width, stride, point.Coefficients, eta);
        if (kernel is not null)
            AddRows(rows, start, count);
        else
            for (int i = 0; i < count; i++)
                AddRow(rows, start + i, i);
        if (!IsValid)
            return;
        Gemv.AccumulateTransposed(z, count, width, stride, score, Gradient);
        WeightedGram.Accumulate(z, count, width, stride, weight, Information);
        if (withTheta)
            Gemv.AccumulateTransposed(z, count, width, stride, cross, ThetaCross);
    }

    /// <summary>Rows by the kernel, which takes whole registers: what lies behind the last row has weight zero.</summary>
    private void AddRows(in RowBlock rows, int start, int count)
    {
        rows.Response.Slice(start, count).CopyTo(response);
        if (rows.Weights.IsEmpty)
            prior.AsSpan(0, count).Fill(1);
        else
            rows.Weights.Slice(start, count).CopyTo(prior);
        if (!rows.Offsets.IsEmpty)
            System.Numerics.Tensors.TensorPrimitives.Add(eta.AsSpan(0, count), rows.Offsets.Slice(start, count), eta);
        for (int i = 0; i < count; i++)
        {
            if (prior[i] <= 0)
                eta[i] = 0;                               // a mean may overflow where no weight asks for it, and 0 · ∞ is NaN
        }
        int whole = (count + 7) & ~7;
        foreach (double[] padded in (double[][])[eta, response, prior])
            padded.AsSpan(count, whole - count).Clear();
        Deviance += kernel!(
            eta.AsSpan(0, whole), response.AsSpan(0, whole), prior.AsSpan(0, whole), score, weight);
        IsValid = double.IsFinite(Deviance);
    }

    private void AddRow(in RowBlock rows, int row, int i)
    {
        double w = rows.Weight(row), y = rows.Response[row], offset = rows.Offset(row);
        (weight[i], score[i], cross[i]) = (0, 0, 0);
        if (w <= 0)
            return;
        var (family, link) = (point.Family, point.Link);
        bool fromResponses = kind == Fitting.Information.FromResponses;
        double predictor = fromResponses ? link.Link(family.InitialMean(y)) : eta[i] + offset;
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
            weight[i] = w * RowTerms.ExpectedInformation(family, mean);
            score[i] = weight[i] * (predictor - offset);
            return;
        }
        Deviance += w * family.UnitDeviance(y, mean);
        score[i] = w * RowTerms.Score(family, y, mean);
        weight[i] = w * (kind == Fitting.Information.Observed
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
        cross[i] = w * (mu - y) * mean.Slope / (sum * sum);
    }
}
