namespace ProbML.Flows;

/// <summary>A flow as bytes.</summary>
internal static class FlowModelFormat
{
    private const int Version = 1;

    public static void Write(BinaryWriter writer, FlowModelParts parts, FlowGraphs graphs)
    {
        writer.Write(Version);
        writer.Write(parts.OutputColumnName);
        writer.Write((int)parts.Columns);
        writer.Write(parts.Architecture);
        writer.Write(parts.HasConditionals);
        writer.Write(parts.CellPoints);
        writer.WriteArray(parts.FeatureNames);
        for (int j = 0; j < parts.Maps.Count; j++)
        {
            writer.Write(parts.IsCount[j]);
            parts.Maps[j].Write(writer);
        }
        parts.Noise.Write(writer);
        writer.Write(parts.Receipt.WithoutTimes().ToJson());
        graphs.Write(writer);
    }

    public static (FlowModelParts Parts, FlowGraphs Graphs) Read(BinaryReader reader)
    {
        reader.ReadVersion(Version, "flow");
        string name = reader.ReadString();
        var columns = (FlowColumns)reader.ReadInt32();
        string architecture = reader.ReadString();
        bool conditionals = reader.ReadBoolean();
        int points = reader.ReadInt32();
        string[] features = reader.ReadStringArray("features");
        if (features.Length == 0 || points is < 1 or > 1 << 16)
            throw new FormatException("The saved flow is damaged: it has no features, or no points.");
        var counts = new List<bool>();
        var maps = new List<ColumnMap>();
        for (int j = 0; j < features.Length; j++)
        {
            counts.Add(reader.ReadBoolean());
            maps.Add(ColumnMap.Read(reader));
        }
        var parts = new FlowModelParts
        {
            FeatureNames = features,
            Maps = maps,
            IsCount = counts,
            Noise = NoiseDistribution.Read(reader),
            HasConditionals = conditionals,
            Architecture = architecture,
            OutputColumnName = name,
            Columns = columns,
            CellPoints = points,
            Receipt = TrainingReceipt.FromJson(reader.ReadString()),
        };
        return (parts, FlowGraphs.Read(reader));
    }
}
