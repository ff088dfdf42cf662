namespace ProbML.Fitting;

/// <summary>What a hierarchical regression is besides its posterior, as it is saved.</summary>
internal sealed record HierarchicalParts
{
    public required PredictionTask Task { get; init; }

    public required IFamily Family { get; init; }

    public required ILinkFunction Link { get; init; }

    public required double Level { get; init; }

    public required string InferenceName { get; init; }

    public required string[] FeatureNames { get; init; }

    public required string ResponseName { get; init; }

    public required long Rows { get; init; }

    /// <summary>The rows of each group, factor by factor.</summary>
    public required int[][] GroupRows { get; init; }

    public required double LogLikelihood { get; init; }

    public required int Iterations { get; init; }

    public required bool Converged { get; init; }

    public SamplerDiagnostics? Diagnostics { get; init; }

    public void Write(BinaryWriter writer)
    {
        writer.Write((int)Task);
        writer.Write(Family.Name);
        writer.Write(Link.Name);
        writer.Write(Level);
        writer.Write(InferenceName);
        writer.WriteArray(FeatureNames);
        writer.Write(ResponseName);
        writer.Write(Rows);
        writer.Write(GroupRows.Length);
        foreach (int[] counts in GroupRows)
            writer.WriteArray(counts);
        writer.Write(LogLikelihood);
        writer.Write(Iterations);
        writer.Write(Converged);
        writer.Write(Diagnostics is not null);
        Diagnostics?.Write(writer);
    }

    public static HierarchicalParts Read(BinaryReader reader)
    {
        var task = (PredictionTask)reader.ReadInt32();
        if (task is not (PredictionTask.Regression or PredictionTask.BinaryClassification))
            throw new FormatException($"A hierarchical regression is not for {task}: the model is damaged.");
        return new()
        {
            Task = task,
            Family = Families.Parse(reader.ReadString()),
            Link = Links.Parse(reader.ReadString()),
            Level = reader.ReadDouble(),
            InferenceName = reader.ReadString(),
            FeatureNames = reader.ReadStringArray("feature names"),
            ResponseName = reader.ReadString(),
            Rows = reader.ReadInt64(),
            GroupRows = ReadCounts(reader),
            LogLikelihood = reader.ReadDouble(),
            Iterations = reader.ReadInt32(),
            Converged = reader.ReadBoolean(),
            Diagnostics = reader.ReadBoolean() ? SamplerDiagnostics.Read(reader) : null,
        };
    }

    private static int[][] ReadCounts(BinaryReader reader)
    {
        var counts = new List<int[]>();
        for (int count = reader.ReadCount("grouping factors"); counts.Count < count;)
            counts.Add(reader.ReadInt32Array("rows of groups"));
        return [.. counts];
    }
}
