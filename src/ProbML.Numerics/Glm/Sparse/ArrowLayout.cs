namespace ProbML.Fitting;

/// <summary>
/// Where the coordinates z stand in an information matrix of arrow shape: first columns of which no row has two, so that
/// their block is diagonal and can be eliminated exactly; then the core, the other sparse columns and the dense ones.
/// </summary>
/// <remarks>
/// The levels of a one-hot column are such a set. A place is a number in that order; a coordinate one in the transform's.
/// </remarks>
internal sealed class ArrowLayout
{
    private readonly int[] placeOfFeature;

    /// <summary>Lays out a transform's columns.</summary>
    /// <param name="transform">The coordinates, not mixed.</param>
    /// <param name="structure">What is known of the columns.</param>
    public ArrowLayout(RowTransform transform, FeatureStructure structure)
    {
        Transform = transform;
        int first = transform.Intercept ? 1 : 0;
        int[] features = transform.Columns;
        int[] eliminated = [.. Enumerable.Range(0, features.Length).Where(k => structure.Roles[features[k]] == ColumnRole.Eliminated)];
        int[] core = [.. Enumerable.Range(0, features.Length).Where(k => structure.Roles[features[k]] == ColumnRole.Core)];
        int[] dense = [.. Enumerable.Range(0, features.Length).Where(k => structure.Roles[features[k]] == ColumnRole.Dense)];
        (Eliminated, Core, Dense) = (eliminated.Length, core.Length, first + dense.Length);
        Coordinates =
        [
            .. eliminated.Select(k => first + k), .. core.Select(k => first + k),
            .. Enumerable.Range(0, first), .. dense.Select(k => first + k),
        ];
        placeOfFeature = new int[transform.FeatureCount];
        Array.Fill(placeOfFeature, -1);
        for (int place = 0; place < Coordinates.Length; place++)
        {
            if (Coordinates[place] >= first)
                placeOfFeature[features[Coordinates[place] - first]] = place;
        }
        (Starts, Neighbours) = Pattern(structure);
    }

    /// <summary>The layout of columns whose places are known, for a model that is read back.</summary>
    public ArrowLayout(RowTransform transform, int eliminated, int core, int[] coordinates, int[] starts, int[] neighbours)
    {
        Transform = transform;
        (Eliminated, Core, Dense) = (eliminated, core, coordinates.Length - eliminated - core);
        (Coordinates, Starts, Neighbours) = (coordinates, starts, neighbours);
        int first = transform.Intercept ? 1 : 0;
        placeOfFeature = new int[transform.FeatureCount];
        Array.Fill(placeOfFeature, -1);
        for (int place = 0; place < coordinates.Length; place++)
        {
            if (coordinates[place] >= first)
                placeOfFeature[transform.Columns[coordinates[place] - first]] = place;
        }
    }

    /// <summary>The coordinates z.</summary>
    public RowTransform Transform { get; }

    /// <summary>The number of columns that are eliminated, e.</summary>
    public int Eliminated { get; }

    /// <summary>The number of sparse columns in the core, c.</summary>
    public int Core { get; }

    /// <summary>The number of dense columns in the core, m: the intercept first.</summary>
    public int Dense { get; }

    /// <summary>c + m.</summary>
    public int CoreSize => Core + Dense;

    /// <summary>e + c: from this place on columns are dense.</summary>
    public int Sparse => Eliminated + Core;

    /// <summary>q.</summary>
    public int Width => Coordinates.Length;

    /// <summary>The coordinate at each place, [q].</summary>
    public int[] Coordinates { get; }

    /// <summary>Where each eliminated column's neighbours start in the core, [e + 1].</summary>
    public int[] Starts { get; }

    /// <summary>The sparse columns of the core, 0 to c − 1, that share a row with an eliminated one, ascending.</summary>
    public int[] Neighbours { get; }

    /// <summary>The place of a feature, −1 if it is left out.</summary>
    public ReadOnlySpan<int> PlaceOfFeature => placeOfFeature;

    /// <summary>From the transform's order to that of places.</summary>
    public double[] ToPlaces(ReadOnlySpan<double> coordinates)
    {
        var places = new double[Width];
        for (int place = 0; place < places.Length; place++)
            places[place] = coordinates[Coordinates[place]];
        return places;
    }

    /// <summary>From the order of places to the transform's.</summary>
    public double[] FromPlaces(ReadOnlySpan<double> places)
    {
        var coordinates = new double[Width];
        for (int place = 0; place < coordinates.Length; place++)
            coordinates[Coordinates[place]] = places[place];
        return coordinates;
    }

    private (int[] Starts, int[] Neighbours) Pattern(FeatureStructure structure)
    {
        var pairs = new List<(int Eliminated, int Core)>();
        foreach (var (one, other) in structure.Pairs)
        {
            int a = placeOfFeature[one], b = placeOfFeature[other];
            if (a < 0 || b < 0 || Math.Max(a, b) >= Sparse || Math.Min(a, b) >= Eliminated || Math.Max(a, b) < Eliminated)
                continue;
            pairs.Add((Math.Min(a, b), Math.Max(a, b) - Eliminated));
        }
        pairs.Sort();
        var starts = new int[Eliminated + 1];
        foreach (var (eliminated, _) in pairs)
            starts[eliminated + 1]++;
        for (int k = 0; k < Eliminated; k++)
            starts[k + 1] += starts[k];
        return (starts, [.. pairs.Select(pair => pair.Core)]);
    }
}
