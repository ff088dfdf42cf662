using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using ProbML.Fitting;
using ProbML.LinearAlgebra;

namespace ProbML;

/// <summary>A fitted Tobit model: Y = min(max(Y*, lower), upper), Y* ~ N(β₀ + xᵀβ + offset, σ²).</summary>
/// <remarks>
/// Gives <c>Score</c> (E Y, the mean of the response as it is observed), <c>LogDensity</c> of the label (its
/// probability at a limit), <c>ScoreStandardDeviation</c> (of a new observation), <c>ScoreStandardError</c> (of E Y, by
/// the delta method), <c>LowerBound</c> and <c>UpperBound</c> (quantiles of a new observation), <c>LatentMean</c> (η)
/// and <c>CensoringProbability</c> (that a new observation lies at a limit). Bounds and density take Y* ~ N(η̂, σ̂² +
/// se(η̂)²).
/// </remarks>
[ModelKey("Tobit")]
public sealed partial class TobitModel : VectorGlmModel, IScoringModel<TobitModel>
{
    private const int FormatVersion = 1;

    private readonly double lower, upper;
    private readonly double[] slopes, slopeCovariance, crossCovariance;
    private readonly TobitPrediction prediction;
    private readonly bool hasCovariance;

    internal TobitModel(TobitOptions options, long lowerCount, long upperCount, VectorModelParts parts)
        : base(parts, TobitCoefficients.Of(parts))
    {
        (Options, LowerCount, UpperCount) = (options, lowerCount, upperCount);
        (lower, upper) = (options.Lower ?? double.NegativeInfinity, options.Upper ?? double.PositiveInfinity);
        int q = parts.Transform.Width, n = q + 1;
        slopes = parts.Scaled[..q];
        slopeCovariance = new double[q * q];
        for (int i = 0; i < q; i++)
            parts.Covariance.AsSpan(i * n, q).CopyTo(slopeCovariance.AsSpan(i * q));
        crossCovariance = parts.Covariance[(q * n)..(q * n + q)];
        hasCovariance = parts.HasCovariance;
        prediction = new TobitPrediction(Sigma, lower, upper, hasCovariance ? parts.Covariance[n * n - 1] : null, parts.Level);
    }

    internal static IReadOnlyList<OutputColumn> Columns { get; } =
    [
        new(ColumnNames.Score),
        new(ColumnNames.LogDensity),
        new(ColumnNames.ScoreStandardDeviation),
        new(ColumnNames.ScoreStandardError),
        new(ColumnNames.LowerBound),
        new(ColumnNames.UpperBound),
        new(ColumnNames.LatentMean),
        new(ColumnNames.CensoringProbability, IsNormalized: true),
    ];

    /// <summary>The options it was fitted with.</summary>
    public TobitOptions Options { get; }

    /// <summary>σ̂, the latent response's standard deviation about its mean.</summary>
    public double Sigma => Math.Exp(Parts.Scaled[^1]);

    /// <summary>Rows of positive weight at the lower limit.</summary>
    public long LowerCount { get; }

    /// <summary>Rows of positive weight at the upper limit.</summary>
    public long UpperCount { get; }

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => Columns;

    internal override IVectorResponse Response => new TobitResponse(lower, upper);

    internal override int? Threads => Options.NumberOfThreads;

    /// <summary>The same model with intervals of another level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not strictly between 0 and 1.</exception>
    public TobitModel WithLevel(double level)
    {
        var options = Options with { Level = level };
        options.Validate();
        return new(options, LowerCount, UpperCount, Parts with { Level = level });
    }

    /// <summary>The same model with a sandwich covariance in place of its own, in all it says; null: with its own again.</summary>
    /// <exception cref="ArgumentException">The covariance is of another model.</exception>
    public TobitModel WithCovariance(RobustCovariance? robust) => new(Options, LowerCount, UpperCount, PartsWith(robust));

    /// <summary>η, the mean of the latent response, for a row of features.</summary>
    /// <param name="features">[d].</param>
    /// <param name="offset">Added to η.</param>
    /// <exception cref="ArgumentException">There are not as many features as the model has.</exception>
    public double LatentMean(ReadOnlySpan<double> features, double offset = 0)
    {
        var transform = Parts.Transform;
        double[] z = new double[transform.Stride], mixed = new double[transform.Stride];
        transform.Apply(OneRow(features), 0, 1, z, mixed);
        return TensorPrimitives.Dot<double>(z.AsSpan(0, transform.Width), slopes) + offset;
    }

    /// <summary>E Y, the mean of the response as it is observed, for a row of features.</summary>
    /// <param name="features">[d].</param>
    /// <param name="offset">Added to η.</param>
    /// <exception cref="ArgumentException">There are not as many features as the model has.</exception>
    public double Mean(ReadOnlySpan<double> features, double offset = 0) =>
        new CensoredNormal(LatentMean(features, offset), Sigma, lower, upper).Mean;

    /// <summary>
    /// Tests whether this model fits no better than one nested in it: χ² of twice the difference of log-likelihoods.
    /// </summary>
    /// <param name="reduced">A model of the same rows and limits with fewer features.</param>
    /// <exception cref="ArgumentException">A model is penalised, the limits or rows differ, or the models are not nested.</exception>
    public LikelihoodRatioTest TestAgainst(TobitModel reduced) => LikelihoodRatioTest.Compare(reduced, this);

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        const int Rows = 256;
        var transform = Parts.Transform;
        int width = transform.Width, stride = transform.Stride, most = Math.Min(Rows, rows.Count);
        using var rented = new RentedNumbers(most * (2 * stride + 3));
        Span<double> z = rented.Take(most * stride), mixed = rented.Take(most * stride);
        Span<double> eta = rented.Take(most), variance = rented.Take(most), cross = rented.Take(most);
        for (int start = 0; start < rows.Count; start += Rows)
        {
            int count = Math.Min(Rows, rows.Count - start);
            transform.Apply(rows, start, count, z, mixed);
            Gemv.Multiply(z, count, width, stride, slopes, eta);
            if (hasCovariance && width > 0)
            {
                QuadraticForm.Rows(z, count, width, stride, slopeCovariance, width, variance);
                Gemv.Multiply(z, count, width, stride, crossCovariance, cross);
            }
            for (int i = 0; i < count; i++)
            {
                double at = eta[i] + rows.Offset(start + i);
                var row = outputs.Row(start + i);
                if (double.IsFinite(at))
                    prediction.Fill(at, Math.Max(0, variance[i]), cross[i], rows.ResponseOrNaN(start + i), row);
                else
                    row.Fill(float.NaN);
            }
        }
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        writer.Write(lower);
        writer.Write(upper);
        writer.Write(Options.PenaliseIntercept);
        writer.Write(LowerCount);
        writer.Write(UpperCount);
        Parts.Write(writer);
    }

    /// <inheritdoc/>
    public static TobitModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ReadVersion(FormatVersion, "Tobit model");
        double lower = reader.ReadDouble(), upper = reader.ReadDouble();
        bool penaliseIntercept = reader.ReadBoolean();
        long below = reader.ReadInt64(), above = reader.ReadInt64();
        var parts = VectorModelParts.Read(reader);
        if (!(lower < upper))
            throw VectorModelParts.Damaged();
        var options = new TobitOptions
        {
            Lower = double.IsInfinity(lower) ? null : lower,
            Upper = double.IsInfinity(upper) ? null : upper,
            PenaliseIntercept = penaliseIntercept,
            L2 = parts.L2,
            Level = parts.Level,
            Intercept = parts.Transform.Intercept,
        };
        return new(options, below, above, parts);
    }

    /// <summary>The summary, as R prints it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Tobit regression of {ResponseName}");
        if (Options.Lower is { } least)
            text.Append(CultureInfo.InvariantCulture, $", {LowerCount} rows censored from below at {least:G6}");
        if (Options.Upper is { } most)
            text.Append(CultureInfo.InvariantCulture, $", {UpperCount} rows censored from above at {most:G6}");
        VectorTable.Append(text, Parts, ("Coefficients", Coefficients));
        text.AppendLine().Append(CultureInfo.InvariantCulture, $"Scale (sigma): {GlmTable.Number(Sigma)}");
        return text.ToString();
    }

    internal override double[] Penalty() => VectorPenalty.Of(Options.Common, Parts.Transform, 0, 1, 1);

    internal override string? DifferenceFrom(VectorGlmModel other) =>
        other is TobitModel model && model.lower == lower && model.upper == upper ? null : "The models have different limits.";
}
