using System.Buffers;
using System.Numerics.Tensors;

namespace ProbML.Vae;

/// <summary>P(x = 1) = 1 / (1 + e^−a): a column of zeros and ones; the parameter is the logit a.</summary>
/// <remarks>
/// ln p(x) = x a − ln(1 + eᵃ). Where <see cref="DrawsBits"/> is set, values between 0 and 1, such as grey levels, are
/// probabilities: bits are drawn from them anew at each visit in training (Salakhutdinov &amp; Murray 2008, §5, "dynamic
/// binarisation"), and the density given for such a value is its expectation over those bits.
/// </remarks>
public sealed record BernoulliLikelihood : Likelihood
{
    /// <summary>Whether values between 0 and 1 are probabilities to draw bits from.</summary>
    public bool DrawsBits { get; init; }

    /// <inheritdoc/>
    public override int ParametersPerColumn => 1;

    /// <inheritdoc/>
    public override string Support => DrawsBits ? "between 0 and 1" : "0 or 1";

    /// <inheritdoc/>
    public override bool Supports(double value) => DrawsBits ? value is >= 0 and <= 1 : value is 0 or 1;

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<double> x, ReadOnlySpan<float> parameters)
    {
        float[] rented = ArrayPool<float>.Shared.Rent(2 * x.Length);
        var softplus = rented.AsSpan(0, x.Length);
        var values = rented.AsSpan(x.Length, x.Length);
        Softplus(parameters, softplus);
        double sum = 0;
        if (double.IsNaN(TensorPrimitives.Sum(x)))
        {
            for (int j = 0; j < x.Length; j++)
                sum += double.IsNaN(x[j]) ? 0 : x[j] * parameters[j] - softplus[j];
        }
        else
        {
            TensorPrimitives.ConvertTruncating(x, values);
            sum = (double)TensorPrimitives.Dot(values, parameters) - TensorPrimitives.Sum(softplus);
        }
        ArrayPool<float>.Shared.Return(rented);
        return sum;
    }

    /// <inheritdoc/>
    public override void Mean(ReadOnlySpan<float> parameters, Span<double> mean)
    {
        for (int j = 0; j < mean.Length; j++)
            mean[j] = Sigmoid(parameters[j]);
    }

    /// <inheritdoc/>
    public override void Variance(ReadOnlySpan<float> parameters, Span<double> variance)
    {
        for (int j = 0; j < variance.Length; j++)
            variance[j] = Sigmoid(parameters[j]) * Sigmoid(-parameters[j]);
    }

    /// <inheritdoc/>
    public override void Draw(ReadOnlySpan<float> parameters, Random random, Span<double> x)
    {
        for (int j = 0; j < x.Length; j++)
            x[j] = random.NextDouble() < Sigmoid(parameters[j]) ? 1 : 0;
    }

    /// <inheritdoc/>
    public override string ToString() => DrawsBits ? "bernoulli(bits)" : "bernoulli";

    /// <summary>ln(1 + eᵃ) = max(a, 0) + ln(1 + e^−|a|).</summary>
    private static void Softplus(ReadOnlySpan<float> a, Span<float> result)
    {
        TensorPrimitives.Abs(a, result);
        TensorPrimitives.Negate(result, result);
        TensorPrimitives.Exp(result, result);
        TensorPrimitives.LogP1(result, result);              // small terms lost here are below the rounding of the sum
        for (int j = 0; j < a.Length; j++)
            result[j] += Math.Max(a[j], 0);
    }
}
