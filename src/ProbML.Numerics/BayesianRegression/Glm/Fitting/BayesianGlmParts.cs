namespace ProbML.Fitting;

/// <summary>What a Bayesian GLM is besides its posterior, as it is saved.</summary>
internal sealed record BayesianGlmParts
{
    public required PredictionTask Task { get; init; }

    public required IFamily Family { get; init; }

    public required ILinkFunction Link { get; init; }

    public required bool Intercept { get; init; }

    public required double Level { get; init; }

    public required string InferenceName { get; init; }

    public required CoefficientPriors Priors { get; init; }

    public required DispersionPrior? Dispersion { get; init; }

    public required string[] FeatureNames { get; init; }

    public required string ResponseName { get; init; }

    public required long Rows { get; init; }

    public void Write(BinaryWriter writer)
    {
        writer.Write((int)Task);
        writer.Write(Family.Name);
        writer.Write(Link.Name);
        writer.Write(Intercept);
        writer.Write(Level);
        writer.Write(InferenceName);
        SavedPriors.Write(writer, Priors);
        writer.Write(Dispersion?.ToString() ?? "");
        writer.WriteArray(FeatureNames);
        writer.Write(ResponseName);
        writer.Write(Rows);
    }

    public static BayesianGlmParts Read(BinaryReader reader)
    {
        var task = (PredictionTask)reader.ReadInt32();
        if (task is not (PredictionTask.Regression or PredictionTask.BinaryClassification))
            throw new FormatException($"A Bayesian GLM is not for {task}: the model is damaged.");
        return new()
        {
            Task = task,
            Family = Families.Parse(reader.ReadString()),
            Link = Links.Parse(reader.ReadString()),
            Intercept = reader.ReadBoolean(),
            Level = reader.ReadDouble(),
            InferenceName = reader.ReadString(),
            Priors = SavedPriors.Read(reader) ?? new(),
            Dispersion = reader.ReadString() is { Length: > 0 } text ? DispersionPrior.Parse(text) : null,
            FeatureNames = reader.ReadStringArray("feature names"),
            ResponseName = reader.ReadString(),
            Rows = reader.ReadInt64(),
        };
    }
}
