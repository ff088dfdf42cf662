namespace ProbML;

/// <summary>Priors in a saved model.</summary>
internal static class SavedPriors
{
    public static void Write(BinaryWriter writer, CoefficientPriors? priors)
    {
        writer.Write(priors is not null);
        if (priors is null)
            return;
        writer.Write(priors.Default.ToString());
        writer.Write(priors.Intercept.ToString());
        writer.Write(priors.ByColumn.Count);
        foreach (var (name, prior) in priors.ByColumn.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.Write(name);
            writer.Write(prior.ToString());
        }
        writer.Write(priors.Joint is not null);
        if (priors.Joint is not { } joint)
            return;
        writer.WriteArray(joint.Names);
        writer.WriteArray([.. joint.Mean]);
        writer.WriteArray((double[])[.. joint.Covariance.Cast<double>()]);
    }

    public static CoefficientPriors? Read(BinaryReader reader)
    {
        if (!reader.ReadBoolean())
            return null;
        Prior common = Prior.Parse(reader.ReadString()), intercept = Prior.Parse(reader.ReadString());
        var named = new Dictionary<string, Prior>();
        for (int count = reader.ReadCount("priors"); count > 0; count--)
            named.Add(reader.ReadString(), Prior.Parse(reader.ReadString()));
        return new() { Default = common, Intercept = intercept, ByColumn = named, Joint = reader.ReadBoolean() ? ReadJoint(reader) : null };
    }

    private static JointNormalPrior ReadJoint(BinaryReader reader)
    {
        string[] names = reader.ReadStringArray("names of a joint prior");
        double[] mean = reader.ReadDoubleArray("means of a joint prior"), flat = reader.ReadDoubleArray("covariance of a joint prior");
        if (mean.Length != names.Length || flat.Length != names.Length * names.Length)
            throw new FormatException("The joint prior's parts do not fit each other: the model is damaged.");
        var covariance = new double[names.Length, names.Length];
        Buffer.BlockCopy(flat, 0, covariance, 0, flat.Length * sizeof(double));
        return new(names, mean, covariance);
    }
}
