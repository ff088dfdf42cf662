using System.Globalization;
using System.Numerics.Tensors;
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
public sealed partial class MultinomialModel : VectorGlmModel, IScoringModel<MultinomialModel>
{
    private const int FormatVersion = 1;

    private readonly string[] classNames;
    private readonly int predictors;
    private readonly SoftmaxPrediction prediction;
    private readonly double quantile;

    internal MultinomialModel(string[] classNames, MultinomialOptions options, VectorModelParts parts)
        : base(parts, MultinomialCoefficients.Of(classNames, options, parts))
    {
        (this.classNames, Options) = (classNames, options);
        predictors = MultinomialCoefficients.Predictors(classNames.Length, options);
        Outputs = ClassScores.Columns(classNames.Length);
        quantile = NormalDistribution.Quantile(0.5 + parts.Level / 2);
        prediction = new SoftmaxPrediction(parts, classNames.Length, predictors);
    }

    /// <summary>The options it was fitted with.</summary>
    public MultinomialOptions Options { get; }

    /// <summary>The classes, in the order of their indices.</summary>
    public IReadOnlyList<string> ClassNames => classNames;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    internal override IVectorResponse Response => new SoftmaxResponse(classNames.Length, predictors);

    internal override int? Threads => Options.NumberOfThreads;

    /// <summary>The same model with intervals of another level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not strictly between 0 and 1.</exception>
    public MultinomialModel WithLevel(double level)
    {
        var options = Options with { Level = level };
        options.Validate();
        return new(classNames, options, Parts with { Level = level });
    }

    /// <summary>The same model with a sandwich covariance in place of its own, in all it says; null: with its own again.</summary>
    /// <exception cref="ArgumentException">The covariance is of another model.</exception>
    public MultinomialModel WithCovariance(RobustCovariance? robust) => new(classNames, Options, PartsWith(robust));

    /// <summary>The class probabilities [K] of a row of features [d].</summary>
    /// <exception cref="ArgumentException">There are not as many features as the model has.</exception>
    public double[] Probabilities(ReadOnlySpan<double> features)
    {
        double[] eta = new double[predictors], p = new double[classNames.Length], logits = new double[p.Length];
        prediction.Predict(OneRow(features), eta, []);
        prediction.Softmax(eta, p, logits);
        return p;
    }

    /// <summary>
    /// Tests whether this model fits no better than one nested in it: χ² of twice the difference of log-likelihoods.
    /// </summary>
    /// <param name="reduced">A model of the same rows with fewer features.</param>
    /// <exception cref="ArgumentException">A model is penalised, the rows differ, or the models are not nested.</exception>
    public LikelihoodRatioTest TestAgainst(MultinomialModel reduced) => LikelihoodRatioTest.Compare(reduced, this);

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        int n = rows.Count, classes = classNames.Length, pairs = outputs.WantsMoreThan(0) ? prediction.Pairs : 0;
        using var rented = new RentedNumbers(n * (predictors + pairs) + 3 * classes);
        Span<double> eta = rented.Take(n * predictors), variances = rented.Take(n * pairs);
        Span<double> p = rented.Take(classes), logits = rented.Take(classes), errors = rented.Take(classes);
        prediction.Predict(rows, eta, variances);
        for (int i = 0; i < n; i++)
        {
            var row = outputs.Row(i);
            var own = eta.Slice(i * predictors, predictors);
            if (!double.IsFinite(TensorPrimitives.Sum<double>(own)))
            {
                row.Fill(float.NaN);
                continue;
            }
            prediction.Softmax(own, p, logits);
            if (pairs == 0)
            {
                ClassScores.FillScore(p, row);
                continue;
            }
            prediction.Errors(own, logits, variances.Slice(i * pairs, pairs), errors);
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
        reader.ReadVersion(FormatVersion, "multinomial model");
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
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Multinomial regression of {ResponseName}, {classNames.Length} classes, ");
        text.Append(Options.Coding == MultinomialCoding.Symmetric ? "symmetric coding" : $"reference {classNames[0]}");
        VectorTable.Append(text, Parts, ("Coefficients", Coefficients));
        return text.ToString();
    }

    internal override double[] Penalty() => VectorPenalty.Multinomial(Options, Parts.Transform, predictors);

    internal override string? DifferenceFrom(VectorGlmModel other) =>
        other is MultinomialModel model && model.classNames.SequenceEqual(classNames) ? null : "The models have different classes.";
}
