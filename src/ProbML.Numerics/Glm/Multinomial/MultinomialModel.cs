using System.Globalization;
using System.Text;
using ProbML.Fitting;

namespace ProbML;

/// <summary>
/// A fitted multinomial model: P(y = k) = exp(ηₖ) / Σⱼ exp(ηⱼ), with the covariance of its coefficients.
/// </summary>
/// <remarks>
/// Gives <c>Score</c> (the class probabilities, [K]), <c>LogDensity</c> (ln P of the label, the uncertainty of the
/// coefficients averaged over), <c>ProbabilityStandardError</c> [K], and <c>ProbabilityLowerBound</c> and
/// <c>ProbabilityUpperBound</c> [K]: intervals of each class's logit by the delta method, taken back to (0, 1).
/// </remarks>
[ModelKey("Multinomial")]
public sealed partial class MultinomialModel : IScoringModel<MultinomialModel>
{
    private const int FormatVersion = 1;

    private readonly string[] classNames;
    private readonly int predictors;
    private readonly SoftmaxPrediction prediction;
    private readonly double quantile;

    internal MultinomialModel(string[] classNames, MultinomialOptions options, VectorModelParts parts)
    {
        (this.classNames, Options, Parts) = (classNames, options, parts);
        int classes = classNames.Length;
        predictors = options is { Coding: MultinomialCoding.Symmetric, L2: > 0 } ? classes : classes - 1;
        parts.Expect(predictors * parts.Transform.Width);
        Outputs = ClassScores.Columns(classes);
        quantile = NormalDistribution.Quantile(0.5 + parts.Level / 2);
        prediction = new SoftmaxPrediction(parts, classes, predictors);
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
    /// The covariance of the coefficients that are not aliased, [p, p]: the inverse of the information, plus the
    /// penalty where there is one (Laplace's approximation to the posterior).
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
            throw new ArgumentException(
                $"{features.Length} features were given; the model has {FeatureCount}.", nameof(features));
        double[] eta = new double[predictors], p = new double[classNames.Length], logits = new double[p.Length];
        prediction.Predict(new RowBlock(1, FeatureCount, features), eta, []);
        prediction.Softmax(eta, p, logits);
        return p;
    }

    /// <summary>
    /// Tests whether this model fits no better than one nested in it: χ² of twice the difference of log-likelihoods.
    /// </summary>
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
        int n = rows.Count, classes = classNames.Length, pairs = prediction.Pairs;
        bool more = outputs.WantsMoreThan(0);
        double[] eta = new double[n * predictors], variances = more ? new double[n * pairs] : [];
        double[] p = new double[classes], logits = new double[classes], errors = new double[classes];
        prediction.Predict(rows, eta, variances);
        for (int i = 0; i < n; i++)
        {
            var row = outputs.Row(i);
            var own = eta.AsSpan(i * predictors, predictors);
            if (!double.IsFinite(System.Numerics.Tensors.TensorPrimitives.Sum<double>(own)))
            {
                row.Fill(float.NaN);
                continue;
            }
            prediction.Softmax(own, p, logits);
            if (!more)
            {
                ClassScores.FillScore(p, row);
                continue;
            }
            prediction.Errors(own, logits, variances.AsSpan(i * pairs, pairs), errors);
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
}
