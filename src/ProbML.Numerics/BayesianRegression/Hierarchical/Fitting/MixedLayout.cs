namespace ProbML.Fitting;

/// <summary>One factor's coefficients: J groups of q, z = the columns' values.</summary>
/// <param name="Effect">What was asked for.</param>
/// <param name="Place">The factor's place in a row's groups.</param>
/// <param name="Levels">The groups that have rows, [J].</param>
/// <param name="Dense">The place among them of each level of the design, −1 for one without rows.</param>
/// <param name="Columns">The features of z, [q]; −1: one.</param>
/// <param name="Scales">What they are multiplied by, [q], so that a fit does not depend on units.</param>
internal sealed record MixedFactor(GroupEffect Effect, int Place, string[] Levels, int[] Dense, int[] Columns, double[] Scales)
{
    /// <summary>q.</summary>
    public int Width => Columns.Length;

    /// <summary>J q.</summary>
    public int Count => Levels.Length * Width;

    /// <summary>The factor as its model has it: its groups are its levels.</summary>
    public MixedFactor ForModel(int place) => this with { Place = place, Dense = [.. Enumerable.Range(0, Levels.Length)] };

    /// <summary>z of a row, [q].</summary>
    public void Fill(ReadOnlySpan<double> features, Span<double> z)
    {
        for (int c = 0; c < Columns.Length; c++)
            z[c] = Columns[c] < 0 ? 1 : Scales[c] * features[Columns[c]];
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Effect.Group);
        writer.WriteArray([.. Effect.Slopes]);
        writer.Write(Effect.Intercept);
        writer.Write(Effect.Correlated);
        writer.WriteArray(Levels);
        writer.WriteArray(Columns);
        writer.WriteArray(Scales);
    }

    public static MixedFactor Read(BinaryReader reader, int place, int featureCount)
    {
        var effect = new GroupEffect(reader.ReadString(), reader.ReadStringArray("slopes"))
        {
            Intercept = reader.ReadBoolean(),
            Correlated = reader.ReadBoolean(),
        };
        string[] levels = reader.ReadStringArray("groups");
        int[] columns = reader.ReadInt32Array("slopes");
        double[] scales = reader.ReadDoubleArray("scales");
        return columns.Length == effect.Names.Count && scales.Length == columns.Length && levels.Length > 0 && columns.Length > 0
            && Array.TrueForAll(columns, column => column >= -1 && column < featureCount)
            ? new MixedFactor(effect, place, levels, [], columns, scales).ForModel(place)
            : throw new FormatException("The groups' coefficients do not fit the features: the model is damaged.");
    }
}

/// <summary>The order of all coefficients: the factor with most of them, whose groups do not meet; then the border, dense.</summary>
/// <remarks>The border is the other factors' coefficients, [r], then the fixed ones, [p].</remarks>
internal sealed class MixedLayout
{
    public MixedLayout(IReadOnlyList<MixedFactor> factors, int fixedCount)
    {
        Factors = [.. factors.OrderByDescending(factor => factor.Count)];
        Fixed = fixedCount;
        Starts = new int[Factors.Length];
        GroupStarts = new int[Factors.Length];
        for (int k = 1; k < Factors.Length; k++)
        {
            (Starts[k], GroupStarts[k]) = (Random, BorderGroups);
            Random += Factors[k].Count;
            BorderGroups += Factors[k].Levels.Length;
        }
        (ColumnOf, WidthOf) = (new int[BorderGroups], new int[BorderGroups]);
        for (int k = 1; k < Factors.Length; k++)
        {
            for (int g = 0; g < Factors[k].Levels.Length; g++)
                (ColumnOf[GroupStarts[k] + g], WidthOf[GroupStarts[k] + g]) = (Starts[k] + g * Factors[k].Width, Factors[k].Width);
        }
        ThetaCount = Factors.Sum(CovarianceFactor.Count);
    }

    /// <summary>The main factor first.</summary>
    public MixedFactor[] Factors { get; }

    public MixedFactor Main => Factors[0];

    /// <summary>The groups of the main factor, J.</summary>
    public int MainGroups => Main.Levels.Length;

    /// <summary>The main factor's coefficients a group, q.</summary>
    public int Q => Main.Width;

    /// <summary>The other factors' coefficients, r.</summary>
    public int Random { get; }

    /// <summary>The fixed coefficients, p.</summary>
    public int Fixed { get; }

    /// <summary>r + p.</summary>
    public int Border => Random + Fixed;

    /// <summary>The z of all factors.</summary>
    public int ZWidth => Factors.Sum(factor => factor.Width);

    /// <summary>Groups of the factors of the border, numbered through.</summary>
    public int BorderGroups { get; }

    /// <summary>Where a factor's coefficients start in the border, [factors]; the first's means nothing.</summary>
    public int[] Starts { get; }

    /// <summary>Where a factor's groups start among those of the border, [factors].</summary>
    public int[] GroupStarts { get; }

    /// <summary>Where a border group's coefficients start, [border groups].</summary>
    public int[] ColumnOf { get; }

    /// <summary>How many it has, [border groups].</summary>
    public int[] WidthOf { get; }

    /// <summary>The parameters of all covariances.</summary>
    public int ThetaCount { get; }

    /// <summary>The same layout as a model has it: a row's groups come in the order of the factors.</summary>
    public MixedLayout ForModel() => new([.. Factors.Select((factor, k) => factor.ForModel(k))], Fixed);

    public void Write(BinaryWriter writer)
    {
        writer.Write(Factors.Length);
        foreach (var factor in Factors)
            factor.Write(writer);
    }

    public static MixedLayout Read(BinaryReader reader, int featureCount, int fixedCount)
    {
        var factors = new List<MixedFactor>();
        for (int count = reader.ReadCount("grouping factors"); factors.Count < count;)
            factors.Add(MixedFactor.Read(reader, factors.Count, featureCount));
        return factors.Count > 0 ? new(factors, fixedCount) : throw new FormatException("The model has no groups: it is damaged.");
    }

    /// <summary>The groups of a row, dense places by factor in this order; false: one is not known.</summary>
    public bool TryGroups(in RowBlock rows, int row, Span<int> groups)
    {
        bool known = true;
        for (int k = 0; k < Factors.Length; k++)
        {
            int place = rows.Group(row, Factors[k].Place);
            groups[k] = place < 0 ? GroupingFactor.Unknown : Factors[k].Dense[place];
            known &= groups[k] >= 0;
        }
        return known;
    }
}
