using System.Globalization;
using System.Text;
using ProbML.Fitting;

namespace ProbML.GaussianProcesses;

/// <summary>A fitted Gaussian process for K classes: softmax of K functions, or ordered classes along one.</summary>
/// <remarks>
/// Gives <c>Score</c> (the class probabilities averaged over the posterior, [K]), <c>LogDensity</c> (ln P of the label),
/// <c>ProbabilityStandardError</c> [K] (the standard deviation of P(Y = k | f)), <c>ProbabilityLowerBound</c> and
/// <c>ProbabilityUpperBound</c> [K] (intervals of each class's logit by the delta method, taken back to (0, 1)).
/// </remarks>
[ModelKey("GaussianProcessClasses")]
public sealed class GaussianProcessClassModel : IScoringModel<GaussianProcessClassModel>, IOnnxModel
{
    private const int FormatVersion = 1;

    private readonly string[] featureNames, classNames;
    private readonly GaussianProcessScaling scaling;
    private readonly ClassPredictor predictor;

    internal GaussianProcessClassModel(
        string[] featureNames,
        string responseName,
        string[] classNames,
        double level,
        GaussianProcessScaling scaling,
        GaussianProcessSummary summary,
        ClassPredictor predictor)
    {
        (this.featureNames, ResponseName, this.classNames, Level) = (featureNames, responseName, classNames, level);
        (this.scaling, Summary, this.predictor) = (scaling, summary, predictor);
        Outputs = ClassScores.Columns(classNames.Length);
    }

    /// <summary>The names of the features, [d].</summary>
    public IReadOnlyList<string> FeatureNames => featureNames;

    /// <summary>The name of the response's column.</summary>
    public string ResponseName { get; }

    /// <summary>The classes, in the order of the label's key.</summary>
    public IReadOnlyList<string> ClassNames => classNames;

    /// <summary>The level of the intervals.</summary>
    public double Level { get; }

    /// <summary>k with the hyperparameters found, of features as the process sees them: standardised, or as they are.</summary>
    public Kernel Kernel => predictor.Kernel;

    /// <summary>What ties classes to functions, such as "softmax" or "ordinal(logit, thresholds=[-1, 1])".</summary>
    public string Likelihood => predictor.Likelihood;

    /// <summary>What the fit came to.</summary>
    public GaussianProcessSummary Summary { get; }

    /// <inheritdoc/>
    public int FeatureCount => featureNames.Length;

    /// <inheritdoc/>
    public int BlockSize => 256;

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>The same model with intervals of another level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not strictly between 0 and 1.</exception>
    public GaussianProcessClassModel WithLevel(double level)
    {
        GlmOptions.Check(level is > 0 and < 1, nameof(level), level, "must lie strictly between 0 and 1");
        return new(featureNames, ResponseName, classNames, level, scaling, Summary, predictor);
    }

    /// <summary>The class probabilities of rows, [n, K].</summary>
    /// <param name="rows">[n, d], row-major.</param>
    /// <exception cref="ArgumentException">The numbers are no whole rows.</exception>
    public double[] Probabilities(ReadOnlySpan<double> rows)
    {
        var inputs = Inputs(rows);
        var probabilities = new double[inputs.Rows * classNames.Length];
        predictor.Predict(inputs, probabilities, new double[probabilities.Length]);
        return probabilities;
    }

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        int n = rows.Count, classes = classNames.Length;
        double quantile = NormalDistribution.Quantile(0.5 + Level / 2);
        var inputs = Inputs(rows.Features);
        double[] probabilities = new double[n * classes], squares = new double[n * classes], features = new double[FeatureCount];
        predictor.Predict(inputs, probabilities, squares);
        for (int i = 0; i < n; i++)
        {
            var row = outputs.Row(i);
            inputs.CopyRow(i, features);
            if (!double.IsFinite(System.Numerics.Tensors.TensorPrimitives.Sum<double>(features)))
            {
                row.Fill(float.NaN);
                continue;
            }
            double y = rows.ResponseOrNaN(i);
            row[classes] = (float)(double.IsNaN(y) ? double.NaN
                : y >= 0 && y < classes && y == Math.Floor(y) ? Math.Log(probabilities[i * classes + (int)y])
                : double.NegativeInfinity);
            for (int c = 0; c < classes; c++)
            {
                double p = probabilities[i * classes + c], deviation = Math.Sqrt(Math.Max(0, squares[i * classes + c] - p * p));
                double logit = Math.Log(p) - Elementary.Log1p(-p), half = quantile * deviation / (p * (1 - p));
                row[c] = (float)p;
                row[classes + 1 + c] = (float)deviation;
                row[2 * classes + 1 + c] = (float)Links.Logit.Inverse(logit - half).Mean;
                row[3 * classes + 1 + c] = (float)Links.Logit.Inverse(logit + half).Mean;
            }
        }
    }

    /// <inheritdoc/>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var scope = new OnnxScope(graph);
        var columns = new OnnxReal?[Outputs.Count];
        var features = scope.Double(rows.Features);
        var x = (features - scope.Constant(scaling.Shift, FeatureCount)) / scope.Constant(scaling.Scale, FeatureCount);
        var (p, squares) = predictor.Emit(scope, x);
        var deviation = (squares - p * p).Max(0).Sqrt();
        var logit = p.Log() - (1 - p).Log();
        var half = NormalDistribution.Quantile(0.5 + Level / 2) * deviation / (p * (1 - p));
        if (wanted.Wants(0))
            columns[0] = p;
        if (wanted.Wants(ClassScores.StandardError))
            columns[ClassScores.StandardError] = deviation;
        if (wanted.Wants(ClassScores.Lower))
            columns[ClassScores.Lower] = Links.Logit.Inverse(logit - half).Mean;
        if (wanted.Wants(ClassScores.Upper))
            columns[ClassScores.Upper] = Links.Logit.Inverse(logit + half).Mean;
        if (wanted.Wants(ClassScores.LogDensity) && rows.Response.Exists)
        {
            var y = scope.Double(rows.Response);
            double[] places = [.. Enumerable.Range(0, classNames.Length).Select(k => (double)k)];
            var own = y.Is(scope.Constant(places, 1, places.Length)).ToReal();
            columns[ClassScores.LogDensity] = (own * p).RowSum().Log().Where(!y.IsNaN(), double.NaN);
        }
        return columns.Finish(features.RowSum().IsFinite());
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        writer.WriteArray(featureNames);
        writer.Write(ResponseName);
        writer.WriteArray(classNames);
        writer.Write(Level);
        scaling.Write(writer);
        Summary.Write(writer);
        predictor.Write(writer);
    }

    /// <inheritdoc/>
    public static GaussianProcessClassModel Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ReadVersion(FormatVersion, "Gaussian process");
        string[] features = reader.ReadStringArray("feature names");
        string response = reader.ReadString();
        string[] classes = reader.ReadStringArray("classes");
        double level = reader.ReadDouble();
        var scaling = GaussianProcessScaling.Read(reader);
        var summary = GaussianProcessSummary.Read(reader);
        var predictor = ClassPredictor.Read(reader);
        return predictor.Features == features.Length && predictor.ClassCount == classes.Length
            && scaling.Shift.Length == features.Length && scaling.Scale.Length == features.Length && level is > 0 and < 1
            ? new(features, response, classes, level, scaling, summary, predictor)
            : throw new FormatException("The Gaussian process's parts do not fit each other: the model is damaged.");
    }

    /// <summary>Kernel and likelihood, and what the fit came to.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Gaussian process for {ResponseName}, {classNames.Length} classes, {Summary.Rows} rows");
        text.AppendLine(CultureInfo.InvariantCulture, $"Kernel: {Kernel}");
        text.AppendLine(CultureInfo.InvariantCulture, $"Likelihood: {Likelihood}");
        text.AppendLine(CultureInfo.InvariantCulture, $"Log marginal likelihood, approximately: {GlmTable.Number(Summary.LogMarginalLikelihood)}");
        if (Summary.AtBound.Count > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"At a limit: {string.Join(", ", Summary.AtBound)}");
        text.Append(CultureInfo.InvariantCulture, $"Evaluations: {Summary.Evaluations}{(Summary.Converged ? "" : ", NOT CONVERGED")}");
        return text.ToString();
    }

    private InputColumns Inputs(ReadOnlySpan<double> rows)
    {
        double[] scaled = rows.ToArray();
        scaling.Apply(scaled);
        return InputColumns.FromRows(scaled, FeatureCount);
    }
}
