using System.Globalization;
using System.Text;
using ProbML.Fitting;
using ProbML.LinearAlgebra;

namespace ProbML;

/// <summary>A fitted multinomial model: P(y = k) = exp(ηₖ) / Σⱼ exp(ηⱼ), with the covariance of its coefficients.</summary>
/// <remarks>
/// Gives <c>Score</c> (the class probabilities, [K]), <c>LogDensity</c> (ln P of the label, the uncertainty of the coefficients
/// averaged over), <c>ProbabilityStandardError</c> [K], and <c>ProbabilityLowerBound</c> and <c>ProbabilityUpperBound</c> [K]:
/// intervals of each class's logit by the delta method, taken back to (0, 1).
/// </remarks>
[ModelKey("Multinomial")]
public sealed class MultinomialModel : IScoringModel<MultinomialModel>
{
    private const int FormatVersion = 1;

    private readonly string[] classNames;
    private readonly int predictors;
    private readonly double[][] covariances;              // [pairs]: the symmetric part of Cov(bₐ, b_b)
    private readonly double quantile;

    internal MultinomialModel(string[] classNames, MultinomialOptions options, VectorModelParts parts)
    {
        (this.classNames, Options, Parts) = (classNames, options, parts);
        int classes = classNames.Length;
        predictors = options is { Coding: MultinomialCoding.Symmetric, L2: > 0 } ? classes : classes - 1;
        parts.Expect(predictors * parts.Transform.Width);
        Outputs = ClassScores.Columns(classes);
        quantile = NormalDistribution.Quantile(0.5 + parts.Level / 2);
        covariances = [.. Blocks()];
        int shown = options.Coding == MultinomialCoding.Symmetric ? classes : classes - 1;
        string[] columns = [.. parts.ColumnNames];
        string[] names = [.. classNames[^shown..].SelectMany(c => columns.Select(column => $"{c}: {column}"))];
        string?[] aliased = [.. names.Select((_, i) => parts.Aliasing.GetValueOrDefault(i % columns.Length))];
        (Coefficients, Covariance) = parts.Report(names, Map(shown), aliased);
    }

    /// <summary>The options it was fitted with.</summary>
    public MultinomialOptions Options { get; }

    /// <summary>The classes, in the order of their indices.</summary>
    public IReadOnlyList<string> ClassNames => classNames;

    /// <summary>The names of the features, [d].</summary>
    public IReadOnlyList<string> FeatureNames => Parts.FeatureNames;

    /// <summary>The name of the response's column.</summary>
    public string ResponseName => Parts.ResponseName;

    /// <summary>The coefficients, class after class, named "class: column"; aliased ones in their places.</summary>
    public IReadOnlyList<GlmCoefficient> Coefficients { get; }

    /// <summary>
    /// The covariance of the coefficients that are not aliased, [p, p]: the inverse of the information, plus the penalty where
    /// there is one (Laplace's approximation to the posterior).
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
    public MultinomialModel WithLevel(double level)
    {
        var options = Options with { Level = level };
        options.Validate();
        return new(classNames, options, Parts with { Level = level });
    }

    /// <summary>The class probabilities [K] of a row of features [d].</summary>
    /// <exception cref="ArgumentException">There are not as many features as the model has.</exception>
    public double[] Probabilities(ReadOnlySpan<double> features)
    {
        if (features.Length != FeatureCount)
            throw new ArgumentException($"{features.Length} features were given; the model has {FeatureCount}.", nameof(features));
        double[] eta = new double[predictors], p = new double[classNames.Length], logits = new double[p.Length];
        Predict(new RowBlock(1, FeatureCount, features), eta, []);
        Softmax(eta, p, logits);
        return p;
    }

    /// <summary>Tests whether this model fits no better than one nested in it: χ² of twice the difference of log-likelihoods.</summary>
    /// <param name="reduced">A model of the same rows with fewer features.</param>
    /// <exception cref="ArgumentException">A model is penalised, the rows differ, or the models are not nested.</exception>
    public LikelihoodRatioTest TestAgainst(MultinomialModel reduced)
    {
        ArgumentNullException.ThrowIfNull(reduced);
        return Statistics.Test(reduced.Statistics, Options.L2 > 0 || reduced.Options.L2 > 0);
    }

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        int n = rows.Count, classes = classNames.Length;
        bool more = outputs.WantsMoreThan(0);
        double[] eta = new double[n * predictors], variances = more ? new double[n * covariances.Length] : [];
        double[] p = new double[classes], logits = new double[classes], errors = new double[classes];
        Predict(rows, eta, variances);
        for (int i = 0; i < n; i++)
        {
            var row = outputs.Row(i);
            var own = eta.AsSpan(i * predictors, predictors);
            if (!double.IsFinite(System.Numerics.Tensors.TensorPrimitives.Sum<double>(own)))
            {
                row.Fill(float.NaN);
                continue;
            }
            Softmax(own, p, logits);
            if (!more)
            {
                ClassScores.FillScore(p, row);
                continue;
            }
            Errors(own, logits, variances.AsSpan(i * covariances.Length, covariances.Length), errors);
            ClassScores.Fill(p, logits, errors, quantile, rows.ResponseOrNaN(i), row);
        }
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        writer.WriteArray(classNames);
        writer.Write((int)Options.Coding);
        writer.Write(Options.PenaliseIntercept);
        Parts.Write(writer);
    }

    /// <inheritdoc/>
    public static MultinomialModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        VectorModelParts.CheckVersion(reader, FormatVersion, "multinomial model");
        string[] names = reader.ReadStringArray("classes");
        var options = new MultinomialOptions
        {
            Coding = (MultinomialCoding)reader.ReadInt32(),
            PenaliseIntercept = reader.ReadBoolean(),
        };
        var parts = VectorModelParts.Read(reader);
        if (names.Length < 2 || !Enum.IsDefined(options.Coding))
            throw VectorModelParts.Damaged();
        options = options with { L2 = parts.L2, Level = parts.Level, Intercept = parts.Transform.Intercept };
        return new(names, options, parts);
    }

    /// <summary>The summary, as R prints it.</summary>
    public override string ToString()
    {
        var (s, text) = (Statistics, new StringBuilder());
        text.Append(CultureInfo.InvariantCulture, $"Multinomial regression of {ResponseName}, {classNames.Length} classes, ");
        text.Append(Options.Coding == MultinomialCoding.Symmetric ? "symmetric coding" : $"reference {classNames[0]}");
        VectorTable.Append(text, Parts, ("Coefficients", Coefficients));
        return text.ToString();
    }

    /// <summary>T of β = T b: each class its own block; symmetric coding takes the mean over the classes off.</summary>
    private double[] Map(int shown)
    {
        double[] t = Parts.Transform.ToOriginal(out int rows);
        int q = Parts.Transform.Width, n = predictors * q, classes = classNames.Length;
        bool centre = shown > predictors;
        var map = new double[shown * rows * n];
        for (int k = 0; k < shown; k++)
        {
            for (int a = 0; a < predictors; a++)
            {
                double weight = (k + classes - shown == a + classes - predictors ? 1 : 0) - (centre ? 1.0 / classes : 0);
                for (int i = 0; weight != 0 && i < rows; i++)
                {
                    for (int j = 0; j < q; j++)
                        map[(k * rows + i) * n + a * q + j] = weight * t[i * q + j];
                }
            }
        }
        return map;
    }

    private IEnumerable<double[]> Blocks()
    {
        int q = Parts.Transform.Width, n = predictors * q;
        for (int a = 0; a < predictors; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                var block = new double[q * q];
                for (int i = 0; i < q; i++)
                {
                    for (int j = 0; j < q; j++)
                        block[i * q + j] = 0.5 * (Parts.Covariance[(a * q + i) * n + b * q + j]
                            + Parts.Covariance[(a * q + j) * n + b * q + i]);
                }
                yield return block;
            }
        }
    }

    /// <summary>η [n, m] and the covariances of its elements [n, pairs], where wanted.</summary>
    private void Predict(in RowBlock rows, Span<double> eta, Span<double> variances)
    {
        const int Rows = 256;
        var transform = Parts.Transform;
        int width = transform.Width, stride = transform.Stride, most = Math.Min(Rows, rows.Count);
        double[] z = new double[most * stride], mixed = new double[most * stride], column = new double[most];
        for (int start = 0; start < rows.Count; start += Rows)
        {
            int count = Math.Min(Rows, rows.Count - start);
            transform.Apply(rows, start, count, z, mixed);
            for (int a = 0; a < predictors; a++)
            {
                Gemv.Multiply(z, count, width, stride, Parts.Scaled.AsSpan(a * width, width), column);
                for (int i = 0; i < count; i++)
                    eta[(start + i) * predictors + a] = column[i];
            }
            for (int k = 0; !variances.IsEmpty && k < covariances.Length; k++)
            {
                if (width > 0)
                    QuadraticForm.Rows(z, count, width, stride, covariances[k], width, column);
                for (int i = 0; i < count; i++)
                    variances[(start + i) * covariances.Length + k] = width > 0 ? column[i] : 0;
            }
        }
    }

    /// <summary>p, and ln(p / (1 − p)) = η less the logarithm of the others' sum, which nothing cancels in.</summary>
    private void Softmax(Span<double> eta, Span<double> p, Span<double> logits)
    {
        for (int k = 0; k < p.Length; k++)
            p[k] = Eta(eta, k);
        for (int k = 0; k < p.Length; k++)
        {
            double largest = double.NegativeInfinity, sum = 0;
            for (int j = 0; j < p.Length; j++)
                largest = j == k ? largest : Math.Max(largest, p[j]);
            for (int j = 0; j < p.Length; j++)
                sum += j == k ? 0 : Math.Exp(p[j] - largest);
            logits[k] = p[k] - largest - Math.Log(sum);
        }
        for (int k = 0; k < p.Length; k++)
            p[k] = Links.Logit.Inverse(logits[k]).Mean;
    }

    /// <summary>The linear predictor of a class: 0 for the reference.</summary>
    private double Eta(ReadOnlySpan<double> eta, int k)
    {
        int a = k - (classNames.Length - predictors);
        return a < 0 ? 0 : eta[a];
    }

    /// <summary>The standard errors of the logits: ∂ logit pₖ/∂ηₐ is 1 for a = k and −pₐ/(1 − pₖ) otherwise.</summary>
    private void Errors(
        ReadOnlySpan<double> eta, ReadOnlySpan<double> logits, ReadOnlySpan<double> variances, Span<double> errors)
    {
        Span<double> slope = stackalloc double[64];
        if (predictors > slope.Length)
            slope = new double[predictors];
        int first = classNames.Length - predictors;
        for (int k = 0; k < logits.Length; k++)
        {
            double others = Eta(eta, k) - logits[k], variance = 0;
            for (int a = 0; a < predictors; a++)
                slope[a] = a + first == k ? 1 : -Math.Exp(eta[a] - others);
            for (int a = 0, pair = 0; a < predictors; a++)
            {
                for (int b = 0; b <= a; b++, pair++)
                    variance += (a == b ? 1 : 2) * slope[a] * slope[b] * variances[pair];
            }
            errors[k] = double.IsFinite(variance) ? Math.Sqrt(Math.Max(0, variance)) : 0;
        }
    }
}
