using System.Numerics.Tensors;

namespace ProbML.Evaluation;

/// <summary>The quantile of weighted calibration scores, sorted once and asked of row after row.</summary>
/// <remarks>Tibshirani, Barber, Candès &amp; Ramdas (2019), corollary 1: that of Σ pᵢ δ(sᵢ) + p δ(∞).</remarks>
public sealed class WeightedConformalQuantile
{
    private readonly double[] scores, weights, held;

    /// <summary>Takes the scores of rows that the model has not seen.</summary>
    /// <param name="scores">[n]; +∞ where a row cannot be predicted.</param>
    /// <param name="weights">[n], finite and ≥ 0, each ∝ the density ratio of the new rows' features to these rows'.</param>
    /// <exception cref="ArgumentException">Lengths differ, a score is NaN, or a weight is negative or not finite.</exception>
    public WeightedConformalQuantile(ReadOnlySpan<double> scores, ReadOnlySpan<double> weights)
    {
        if (weights.Length != scores.Length)
            throw new ArgumentException($"{weights.Length} weights for {scores.Length} scores.", nameof(weights));
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0 && double.IsFinite(weights[i])))
                throw new ArgumentException($"Weights must be finite and ≥ 0, but that of row {i + 1} is {weights[i]}.", nameof(weights));
            if (double.IsNaN(scores[i]))
                throw new ArgumentException($"The score of row {i + 1} is NaN; use +∞ for a row that cannot be predicted.", nameof(scores));
        }
        (this.scores, this.weights, held) = (scores.ToArray(), weights.ToArray(), new double[scores.Length]);
        Array.Sort(this.scores, this.weights);
        double sum = 0;
        for (int i = 0; i < held.Length; i++)
            held[i] = sum += this.weights[i];
    }

    /// <summary>(Σw)²/Σw²: how many scores of equal weight these are worth; 0 of none.</summary>
    /// <remarks>Kish (1965), §8.2.</remarks>
    public double EffectiveCount
    {
        get
        {
            double largest = weights.Length == 0 ? 0 : TensorPrimitives.Max<double>(weights);
            if (largest == 0)
                return 0;
            double sum = 0, squares = 0;
            foreach (double w in weights)
                (sum, squares) = (sum + w / largest, squares + w / largest * (w / largest));
            return sum * sum / squares;
        }
    }

    /// <summary>The mean weight, which is that of a new row like most.</summary>
    internal double MeanWeight => held.Length == 0 ? 0 : held[^1] / held.Length;

    /// <summary>The scores, ascending.</summary>
    internal double[] Scores => scores;

    /// <summary>Their weights.</summary>
    internal double[] Weights => weights;

    /// <summary>The quantile for a new row; +∞ where the scores' weights are too small for the level, or the row's is NaN.</summary>
    /// <param name="newWeight">The new row's weight, in the unit of the scores'.</param>
    /// <param name="level">The probability to guarantee, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1), or the weight is negative.</exception>
    public double At(double newWeight, double level)
    {
        ConformalQuantile.Check(level);
        if (newWeight < 0)
            throw new ArgumentOutOfRangeException(nameof(newWeight), newWeight, "A weight must be ≥ 0: give a density ratio.");
        double needed = level * ((held.Length == 0 ? 0 : held[^1]) + newWeight) * (1 - 1e-14);
        if (!(needed > 0))
            return double.PositiveInfinity;               // NaN, or nothing has any weight
        int place = Array.BinarySearch(held, needed);
        place = place < 0 ? ~place : place;
        while (place > 0 && held[place - 1] >= needed)
            place--;                                      // rows of weight zero
        return place < scores.Length ? scores[place] : double.PositiveInfinity;
    }
}
