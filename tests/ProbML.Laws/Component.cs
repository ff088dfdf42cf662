using Microsoft.ML;

namespace ProbML.Laws;

/// <summary>A catalog method as the laws see it.</summary>
/// <param name="Name">What test reports call it.</param>
/// <param name="Task">What its columns mean.</param>
/// <param name="Create">Makes its trainer.</param>
public sealed record Component(
    string Name, PredictionTask Task, Func<MLContext, Setup, IEstimator<ITransformer>> Create)
{
    /// <summary>Draws a response, given the linear predictor.</summary>
    public Func<double, Random, double> Response { get; init; } = Task switch
    {
        PredictionTask.Regression => (eta, random) => eta + 0.5 * (random.NextDouble() + random.NextDouble() - 1),
        PredictionTask.BinaryClassification => (eta, random) => random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0,
        PredictionTask.AnomalyDetection or PredictionTask.Transform => (_, _) => 0,
        _ => (eta, random) => Logistic(2 * eta, random) is var latent && latent < -0.75 ? 0 : latent < 1.25 ? 1 : 2,
    };

    /// <summary>What a row's four features are, given those drawn; null: as drawn.</summary>
    public Func<float[], float[]>? Features { get; init; }

    /// <summary>Whether its features are amounts in any unit; false: one of them is a name.</summary>
    public bool TakesAmounts { get; init; } = true;

    /// <summary>The column that says most: Score, or what a transform calls its output.</summary>
    public string Score { get; init; } = ColumnNames.Score;

    /// <summary>Whether there is a label to learn from.</summary>
    public bool HasLabel => Task is not (PredictionTask.AnomalyDetection or PredictionTask.Transform);

    /// <summary>The number of features it was told to expect; null: any.</summary>
    public int? ExpectedFeatures { get; init; }

    /// <summary>Whether it takes a weight column.</summary>
    public bool TakesWeight { get; init; } = true;

    /// <summary>Whether a feature may be NaN.</summary>
    public bool TakesMissingValues { get; init; }

    /// <summary>The columns that have no ONNX form, such as those that need random draws.</summary>
    public IReadOnlyList<string> NotExported { get; init; } = [];

    /// <summary>Whether rows that were fitted to are scored as if they had not been, which an ONNX file cannot know.</summary>
    public bool ScoresFittedRowsApart { get; init; }

    /// <summary>How far a result may be off that is computed in another order.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>How many rows are many: fewer where time grows with their cube.</summary>
    public int ManyRows { get; init; } = 9_000;

    /// <summary>Whether a weight of 2 counts as two rows in every column; if not, in Score at least.</summary>
    public bool WeightsCountRows { get; init; }

    /// <summary>Whether it takes an offset column.</summary>
    public bool TakesOffset { get; init; } = true;

    /// <summary>Whether it takes an exposure column.</summary>
    public bool TakesExposure { get; init; } = true;

    /// <summary>Whether it reads the groups of <see cref="LawRow.Group"/>, which then have effects.</summary>
    public bool HasGroups { get; init; }

    /// <summary>What the fitted model calls its features; null: it does not say.</summary>
    public Func<ITransformer, IReadOnlyList<string>>? FeatureNames { get; init; }

    /// <summary>The columns of <see cref="LawData"/> that suit the task.</summary>
    public ColumnRoles Roles { get; } = new(Task switch
    {
        PredictionTask.Regression => nameof(LawRow.Number),
        PredictionTask.BinaryClassification => nameof(LawRow.Class),
        PredictionTask.MulticlassClassification => nameof(LawRow.Level),
        _ => nameof(LawRow.Number),
    });

    /// <summary>Those, and every column that the component takes besides.</summary>
    public ColumnRoles AllRoles => Roles with
    {
        Weight = TakesWeight ? nameof(LawRow.Weight) : null,
        Offset = TakesOffset ? nameof(LawRow.Offset) : null,
        Exposure = TakesExposure ? nameof(LawRow.Exposure) : null,
    };

    public override string ToString() => Name;

    private static double Logistic(double mean, Random random)
    {
        double u = random.NextDouble();
        return mean - Math.Log(1 / u - 1);
    }
}

/// <summary>How a law wants a trainer.</summary>
public sealed record Setup(ColumnRoles Roles, TrainingMonitor? Monitor = null, int? Threads = null);
