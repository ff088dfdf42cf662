using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using ProbML.Fitting;
using ProbML.LinearAlgebra;

namespace ProbML;

/// <summary>
/// A fitted ordinal model: P(y ≤ j) = F(τⱼ − xᵀβ − offset), with the covariance of thresholds and coefficients.
/// </summary>
/// <remarks>
/// Gives <c>Score</c> (the class probabilities, [K]), <c>LogDensity</c> (ln P of the label, the uncertainty of the
/// parameters averaged over), <c>ProbabilityStandardError</c> [K], and <c>ProbabilityLowerBound</c> and
/// <c>ProbabilityUpperBound</c> [K]: intervals of each class's logit by the delta method, taken back to (0, 1). A
/// positive coefficient makes high classes likelier.
/// </remarks>
[ModelKey("Ordinal")]
public sealed partial class OrdinalModel : IScoringModel<OrdinalModel>
{
    private const int FormatVersion = 1;

    private readonly string[] classNames;
    private readonly int width;                           // of b
    private readonly double[] slopes, thresholds;         // b, t: P(y ≤ j) = F(tⱼ − z'b)
    private readonly double[] slopeCovariance;            // [q, q]
    private readonly double[][] crossCovariance;          // [K − 1][q]
    private readonly double quantile;
    private readonly bool hasCovariance;

    internal OrdinalModel(string[] classNames, OrdinalOptions options, VectorModelParts parts)
    {
        (this.classNames, Options, Parts) = (classNames, options, parts);
        int cuts = classNames.Length - 1, d = parts.FeatureNames.Length;
        width = parts.Transform.Width - 1;
        if (!parts.Transform.Intercept)
            throw VectorModelParts.Damaged();
        int n = parts.Expect(width + cuts).Scaled.Length;
        (slopes, thresholds) = (parts.Scaled[..width], parts.Scaled[width..]);
        slopeCovariance = new double[width * width];
        for (int i = 0; i < width; i++)
            parts.Covariance.AsSpan(i * n, width).CopyTo(slopeCovariance.AsSpan(i * width));
        crossCovariance = [.. Enumerable.Range(width, cuts).Select(j => parts.Covariance.AsSpan(j * n, width).ToArray())];
        hasCovariance = parts.HasCovariance;
        Outputs = ClassScores.Columns(classNames.Length);
        quantile = NormalDistribution.Quantile(0.5 + parts.Level / 2);
        string[] names =
        [
            .. Enumerable.Range(0, cuts).Select(j => $"threshold:{classNames[j]}|{classNames[j + 1]}"),
            .. parts.FeatureNames,
        ];
        string?[] aliased = [.. new string?[cuts], .. Enumerable.Range(1, d).Select(i => parts.Aliasing.GetValueOrDefault(i))];
        (Coefficients, Covariance) = parts.Report(names, Map(), aliased);
    }

    /// <summary>The options it was fitted with.</summary>
    public OrdinalOptions Options { get; }

    /// <summary>The link.</summary>
    public ILinkFunction Link => Options.Link;

    /// <summary>The classes, from the lowest to the highest.</summary>
    public IReadOnlyList<string> ClassNames => classNames;

    /// <summary>The names of the features, [d].</summary>
    public IReadOnlyList<string> FeatureNames => Parts.FeatureNames;

    /// <summary>The name of the response's column.</summary>
    public string ResponseName => Parts.ResponseName;

    /// <summary>
    /// The thresholds, named "threshold:low|high", then the features' coefficients, aliased ones in their places.
    /// </summary>
    public IReadOnlyList<GlmCoefficient> Coefficients { get; }

    /// <summary>The thresholds alone, [K − 1], increasing.</summary>
    public IReadOnlyList<GlmCoefficient> Thresholds => [.. Coefficients.Take(classNames.Length - 1)];

    /// <summary>
    /// The covariance of thresholds and coefficients that are not aliased, [p, p]: the inverse of the observed
    /// information, plus the penalty where there is one (Laplace's approximation to the posterior).
    /// </summary>
    public double[,] Covariance { get; }

    /// <summary>Likelihood, AIC and so on.</summary>
    public LikelihoodStatistics Statistics => Parts.Statistics;

    /// <summary>Whether the fit reached its optimum.</summary>
    public bool Converged => Statistics.Status == GlmStatus.Converged;

    /// <inheritdoc/>
    public int FeatureCount => Parts.FeatureNames.Length;

    /// <inheritdoc/>
    public int BlockSize => 256;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    internal VectorModelParts Parts { get; }

    /// <summary>The same model with intervals of another level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not strictly between 0 and 1.</exception>
    public OrdinalModel WithLevel(double level)
    {
        var options = Options with { Level = level };
        options.Validate();
        return new(classNames, options, Parts with { Level = level });
    }

    /// <summary>The class probabilities [K] of a row of features.</summary>
    /// <param name="features">[d].</param>
    /// <param name="offset">Added to xᵀβ.</param>
    /// <exception cref="ArgumentException">There are not as many features as the model has.</exception>
    public double[] Probabilities(ReadOnlySpan<double> features, double offset = 0)
    {
        if (features.Length != FeatureCount)
            throw new ArgumentException(
                $"{features.Length} features were given; the model has {FeatureCount}.", nameof(features));
        var transform = Parts.Transform;
        double[] z = new double[transform.Stride], mixed = new double[transform.Stride], p = new double[classNames.Length];
        transform.Apply(new RowBlock(1, FeatureCount, features), 0, 1, z, mixed);
        var x = z.AsSpan(1, width);
        At(x, TensorPrimitives.Dot<double>(x, slopes) + offset, double.NaN, p, new double[p.Length], new double[p.Length]);
        return p;
    }

    /// <summary>
    /// Tests whether this model fits no better than one nested in it: χ² of twice the difference of log-likelihoods.
    /// </summary>
    /// <param name="reduced">A model of the same rows and link with fewer features.</param>
    /// <exception cref="ArgumentException">A model is penalised, the links or rows differ, or the models are not nested.</exception>
    public LikelihoodRatioTest TestAgainst(OrdinalModel reduced)
    {
        ArgumentNullException.ThrowIfNull(reduced);
        if (!Link.Equals(reduced.Link))
            throw new ArgumentException($"The links differ: {reduced.Link.Name} and {Link.Name}.", nameof(reduced));
        return Statistics.Test(reduced.Statistics, Options.L2 > 0 || reduced.Options.L2 > 0);
    }

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        const int Rows = 256;
        bool more = outputs.WantsMoreThan(0), spread = more && hasCovariance;
        var transform = Parts.Transform;
        int stride = transform.Stride, most = Math.Min(Rows, rows.Count), classes = classNames.Length;
        double[] z = new double[most * stride + 1], mixed = new double[most * stride];
        double[] eta = new double[most], variance = new double[most];
        double[] p = new double[classes], logits = new double[classes], errors = new double[classes];
        for (int start = 0; start < rows.Count; start += Rows)
        {
            int count = Math.Min(Rows, rows.Count - start);
            transform.Apply(rows, start, count, z, mixed);
            var x = z.AsSpan(1);
            Gemv.Multiply(x, count, width, stride, slopes, eta);
            if (spread && width > 0)
                QuadraticForm.Rows(x, count, width, stride, slopeCovariance, width, variance);
            for (int i = 0; i < count; i++)
            {
                double s = eta[i] + rows.Offset(start + i);
                var row = outputs.Row(start + i);
                if (double.IsFinite(s))
                {
                    At(x.Slice(i * stride, width), s, spread ? variance[i] : double.NaN, p, logits, errors);
                    if (more)
                        ClassScores.Fill(p, logits, errors, quantile, rows.ResponseOrNaN(start + i), row);
                    else
                        ClassScores.FillScore(p, row);
                }
                else
                {
                    row.Fill(float.NaN);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        writer.WriteArray(classNames);
        writer.Write(Link.Name);
        Parts.Write(writer);
    }

    /// <inheritdoc/>
    public static OrdinalModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        VectorModelParts.CheckVersion(reader, FormatVersion, "ordinal model");
        string[] names = reader.ReadStringArray("classes");
        var link = Links.Parse(reader.ReadString());
        var parts = VectorModelParts.Read(reader);
        if (names.Length < 2)
            throw VectorModelParts.Damaged();
        return new(names, new OrdinalOptions { Link = link, L2 = parts.L2, Level = parts.Level }, parts);
    }

    /// <summary>The summary, as R prints it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Ordinal regression of {ResponseName}, {classNames.Length} classes, {Link.Name} link");
        int cuts = classNames.Length - 1;
        VectorTable.Append(text, Parts, ("Coefficients", [.. Coefficients.Skip(cuts)]), ("Thresholds", Thresholds));
        return text.ToString();
    }

    /// <summary>
    /// Probabilities, their logits and the logits' standard errors at η; zero errors where its variance is NaN.
    /// </summary>
    /// <remarks>With eⱼ = tⱼ − η: ∂pₖ/∂eₖ = F′(eₖ) and ∂pₖ/∂eₖ₋₁ = −F′(eₖ₋₁).</remarks>
    private void At(
        ReadOnlySpan<double> x, double eta, double variance, double[] p, double[] logits, double[] errors)
    {
        int cuts = thresholds.Length, n = width + cuts;
        var lower = new MeanPoint(0, 1, 0, 0);
        double below = 0, crossed = 0;                    // Var(eₖ₋₁), Cov(x'b, tₖ₋₁)
        for (int k = 0; k <= cuts; k++)
        {
            var upper = k < cuts ? Link.Inverse(thresholds[k] - eta) : new MeanPoint(1, 0, 0, 0);
            p[k] = k == 0 ? upper.Mean : k == cuts ? lower.Complement : OrdinalResponse.Difference(upper, lower);
            double rest = lower.Mean + upper.Complement;
            logits[k] = k == 0 ? upper.LogMean - upper.LogComplement
                : k == cuts ? lower.LogComplement - lower.LogMean
                : Math.Log(Math.Max(p[k], MeanPoint.Smallest)) - Math.Log(rest);
            errors[k] = 0;
            if (double.IsNaN(variance))
            {
                lower = upper;
                continue;
            }
            int place = (width + k) * n + width + k;
            double cross = k < cuts ? TensorPrimitives.Dot(x, crossCovariance[k]) : 0;
            double own = k < cuts ? Parts.Covariance[place] - 2 * cross + variance : 0;
            double both = k > 0 && k < cuts ? Parts.Covariance[place - 1] - cross - crossed + variance : 0;
            double a = upper.Slope / p[k] / rest, b = lower.Slope / p[k] / rest;
            double spread = a * a * own - 2 * a * b * both + b * b * below;
            errors[k] = double.IsFinite(spread) ? Math.Sqrt(Math.Max(0, spread)) : 0;
            (lower, below, crossed) = (upper, own, cross);
        }
    }

    /// <summary>T of (τ, β) = T (b, t): τⱼ = tⱼ less what z'b holds of a constant.</summary>
    private double[] Map()
    {
        double[] t = Parts.Transform.ToOriginal(out int rows);
        int q = width + 1, cuts = classNames.Length - 1, n = width + cuts;
        var map = new double[(cuts + rows - 1) * n];
        for (int j = 0; j < cuts; j++)
        {
            map[j * n + width + j] = 1;
            for (int k = 0; k < width; k++)
                map[j * n + k] = -t[k + 1];
        }
        for (int i = 1; i < rows; i++)
            t.AsSpan(i * q + 1, width).CopyTo(map.AsSpan((cuts + i - 1) * n));
        return map;
    }
}
