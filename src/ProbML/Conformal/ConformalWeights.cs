using ProbML.Evaluation;

namespace ProbML;

/// <summary>Weighted scores of the rows that calibrated, by group: what each new row's own quantile is taken from.</summary>
/// <param name="Level">The probability to guarantee.</param>
/// <param name="All">The scores of all rows.</param>
/// <param name="Groups">Those of each group, in the order of the calibration's.</param>
internal sealed record ConformalWeights(
    double Level, WeightedConformalQuantile All, IReadOnlyList<WeightedConformalQuantile> Groups)
{
    /// <param name="level">The probability to guarantee.</param>
    /// <param name="scores">By group; "" holds the rows without one.</param>
    /// <param name="weights">As the scores.</param>
    public static ConformalWeights Of(
        double level, IReadOnlyDictionary<string, List<double>> scores, IReadOnlyDictionary<string, List<double>> weights) => new(
            level,
            new([.. scores.SelectMany(group => group.Value)], [.. scores.Keys.SelectMany(group => weights[group])]),
            [.. scores.Keys.Where(group => group.Length > 0)
                .Select(group => new WeightedConformalQuantile([.. scores[group]], [.. weights[group]]))]);

    /// <summary>The quantile for a new row of weight w: of its group, or of all where it has none.</summary>
    public double At(int group, double w) => (group >= 0 && group < Groups.Count ? Groups[group] : All).At(w, Level);

    /// <summary>What is found of a row of mean weight, and how many rows they all are worth.</summary>
    public ConformalCalibration Describe(ConformalCalibration unweighted) => unweighted with
    {
        Quantile = Usual(All),
        Groups = unweighted.Groups.Keys.Zip(Groups).ToDictionary(group => group.First, group => Usual(group.Second)),
        EffectiveRows = All.EffectiveCount,
    };

    public void Write(BinaryWriter writer)
    {
        foreach (var quantile in Groups.Prepend(All))
        {
            writer.WriteArray(quantile.Scores);
            writer.WriteArray(quantile.Weights);
        }
    }

    /// <exception cref="FormatException">A number is missing, or no score or weight.</exception>
    public static ConformalWeights Read(BinaryReader reader, double level, int groups)
    {
        var all = ReadOne(reader);
        var each = new List<WeightedConformalQuantile>();
        for (int g = 0; g < groups; g++)
            each.Add(ReadOne(reader));
        return new(level, all, each);
    }

    private static WeightedConformalQuantile ReadOne(BinaryReader reader)
    {
        double[] scores = reader.ReadDoubleArray("scores"), weights = reader.ReadDoubleArray("weights");
        try
        {
            return new(scores, weights);
        }
        catch (ArgumentException error)
        {
            throw new FormatException("The calibration is damaged: " + error.Message, error);
        }
    }

    private double Usual(WeightedConformalQuantile quantile) => quantile.At(quantile.MeanWeight, Level);
}
