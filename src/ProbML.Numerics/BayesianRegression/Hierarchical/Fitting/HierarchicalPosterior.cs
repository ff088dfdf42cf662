namespace ProbML.Fitting;

/// <summary>The posterior of all coefficients: a normal given the covariances of the groups, or draws of everything.</summary>
internal sealed record HierarchicalPosterior
{
    /// <summary>The fixed columns.</summary>
    public required RowTransform Transform { get; init; }

    /// <summary>The order of the coefficients, as the model has it.</summary>
    public required MixedLayout Layout { get; init; }

    /// <summary>Their means.</summary>
    public required MixedCoefficients Mean { get; init; }

    /// <summary>Their joint covariance; null: there are draws.</summary>
    public MixedCovariance? Covariance { get; init; }

    /// <summary>The covariance of the fixed coefficients, [p, p], the groups' covariances being estimates; empty: there are draws.</summary>
    public double[] FixedCovariance { get; init; } = [];

    /// <summary>Λ relative to √φ, [q, q] of each factor, of z as it is scaled: of draws their mean covariance's.</summary>
    public required double[][] Factors { get; init; }

    /// <summary>φ.</summary>
    public required double Dispersion { get; init; }

    /// <summary>Draws; null: none.</summary>
    public HierarchicalDraws? Draws { get; init; }

    public void Write(BinaryWriter writer)
    {
        Transform.Write(writer);
        Layout.Write(writer);
        writer.WriteArray(Mean.Main);
        writer.WriteArray(Mean.Border);
        writer.WriteArray(FixedCovariance);
        foreach (double[] factor in Factors)
            writer.WriteArray(factor);
        writer.Write(Dispersion);
        writer.Write(Draws is not null);
        if (Draws is not null)
        {
            Draws.Write(writer);
            return;
        }
        Covariance!.Pattern.Write(writer);
        writer.WriteArray(Covariance.Groups);
        writer.WriteArray(Covariance.Slopes);
        writer.WriteArray(Covariance.Border);
        foreach (double[] population in Covariance.Population)
            writer.WriteArray(population);
    }

    public static HierarchicalPosterior Read(BinaryReader reader)
    {
        var transform = RowTransform.Read(reader);
        var layout = MixedLayout.Read(reader, transform.FeatureCount, transform.Width);
        var mean = new MixedCoefficients(reader.ReadDoubleArray("groups' coefficients"), reader.ReadDoubleArray("coefficients"));
        double[] fixedCovariance = reader.ReadDoubleArray("covariance");
        var factors = ReadMatrices(reader, layout);
        double dispersion = reader.ReadDouble();
        var draws = reader.ReadBoolean() ? HierarchicalDraws.Read(reader, layout) : null;
        var posterior = new HierarchicalPosterior
        {
            Transform = transform,
            Layout = layout,
            Mean = mean,
            FixedCovariance = fixedCovariance,
            Factors = factors,
            Dispersion = dispersion,
            Draws = draws,
            Covariance = draws is null ? ReadCovariance(reader, layout) : null,
        };
        int p = layout.Fixed;
        return mean.Main.Length == layout.Main.Count && mean.Border.Length == layout.Border
            && fixedCovariance.Length == (draws is null ? p * p : 0)
            ? posterior
            : throw new FormatException("The posterior's parts do not fit each other: the model is damaged.");
    }

    private static MixedCovariance ReadCovariance(BinaryReader reader, MixedLayout layout)
    {
        var pattern = MixedPattern.Read(reader, layout);
        var covariance = new MixedCovariance(
            layout,
            pattern,
            reader.ReadDoubleArray("groups' covariances"),
            reader.ReadDoubleArray("groups' slopes"),
            reader.ReadDoubleArray("covariance"),
            ReadMatrices(reader, layout));
        return covariance.Groups.Length == layout.Main.Count * layout.Q && covariance.Size == layout.Border
            && covariance.Border.Length == layout.Border * layout.Border
            && covariance.Slopes.Length == pattern.Size + layout.Main.Count * layout.Fixed
            ? covariance
            : throw new FormatException("The posterior's covariances do not fit each other: the model is damaged.");
    }

    private static double[][] ReadMatrices(BinaryReader reader, MixedLayout layout)
    {
        var matrices = new double[layout.Factors.Length][];
        for (int k = 0; k < matrices.Length; k++)
        {
            matrices[k] = reader.ReadDoubleArray("groups' covariances");
            if (matrices[k].Length != layout.Factors[k].Width * layout.Factors[k].Width)
                throw new FormatException("The covariance of the groups is of another size: the model is damaged.");
        }
        return matrices;
    }
}
