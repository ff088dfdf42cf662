using System.Globalization;

namespace ProbML.Cli;

/// <summary>Writes predictions as delimited text, a row for each row of the input.</summary>
internal sealed class PredictionWriter
{
    private static readonly string[] RegressionColumns =
    [
        ColumnNames.Score, ColumnNames.ScoreStandardDeviation, ColumnNames.EpistemicStandardDeviation,
        ColumnNames.AleatoricStandardDeviation, ColumnNames.ScoreStandardError, ColumnNames.LowerBound, ColumnNames.UpperBound,
        ColumnNames.LatentMean, ColumnNames.CensoringProbability, ColumnNames.UnseenGroups, ColumnNames.ExpectedImprovement,
        ColumnNames.LogExpectedImprovement, ColumnNames.ProbabilityOfImprovement, ColumnNames.UpperConfidenceBound,
        ColumnNames.MaximumVariance,
    ];

    private static readonly string[] BinaryColumns =
    [
        ColumnNames.PredictedLabel, ColumnNames.Score, ColumnNames.Probability, ColumnNames.ScoreStandardError,
        ColumnNames.ProbabilityLowerBound, ColumnNames.ProbabilityUpperBound, ColumnNames.EpistemicStandardDeviation,
        ColumnNames.AleatoricStandardDeviation, ColumnNames.UnseenGroups, ColumnNames.LogRatio, ColumnNames.DensityRatio, ColumnNames.Weight,
    ];

    private readonly TextWriter writer;
    private readonly char delimiter;
    private readonly CsvRows? input;
    private readonly int inputWidth;
    private readonly string[] columns;
    private readonly int[] places;
    private readonly int score, probability;
    private readonly string positive, negative;
    private readonly IReadOnlyList<string> classes;
    private readonly float? threshold;
    private readonly bool writesInfinity, writesParts;

    /// <param name="writer">Where the text goes.</param>
    /// <param name="delimiter">What stands between fields.</param>
    /// <param name="scorer">What gives the outputs.</param>
    /// <param name="plan">The model and the file.</param>
    /// <param name="input">The rows to copy in front, or null.</param>
    public PredictionWriter(TextWriter writer, char delimiter, Scorer scorer, ScoringPlan plan, CsvRows? input)
    {
        (this.writer, this.delimiter, this.input) = (writer, delimiter, input);
        bool binary = scorer.Model.Task == PredictionTask.BinaryClassification;
        classes = scorer.Model.ClassNames;
        string[] names = [.. (binary ? BinaryColumns : RegressionColumns).Where(
            name => name == ColumnNames.PredictedLabel || scorer.Model.Outputs.Any(output => output.Name == name))];
        (columns, places) = classes.Count > 0 ? ClassColumns(scorer)
            : !scorer.Model.HasLabel ? EncoderColumns(scorer)
            : (names, [.. names.Select(name => name == ColumnNames.PredictedLabel ? -1 : scorer.Place(name))]);
        threshold = (float?)(scorer.Model.Model as IAnomalyModel)?.Threshold;
        writesInfinity = !scorer.Model.HasLabel;
        writesParts = scorer.Model.HasMarginals;
        score = scorer.Model.Task == PredictionTask.Transform ? 0 : scorer.Place(ColumnNames.Score);
        probability = binary ? scorer.Place(ColumnNames.Probability) : -1;
        (positive, negative) = (plan.Positive ?? "true", plan.Negative ?? "false");
        inputWidth = plan.File.Header.Count;
        if (input is not null)
        {
            if (columns.FirstOrDefault(plan.File.Has) is string taken)
                throw new BadDataException($"--keep: {plan.File.Name} has a column '{taken}' already. Rename it.");
            foreach (string name in plan.File.Header)
                Field(name);
        }
        foreach (string name in columns)
            Field(name);
        EndLine();
    }

    /// <summary>Writes the rows of a block; those without a prediction stay empty, but for what is known of them.</summary>
    public void Write(in RowBlock rows, ReadOnlySpan<float> outputs, int width)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            if (input is not null)
            {
                input.MoveNext();
                for (int j = 0; j < inputWidth; j++)
                    Field(input.Raw(j));
            }
            var row = outputs.Slice(i * width, width);
            bool known = writesParts || !float.IsNaN(row[score]);
            foreach (int place in places)
            {
                if (!known)
                    Field(default);
                else if (place < 0)
                    Field(Label(row));
                else
                    Number(row[place]);
            }
            EndLine();
        }
    }

    /// <summary>The label, each class's probability, and the ends of each class's interval.</summary>
    private static (string[] Columns, int[] Places) ClassColumns(Scorer scorer)
    {
        (string Name, string Source)[] parts =
        [
            (ColumnNames.Probability, ColumnNames.Score),
            (ColumnNames.ProbabilityLowerBound, ColumnNames.ProbabilityLowerBound),
            (ColumnNames.ProbabilityUpperBound, ColumnNames.ProbabilityUpperBound),
        ];
        var classes = scorer.Model.ClassNames;
        return (
            [ColumnNames.PredictedLabel, .. parts.SelectMany(part => classes.Select(name => $"{part.Name}.{name}"))],
            [-1, .. parts.SelectMany(part => Enumerable.Range(scorer.Place(part.Source), classes.Count))]);
    }

    /// <summary>Whether a row is an anomaly, if that is asked, and all that the model gives, vectors as name.1, name.2, ...</summary>
    private static (string[] Columns, int[] Places) EncoderColumns(Scorer scorer)
    {
        var outputs = scorer.Model.Outputs;
        int width = outputs.Sum(output => output.Width);
        string[] label = scorer.Model.Task == PredictionTask.AnomalyDetection ? [ColumnNames.PredictedLabel] : [];
        var names = outputs.SelectMany(output => output.Size == 0
            ? [output.Name]
            : Enumerable.Range(1, output.Size).Select(i => $"{output.Name}.{i}"));
        return ([.. label, .. names], [.. label.Select(_ => -1), .. Enumerable.Range(0, width)]);
    }

    private string Label(ReadOnlySpan<float> row) => threshold is float limit ? row[score] > limit ? positive : negative
        : classes.Count > 0
        ? classes[ClassMetrics.Largest(row.Slice(score, classes.Count))]
        : row[probability] > 0.5f ? positive : negative;

    private bool isFirst = true;

    private void Separate()
    {
        if (!isFirst)
            writer.Write(delimiter);
        isFirst = false;
    }

    private void Field(ReadOnlySpan<char> text)
    {
        Separate();
        bool plain = text.IndexOfAny(['"', '\n', '\r']) < 0 && !text.Contains(delimiter)
            && (text.IsEmpty || !(char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])));
        if (plain)
        {
            writer.Write(text);
            return;
        }
        writer.Write('"');
        foreach (char c in text)
        {
            if (c == '"')
                writer.Write('"');
            writer.Write(c);
        }
        writer.Write('"');
    }

    private void Number(float value)
    {
        Separate();
        if (!float.IsFinite(value))
        {
            if (writesInfinity && float.IsInfinity(value))
                writer.Write(value > 0 ? "inf" : "-inf");
            return;
        }
        Span<char> digits = stackalloc char[32];
        value.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
        writer.Write(digits[..length]);
    }

    private void EndLine()
    {
        writer.Write('\n');
        isFirst = true;
    }
}
