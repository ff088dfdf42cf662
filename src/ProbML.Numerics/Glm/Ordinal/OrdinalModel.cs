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
public sealed partial class OrdinalModel : VectorGlmModel, IScoringModel<OrdinalModel>
{
    private const int FormatVersion = 1;

    private readonly string[] classNames;
    private readonly OrdinalPrediction prediction;
    private readonly double quantile;
    private readonly bool hasCovariance;

    internal OrdinalModel(string[] classNames, OrdinalOptions options, VectorModelParts parts)
        : base(parts, OrdinalCoefficients.Of(classNames, parts))
    {
        (this.classNames, Options) = (classNames, options);
        prediction = new OrdinalPrediction(parts, options.Link, classNames.Length - 1);
        hasCovariance = parts.HasCovariance;
        Outputs = ClassScores.Columns(classNames.Length);
        quantile = NormalDistribution.Quantile(0.5 + parts.Level / 2);
    }

    /// <summary>The options it was fitted with.</summary>
    public OrdinalOptions Options { get; }

    /// <summary>The link.</summary>
    public ILinkFunction Link => Options.Link;

    /// <summary>The classes, from the lowest to the highest.</summary>
    public IReadOnlyList<string> ClassNames => classNames;

    /// <summary>The thresholds alone, [K − 1], increasing.</summary>
    public IReadOnlyList<GlmCoefficient> Thresholds => [.. Coefficients.Take(classNames.Length - 1)];

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    internal override IVectorResponse Response => new OrdinalResponse(Link, classNames.Length);

    internal override int First => 1;                     // the first column, the constant, is the thresholds'

    internal override int? Threads => Options.NumberOfThreads;

    /// <summary>The same model with intervals of another level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not strictly between 0 and 1.</exception>
    public OrdinalModel WithLevel(double level)
    {
        var options = Options with { Level = level };
        options.Validate();
        return new(classNames, options, Parts with { Level = level });
    }

    /// <summary>The same model with a sandwich covariance in place of its own, in all it says; null: with its own again.</summary>
    /// <exception cref="ArgumentException">The covariance is of another model.</exception>
    public OrdinalModel WithCovariance(RobustCovariance? robust) => new(classNames, Options, PartsWith(robust));

    /// <summary>The class probabilities [K] of a row of features.</summary>
    /// <param name="features">[d].</param>
    /// <param name="offset">Added to xᵀβ.</param>
    /// <exception cref="ArgumentException">There are not as many features as the model has.</exception>
    public double[] Probabilities(ReadOnlySpan<double> features, double offset = 0)
    {
        var transform = Parts.Transform;
        double[] z = new double[transform.Stride], mixed = new double[transform.Stride], p = new double[classNames.Length];
        transform.Apply(OneRow(features), 0, 1, z, mixed);
        var x = z.AsSpan(1, prediction.Width);
        double eta = TensorPrimitives.Dot<double>(x, prediction.Slopes) + offset;
        prediction.At(x, eta, double.NaN, p, new double[p.Length], new double[p.Length]);
        return p;
    }

    /// <summary>
    /// Tests whether this model fits no better than one nested in it: χ² of twice the difference of log-likelihoods.
    /// </summary>
    /// <param name="reduced">A model of the same rows and link with fewer features.</param>
    /// <exception cref="ArgumentException">A model is penalised, the links or rows differ, or the models are not nested.</exception>
    public LikelihoodRatioTest TestAgainst(OrdinalModel reduced) => LikelihoodRatioTest.Compare(reduced, this);

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        const int Rows = 256;
        bool more = outputs.WantsMoreThan(0), spread = more && hasCovariance;
        var transform = Parts.Transform;
        int width = prediction.Width, stride = transform.Stride, most = Math.Min(Rows, rows.Count), classes = classNames.Length;
        using var rented = new RentedNumbers(2 * most * (stride + 1) + 1 + 3 * classes);
        Span<double> z = rented.Take(most * stride + 1), mixed = rented.Take(most * stride);
        Span<double> eta = rented.Take(most), variance = rented.Take(most);
        Span<double> p = rented.Take(classes), logits = rented.Take(classes), errors = rented.Take(classes);
        for (int start = 0; start < rows.Count; start += Rows)
        {
            int count = Math.Min(Rows, rows.Count - start);
            transform.Apply(rows, start, count, z, mixed);
            var x = z[1..];
            Gemv.Multiply(x, count, width, stride, prediction.Slopes, eta);
            if (spread && width > 0)
                QuadraticForm.Rows(x, count, width, stride, prediction.SlopeCovariance, width, variance);
            for (int i = 0; i < count; i++)
            {
                double s = eta[i] + rows.Offset(start + i);
                var row = outputs.Row(start + i);
                if (!double.IsFinite(s))
                {
                    row.Fill(float.NaN);
                    continue;
                }
                prediction.At(x.Slice(i * stride, width), s, spread ? variance[i] : double.NaN, p, logits, errors);
                if (more)
                    ClassScores.Fill(p, logits, errors, quantile, rows.ResponseOrNaN(start + i), row);
                else
                    ClassScores.FillScore(p, row);
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
        reader.ReadVersion(FormatVersion, "ordinal model");
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

    internal override double[] Penalty() => VectorPenalty.Of(Options.Common, Parts.Transform, First, 1, classNames.Length - 1);

    internal override string? DifferenceFrom(VectorGlmModel other) =>
        other is not OrdinalModel model || !model.classNames.SequenceEqual(classNames) ? "The models have different classes."
        : !model.Link.Equals(Link) ? $"The links differ: {Link.Name} and {model.Link.Name}."
        : null;
}
