namespace ProbML.Vae;

/// <summary>A variational autoencoder as bytes.</summary>
internal static class VaeModelFormat
{
    private const int Version = 2;
    private const int MaximumCount = 1 << 24;

    public static void Write(BinaryWriter writer, VaeModelParts parts, VaeGraphs graphs)
    {
        writer.Write(Version);
        writer.Write(parts.OutputColumnName);
        writer.Write((int)parts.Columns);
        writer.Write(parts.Samples);
        writer.Write(parts.Seed);
        writer.Write((int)parts.Covariance);
        writer.Write(parts.LatentSizes.Count);
        foreach (int size in parts.LatentSizes)
            writer.Write(size);
        Write(writer, parts.Layout);
        writer.Write(parts.Receipt.WithoutTimes().ToJson());
        graphs.Write(writer);
    }

    public static (VaeModelParts Parts, VaeGraphs Graphs) Read(BinaryReader reader)
    {
        int version = reader.ReadVersion(Version, "autoencoder");
        string name = reader.ReadString();
        var columns = (VaeColumns)reader.ReadInt32();
        int samples = Count(reader.ReadInt32(), "draws"), seed = reader.ReadInt32();
        var covariance = (PosteriorCovariance)reader.ReadInt32();
        if (!Enum.IsDefined(covariance))
            throw new FormatException("The saved autoencoder is damaged: there is no such posterior.");
        var sizes = new int[Count(reader.ReadInt32(), "stochastic layers")];
        for (int l = 0; l < sizes.Length; l++)
            sizes[l] = Count(reader.ReadInt32(), "latent dimensions");
        var layout = ReadLayout(reader);
        var receipt = TrainingReceipt.FromJson(reader.ReadString());
        var parts = new VaeModelParts
        {
            Layout = layout,
            LatentSizes = sizes,
            Covariance = covariance,
            OutputColumnName = name,
            Columns = columns,
            Samples = samples,
            Seed = seed,
            Receipt = receipt,
        };
        return (parts, VaeGraphs.Read(reader, covariance, sizes, mayFlow: version > 1));
    }

    private static void Write(BinaryWriter writer, LikelihoodLayout layout)
    {
        writer.Write(layout.FeatureNames.Count);
        foreach (string feature in layout.FeatureNames)
            writer.Write(feature);
        writer.Write(layout.Groups.Count);
        foreach (var group in layout.Groups)
        {
            writer.Write(group.Likelihood.ToString());
            writer.Write(group.Columns.Count);
            foreach (int column in group.Columns)
                writer.Write(column);
        }
    }

    private static LikelihoodLayout ReadLayout(BinaryReader reader)
    {
        int features = Count(reader.ReadInt32(), "features");
        var names = new List<string>();
        for (int j = 0; j < features; j++)
            names.Add(reader.ReadString());
        int count = Count(reader.ReadInt32(), "groups of columns");
        var groups = new List<LikelihoodGroup>();
        for (int g = 0; g < count; g++)
        {
            var likelihood = Likelihoods.Parse(reader.ReadString());
            int width = Count(reader.ReadInt32(), "columns");
            var columns = new List<int>();
            for (int j = 0; j < width; j++)
                columns.Add(reader.ReadInt32());
            groups.Add(new(likelihood, columns));
        }
        try
        {
            return new(names, groups);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"The saved autoencoder is damaged: {e.Message}", e);
        }
    }

    private static int Count(int count, string what) => count is >= 1 and <= MaximumCount
        ? count
        : throw new FormatException($"The saved autoencoder says it has {count} {what}: it is damaged.");
}
