using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ProbML.TwoSample;

namespace ProbML;

/// <summary>What a column has to do with drift.</summary>
/// <param name="Name">The column, or a vector's slot.</param>
/// <param name="Test">"Kolmogorov-Smirnov" for numbers, "chi-square" for levels.</param>
/// <param name="Statistic">The largest gap between the distribution functions, or Pearson's X².</param>
/// <param name="PValue">Of the column alone.</param>
/// <param name="AdjustedPValue">The same among all columns, by Holm's method.</param>
/// <param name="Contribution">Its part of the mean log ratio of the current rows over that of the reference's, in nats.</param>
/// <param name="Share">The same as a share of all columns' (their sizes added up).</param>
/// <param name="ReferenceMean">The mean of the numbers, or null.</param>
/// <param name="CurrentMean">The mean of the numbers, or null.</param>
public sealed record FeatureDrift(
    string Name,
    string Test,
    double Statistic,
    double PValue,
    double AdjustedPValue,
    double Contribution,
    double Share,
    double? ReferenceMean,
    double? CurrentMean);

/// <summary>A current row that is unlike the reference.</summary>
/// <param name="Row">Its one-based place in the data.</param>
/// <param name="LogRatio">How much likelier it is among current rows than among the reference's, as a logarithm.</param>
/// <param name="Feature">The column that contributes most.</param>
public sealed record DriftedRow(long Row, double LogRatio, string Feature)
{
    /// <summary>The source that the row's number counts in, such as a file; null: the current rows are one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    internal string Place => Source is null ? Row.ToString(CultureInfo.InvariantCulture) : $"{Source}: {Row.ToString(CultureInfo.InvariantCulture)}";
}

/// <summary>Whether two samples differ, how much, in which columns and in which rows.</summary>
public sealed record DriftReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
    };

    /// <summary>Whether the smaller of the two p-values below, doubled, is at most the level.</summary>
    public required bool IsDrift { get; init; }

    /// <summary>The probability of a false alarm.</summary>
    public required double Level { get; init; }

    /// <summary>min(1, 2 min(classifier's p, smallest adjusted p of a column)): two questions are asked.</summary>
    public required double PValue { get; init; }

    /// <summary>The rows of the reference, and how many were compared.</summary>
    public required long ReferenceRows { get; init; }

    /// <summary>The rows of the current sample.</summary>
    public required long CurrentRows { get; init; }

    /// <summary>The rows of each that were compared.</summary>
    public required (int Reference, int Current) ComparedRows { get; init; }

    /// <summary>Whether a classifier tells the samples apart.</summary>
    public required ClassifierTwoSampleResult Classifier { get; init; }

    /// <summary>How far they are apart: from the current rows' distribution to the reference's.</summary>
    public required FDivergences Divergences { get; init; }

    /// <summary>The columns, those that contribute most first.</summary>
    public required IReadOnlyList<FeatureDrift> Features { get; init; }

    /// <summary>The current rows that are most unlike the reference, the most first.</summary>
    public required IReadOnlyList<DriftedRow> Rows { get; init; }

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            IsDrift,
            Level,
            PValue,
            ReferenceRows,
            CurrentRows,
            ComparedReferenceRows = ComparedRows.Reference,
            ComparedCurrentRows = ComparedRows.Current,
            Classifier,
            Divergences,
            Features,
            Rows,
        },
        Json);

    /// <summary>The report as a page to look at, in one file that needs nothing else.</summary>
    public string ToHtml() => DriftPage.Of(this);

    /// <summary>The report as lines of text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{(IsDrift ? "Drift" : "No drift")} at level {Level:G3} (p = {PValue:G3})");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{CurrentRows} current rows against {ReferenceRows}: a classifier's area under the curve {Classifier.AreaUnderCurve:F3}, "
            + $"KL {Divergences.KullbackLeibler.Value:F3} nats");
        text.AppendLine("Column                      share  contribution  statistic  adjusted p");
        foreach (var feature in Features.Take(20))
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{feature.Name,-26} {feature.Share,6:P0} {feature.Contribution,13:F4} {feature.Statistic,10:G4} {feature.AdjustedPValue,11:G3}");
        return text.ToString();
    }
}
