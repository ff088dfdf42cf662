using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using ProbML.Evaluation;

namespace ProbML.Fitting;

/// <summary>A new observation's distribution as a mixture over the posterior: nodes of η, each with a weight and a dispersion.</summary>
/// <remarks>A node outside the domain has weight zero, and the others' weights make up for it.</remarks>
internal sealed class PosteriorMixture(IFamily family, ILinkFunction link) : IMixtureLaw, IDisposable
{
    /// <summary>At most so many draws are asked for cumulative probabilities.</summary>
    private const int MostForQuantiles = 250;

    private double[] numbers = [];
    private int capacity, count;
    private IFamily[] families = [];
    private double[] dispersions = [];
    private bool isSample, isBorrowed;                     // whether nodes are draws; whether the arrays of families are another's
    private double total;

    /// <summary>E μ.</summary>
    public double Mean => Average(Means);

    /// <summary>E η.</summary>
    public double LinearPredictor => Average(Etas);

    /// <summary>Var η.</summary>
    public double LinearPredictorVariance => Variance(Etas);

    /// <summary>Var μ: what is not known of the mean.</summary>
    public double Epistemic => Variance(Means);

    /// <summary>E φV(μ): the noise.</summary>
    public double Aleatoric
    {
        get
        {
            var variance = Scratch;
            for (int k = 0; k < count; k++)
                variance[k] = Weights[k] > 0 ? dispersions[k] * families[k].UnitVariance(Point(k)) : 0;
            return Average(variance);
        }
    }

    private Span<double> Etas => Part(0);

    private Span<double> Means => Part(1);

    private Span<double> Complements => Part(2);

    private Span<double> Weights => Part(3);

    private Span<double> Scratch => Part(4);

    /// <summary>Every how many of the draws is asked for cumulative probabilities.</summary>
    public static int Stride(int draws) => (draws + MostForQuantiles - 1) / MostForQuantiles;

    /// <summary>One node a draw.</summary>
    /// <param name="eta">[S].</param>
    /// <param name="offset">Added to each.</param>
    /// <param name="drawFamilies">[S].</param>
    /// <param name="drawDispersions">[S].</param>
    public void SetDraws(ReadOnlySpan<double> eta, double offset, IFamily[] drawFamilies, double[] drawDispersions)
    {
        Reserve(eta.Length, keep: false);
        (count, isSample, isBorrowed, families, dispersions) = (eta.Length, true, true, drawFamilies, drawDispersions);
        TensorPrimitives.Add(eta, offset, Etas);
        int whole = (count + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        numbers.AsSpan(count, whole - count).Clear();
        bool known = double.IsFinite(TensorPrimitives.SumOfMagnitudes<double>(Etas)) && DrawnMeans.TryFill(
            family, link, numbers.AsSpan(0, whole), numbers.AsSpan(capacity, whole), numbers.AsSpan(2 * capacity, whole));
        if (known)
        {
            Weights.Fill(1);
            total = count;
            return;
        }
        total = 0;
        for (int k = 0; k < count; k++)
            Place(k, 1);
    }

    /// <summary>Begins a mixture of nodes added one by one.</summary>
    /// <param name="isSample">Whether they are draws.</param>
    public void Clear(bool isSample = false)
    {
        if (isBorrowed)
            (families, dispersions) = ([], []);
        (count, total, this.isSample, isBorrowed) = (0, 0, isSample, false);
    }

    /// <summary>Adds nodes for η ~ N(mean, spread²).</summary>
    public void AddNormal(double mean, double spread, double weight, IFamily known, double dispersion, bool fine = false)
    {
        var rule = fine ? GaussianRule.For(spread) : GaussianRule.Coarse(spread);
        for (int k = 0; k < rule.Count; k++)
            Add(mean + spread * rule.Node(k), weight * rule.Weight(k), known, dispersion);
    }

    /// <summary>Adds a node.</summary>
    public void Add(double eta, double weight, IFamily known, double dispersion)
    {
        Reserve(count + 1, keep: true);
        if (families.Length < capacity)
        {
            Array.Resize(ref families, capacity);
            Array.Resize(ref dispersions, capacity);
        }
        (families[count], dispersions[count]) = (known, dispersion);
        count++;
        Etas[count - 1] = eta;
        Place(count - 1, weight);
    }

    /// <summary>The central interval of η: normal about its mean, or between quantiles of draws.</summary>
    public (double Lower, double Upper) LinearPredictorInterval(double level)
    {
        if (total == 0)
            return (double.NaN, double.NaN);
        if (!isSample)
        {
            double centre = LinearPredictor, half = NormalDistribution.Quantile(0.5 + level / 2) * Math.Sqrt(LinearPredictorVariance);
            return (centre - half, centre + half);
        }
        int valid = 0;
        for (int k = 0; k < count; k++)
        {
            if (Weights[k] > 0)
                Scratch[valid++] = Etas[k];
        }
        var some = Scratch[..valid];
        return (OrderStatistics.Quantile(some, 0.5 - level / 2), OrderStatistics.Quantile(some, 0.5 + level / 2));
    }

    /// <summary>ln p(y); NaN where y is not known, −∞ where it is impossible.</summary>
    public double LogDensity(double y)
    {
        if (double.IsNaN(y) || total == 0)
            return double.NaN;
        if (!family.Supports(y))
            return double.NegativeInfinity;
        var terms = Scratch;
        for (int k = 0; k < count; k++)
            terms[k] = Weights[k] > 0
                ? Math.Log(Weights[k]) + families[k].LogLikelihood(y, link.Inverse(Etas[k]), dispersions[k], 1)
                : double.NegativeInfinity;
        return LogSum.Of(terms) - Math.Log(total);
    }

    /// <summary>The smallest y with P(Y ≤ y) ≥ p; of many draws evenly spaced ones are asked.</summary>
    public double Quantile(double p)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (int k = 0; k < count; k += Step)
        {
            if (!(Weights[k] >= 1e-12 * total) || total == 0)
                continue;
            double part = families[k].Quantile(p, Means[k], dispersions[k]);
            (low, high) = (Math.Min(low, part), Math.Max(high, part));
        }
        return low <= high ? MixtureQuantile.Solve(this, p, low, high, family.IsDiscrete) : double.NaN;
    }

    /// <inheritdoc/>
    public double Cdf(double y)
    {
        double sum = 0, weights = 0;
        for (int k = 0; k < count; k += Step)
        {
            double weight = Weights[k];
            if (weight == 0)
                continue;
            sum += weight * families[k].CumulativeProbability(y, Means[k], dispersions[k]);
            weights += weight;
        }
        return sum / weights;
    }

    public void Dispose()
    {
        if (numbers.Length > 0)
            ArrayPool<double>.Shared.Return(numbers);
        (numbers, capacity, count, total) = ([], 0, 0, 0);
    }

    private int Step => isSample ? Math.Max(1, Stride(count)) : 1;

    private MeanPoint Point(int k) => new(Means[k], Complements[k], double.NaN, double.NaN);

    /// <summary>The mean of a node, or weight zero.</summary>
    private void Place(int k, double weight)
    {
        double eta = Etas[k];
        var mean = link.IsInDomain(eta) ? link.Inverse(eta) : MeanPoint.Of(double.NaN);
        bool valid = double.IsFinite(mean.Mean) && family.IsValidMean(mean);
        (Means[k], Complements[k], Weights[k]) = valid ? (mean.Mean, mean.Complement, weight) : (0, 0, 0);
        total += valid ? weight : 0;
        if (!valid)
            Etas[k] = 0;
    }

    private double Average(ReadOnlySpan<double> values) => TensorPrimitives.Dot(Weights, values) / total;

    private double Variance(ReadOnlySpan<double> values)
    {
        var gaps = Scratch;
        TensorPrimitives.Subtract(values, Average(values), gaps);
        TensorPrimitives.Multiply(gaps, gaps, gaps);
        return Average(gaps);
    }

    private Span<double> Part(int index) => numbers.AsSpan(index * capacity, count);

    private void Reserve(int size, bool keep)
    {
        if (size <= capacity)
            return;
        const int parts = 5;
        int next = (Math.Max(size, 2 * capacity) + 15) / 16 * 16;
        double[] more = ArrayPool<double>.Shared.Rent(parts * next);
        for (int part = 0; part < parts && keep; part++)
            Part(part).CopyTo(more.AsSpan(part * next));
        if (numbers.Length > 0)
            ArrayPool<double>.Shared.Return(numbers);
        (numbers, capacity) = (more, next);
    }
}
