namespace ProbML.Fitting;

/// <summary>Arranges a hierarchical regression: its groups, their order, the fixed columns that are independent.</summary>
internal static class MixedStart
{
    private const double RankTolerance = 1e-11;

    /// <exception cref="InvalidOperationException">The groups or slopes are not there, are too few, or too many.</exception>
    public static (MixedProblem Problem, GroupTally Tally) Arrange(
        Design design, HierarchicalOptions options, ResponseMoments moments, TrainingMonitor monitor)
    {
        int[] places = [.. options.Effects.Select(effect => PlaceOf(design, effect))];
        var tally = GroupTally.Of(design, places, monitor);
        if (tally.Rows == 0)
            throw new InvalidOperationException(
                "No valid training instances found, all instances have missing features, label, weight or group, or weight zero.");
        var factors = options.Effects.Select((effect, k) => Factor(design, effect, places[k], tally.Counts[k], moments)).ToList();
        foreach (var factor in factors)
            Check(factor, options, tally);
        var plain = RowTransform.Standardising(moments, options.Intercept, centre: options.Intercept);
        var kept = options.Inference is HierarchicalNutsInference      // priors tell dependent columns apart
            ? plain
            : Independent(design, plain, options, monitor);
        var layout = new MixedLayout(factors, kept.Width);
        if (layout.Border > options.LargestMatrix)
            throw new InvalidOperationException(
                $"The groups of {string.Join(", ", layout.Factors.Skip(1).Select(factor => $"'{factor.Effect.Group}'"))} and the features have "
                + $"{layout.Border} coefficients, whose joint matrix is larger than LargestMatrix, {options.LargestMatrix}. Raise it (memory and "
                + "time grow with its square and cube), or leave a factor out.");
        var order = layout.Factors.Select(factor => Array.IndexOf(places, factor.Place)).ToArray();
        var pattern = new MixedPattern(layout, Enumerable.Range(1, layout.Factors.Length - 1).SelectMany(k =>
            tally.Meetings(order[0], order[k]).Select(pair =>
                (layout.Main.Dense[pair.Left], layout.GroupStarts[k] + layout.Factors[k].Dense[pair.Right]))));
        return (new(design, kept, layout, pattern, options.Family!, options.Link!, monitor, options.NumberOfThreads), tally);
    }

    private static int PlaceOf(Design design, GroupEffect effect)
    {
        for (int k = 0; k < design.Groups.Count; k++)
        {
            if (design.Groups[k].Name == effect.Group)
                return k;
        }
        throw new InvalidOperationException(
            $"There is no column of groups '{effect.Group}'. The design's columns of groups are: "
            + $"{string.Join(", ", design.Groups.Select(factor => $"'{factor.Name}'").DefaultIfEmpty("none"))}.");
    }

    private static MixedFactor Factor(Design design, GroupEffect effect, int place, long[] counts, ResponseMoments moments)
    {
        var columns = new List<int>();
        if (effect.Intercept)
            columns.Add(-1);
        foreach (string slope in effect.Slopes)
        {
            int column = Array.IndexOf([.. design.FeatureNames], slope);
            if (column < 0)
                throw new InvalidOperationException(
                    $"The effect {effect} has a slope of '{slope}', but there is no feature of that name. The features are "
                    + string.Join(", ", design.FeatureNames.Take(12).Select(name => $"'{name}'"))
                    + (design.FeatureNames.Count > 12 ? ", ..." : "") + ".");
            columns.Add(column);
        }
        int[] dense = new int[counts.Length];
        var levels = new List<string>();
        for (int g = 0; g < counts.Length; g++)
        {
            dense[g] = counts[g] > 0 ? levels.Count : GroupingFactor.Unknown;
            if (counts[g] > 0)
                levels.Add(design.Groups[place].Levels[g]);
        }
        return new(effect, place, [.. levels], dense, [.. columns], [.. columns.Select(column => Scale(column, moments))]);
    }

    /// <summary>One over the root mean square of a column.</summary>
    private static double Scale(int column, ResponseMoments moments)
    {
        if (column < 0)
            return 1;
        double square = moments.Squares[column] / moments.SumOfWeights + moments.Mean[column] * moments.Mean[column];
        return square > 0 ? 1 / Math.Sqrt(square) : 1;
    }

    private static void Check(MixedFactor factor, HierarchicalOptions options, GroupTally tally)
    {
        string name = factor.Effect.Group;
        if (factor.Levels.Length < 2)
            throw new InvalidOperationException(
                $"All {tally.Rows} rows are of one group of '{name}', '{factor.Levels[0]}': nothing varies between groups. Leave the effect "
                + "out, or check the column.");
        if (options.Family is GaussianFamily && options.Inference is not HierarchicalNutsInference && factor.Count >= tally.Rows)
            throw new InvalidOperationException(
                $"The {factor.Levels.Length} groups of '{name}' have {factor.Count} coefficients, but there are {tally.Rows} rows: what varies "
                + "between groups cannot be told from the noise. Take fewer slopes, or a column of larger groups.");
    }

    /// <summary>The fixed columns less those that depend on earlier ones, as R leaves them out.</summary>
    private static RowTransform Independent(
        Design design, RowTransform plain, HierarchicalOptions options, TrainingMonitor monitor)
    {
        int p = plain.Width;
        if (p == 0)
            return plain;
        var gram = design.Sum(() => new FixedSum(plain), monitor, options.NumberOfThreads).Products;
        double[] reference = [.. Enumerable.Range(0, p).Select(j => Math.Max(gram[j * p + j], options.Intercept ? gram[0] : 0))];
        var factor = new RankRevealingCholesky(gram, p, RankTolerance, reference);
        if (factor.Dropped.Count == 0)
            return plain;
        int first = plain.Intercept ? 1 : 0;
        monitor.Warning?.Invoke(
            $"{factor.Dropped.Count} of {p} coefficients are aliased and left out: "
            + string.Join(", ", factor.Dropped.Take(5).Select(j => $"'{design.FeatureNames[j - first]}'"))
            + (factor.Dropped.Count > 5 ? ", ..." : "") + ". The other coefficients are estimated without them.");
        return plain.Keep(factor.Kept);
    }

    /// <summary>XᵀWX of the transformed columns, [p, p], the lower triangle.</summary>
    private sealed class FixedSum(RowTransform transform) : IBlockSum<FixedSum>
    {
        private double[] x = [];

        public double[] Products { get; } = new double[transform.Width * transform.Width];

        public void Clear() => Array.Clear(Products);

        public void Add(in RowBlock rows)
        {
            int p = transform.Width;
            if (x.Length < rows.Count * transform.Stride)
                x = new double[rows.Count * transform.Stride];
            transform.Apply(rows, 0, rows.Count, x, []);
            for (int i = 0; i < rows.Count; i++)
            {
                var row = x.AsSpan(i * transform.Stride, p);
                for (int c = 0; c < p; c++)
                {
                    double weight = rows.Weight(i) * row[c];
                    for (int d = 0; d <= c; d++)
                        Products[c * p + d] += weight * row[d];
                }
            }
        }

        public void Merge(FixedSum other)
        {
            ArgumentNullException.ThrowIfNull(other);
            for (int i = 0; i < Products.Length; i++)
                Products[i] += other.Products[i];
        }
    }
}
