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
public sealed partial class TobitModel : IScoringModel<TobitModel>
{
    private const int FormatVersion = 1;

    private readonly double lower, upper, quantile;
    private readonly double[] slopes, slopeCovariance, crossCovariance;
    private readonly double scaleVariance;
    private readonly bool hasCovariance;

    internal TobitModel(TobitOptions options, long lowerCount, long upperCount, VectorModelParts parts)
    {
        (Options, LowerCount, UpperCount, Parts) = (options, lowerCount, upperCount, parts);
        (lower, upper) = (options.Lower ?? double.NegativeInfinity, options.Upper ?? double.PositiveInfinity);
        quantile = NormalDistribution.Quantile(0.5 + parts.Level / 2);
        int q = parts.Transform.Width, n = parts.Expect(q + 1).Scaled.Length;
        slopes = parts.Scaled[..q];
        slopeCovariance = new double[q * q];
        for (int i = 0; i < q; i++)
            parts.Covariance.AsSpan(i * n, q).CopyTo(slopeCovariance.AsSpan(i * q));
        (crossCovariance, scaleVariance) = (parts.Covariance[(q * n)..(q * n + q)], parts.Covariance[n * n - 1]);
        hasCovariance = parts.HasCovariance;
        string[] names = [.. parts.ColumnNames, "log(sigma)"];
        string?[] aliased = [.. names.Select((_, i) => parts.Aliasing.GetValueOrDefault(i))];
        (Coefficients, Covariance) = parts.Report(names, Map(), aliased);
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

    /// <summary>The names of the features, [d].</summary>
    public IReadOnlyList<string> FeatureNames => Parts.FeatureNames;

    /// <summary>The name of the response's column.</summary>
    public string ResponseName => Parts.ResponseName;

    /// <summary>The coefficients, the intercept first, aliased ones in their places, and "log(sigma)" last.</summary>
    public IReadOnlyList<GlmCoefficient> Coefficients { get; }

    /// <summary>
    /// The covariance of the coefficients that are not aliased and of ln σ, [p + 1, p + 1]: the inverse of the observed
    /// information, plus the penalty where there is one (Laplace's approximation to the posterior).
    /// </summary>
    public double[,] Covariance { get; }

    /// <summary>σ̂, the latent response's standard deviation about its mean.</summary>
    public double Sigma => Math.Exp(Parts.Scaled[^1]);

    /// <summary>Rows of positive weight at the lower limit.</summary>
    public long LowerCount { get; }

    /// <summary>Rows of positive weight at the upper limit.</summary>
    public long UpperCount { get; }

    /// <summary>Likelihood, AIC and so on; the parameters count σ.</summary>
    public LikelihoodStatistics Statistics => Parts.Statistics;

    /// <summary>Whether the fit reached its optimum.</summary>
    public bool Converged => Statistics.Status == GlmStatus.Converged;

    /// <inheritdoc/>
    public int FeatureCount => Parts.FeatureNames.Length;

    /// <inheritdoc/>
    public int BlockSize => 256;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => Columns;

    internal VectorModelParts Parts { get; }

    /// <summary>The same model with intervals of another level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not strictly between 0 and 1.</exception>
    public TobitModel WithLevel(double level)
    {
        var options = Options with { Level = level };
        options.Validate();
        return new(options, LowerCount, UpperCount, Parts with { Level = level });
    }

    /// <summary>η, the mean of the latent response, for a row of features.</summary>
    /// <param name="features">[d].</param>
    /// <param name="offset">Added to η.</param>
    /// <exception cref="ArgumentException">There are not as many features as the model has.</exception>
    public double LatentMean(ReadOnlySpan<double> features, double offset = 0)
    {
        if (features.Length != FeatureCount)
            throw new ArgumentException(
                $"{features.Length} features were given; the model has {FeatureCount}.", nameof(features));
        var transform = Parts.Transform;
        double[] z = new double[transform.Stride], mixed = new double[transform.Stride];
        transform.Apply(new RowBlock(1, FeatureCount, features), 0, 1, z, mixed);
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
    public LikelihoodRatioTest TestAgainst(TobitModel reduced)
    {
        ArgumentNullException.ThrowIfNull(reduced);
        if (lower != reduced.lower || upper != reduced.upper)
            throw new ArgumentException("The models have different limits.", nameof(reduced));
        return Statistics.Test(reduced.Statistics, Options.L2 > 0 || reduced.Options.L2 > 0);
    }

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        const int Rows = 256;
        var transform = Parts.Transform;
        int width = transform.Width, stride = transform.Stride, most = Math.Min(Rows, rows.Count);
        double[] z = new double[most * stride], mixed = new double[most * stride];
        double[] eta = new double[most], variance = new double[most], cross = new double[most];
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
                    Fill(at, Math.Max(0, variance[i]), cross[i], rows.ResponseOrNaN(start + i), row);
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
        VectorModelParts.CheckVersion(reader, FormatVersion, "Tobit model");
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

    private void Fill(double eta, double variance, double cross, double y, Span<float> row)
    {
        var response = new CensoredNormal(eta, Sigma, lower, upper);
        double slope = response.MeanSlope, scale = response.MeanScaleSlope;
        double error = slope * slope * variance;
        if (hasCovariance)
            error = Math.Max(0, error + 2 * slope * scale * cross + scale * scale * scaleVariance);
        double spread = Math.Sqrt(Sigma * Sigma + variance);
        row[0] = (float)response.Mean;
        row[1] = (float)LogDensity(y, eta, spread);
        row[2] = (float)Math.Sqrt(response.Variance + error);
        row[3] = (float)Math.Sqrt(error);
        row[4] = (float)Math.Clamp(eta - quantile * spread, lower, upper);
        row[5] = (float)Math.Clamp(eta + quantile * spread, lower, upper);
        row[6] = (float)eta;
        row[7] = (float)Math.Min(1, response.Lower + response.Upper);
    }

    /// <summary>ln p(y), at a limit the logarithm of its probability; −∞ beyond the limits.</summary>
    private double LogDensity(double y, double eta, double spread)
    {
        double r = (y - eta) / spread;
        return double.IsNaN(y) ? double.NaN
            : y < lower || y > upper ? double.NegativeInfinity
            : y == lower ? NormalDistribution.LogCdf(r)
            : y == upper ? NormalDistribution.LogCdf(-r)
            : NormalDistribution.LogDensity(r) - Math.Log(spread);
    }

    /// <summary>T of (β, ln σ) = T (b, ln σ).</summary>
    private double[] Map()
    {
        double[] t = Parts.Transform.ToOriginal(out int rows);
        int q = Parts.Transform.Width, n = q + 1;
        var map = new double[(rows + 1) * n];
        for (int i = 0; i < rows; i++)
            t.AsSpan(i * q, q).CopyTo(map.AsSpan(i * n));
        map[^1] = 1;
        return map;
    }
}
