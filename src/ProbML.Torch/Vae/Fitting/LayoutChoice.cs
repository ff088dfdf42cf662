namespace ProbML.Vae;

/// <summary>Chooses each column's distribution, from the options and one pass over the rows, and checks that it fits.</summary>
internal sealed class LayoutChoice
{
    private readonly VaeOptions options;
    private readonly Design design;
    private readonly IReadOnlyList<ColumnRange> candidates;
    private readonly ColumnScan scan;

    private LayoutChoice(VaeOptions options, Design design, TrainingMonitor monitor)
    {
        (this.options, this.design) = (options, design);
        candidates = ColumnRange.WithCommonPrefix(design.FeatureNames);
        scan = design.Sum(() => new ColumnScan(design.FeatureCount, candidates), monitor);
    }

    /// <summary>Chooses.</summary>
    /// <exception cref="InvalidOperationException">The data do not allow it; the message names column and row.</exception>
    public static (LikelihoodLayout Layout, ColumnStatistics Statistics) For(
        VaeOptions options, Design design, TrainingMonitor monitor)
    {
        var choice = new LayoutChoice(options, design, monitor);
        var layout = choice.Choose(monitor);
        choice.CheckSupport(layout, monitor);
        var scan = choice.scan;
        var deviations = Enumerable.Range(0, design.FeatureCount).Select(scan.StandardDeviation);
        return (layout, new(
            scan.Means,
            [.. deviations.Select(deviation => deviation > 0 ? deviation : 1)],
            [.. scan.Counts.Select(count => count < scan.Rows)]));
    }

    private LikelihoodLayout Choose(TrainingMonitor monitor)
    {
        var names = design.FeatureNames;
        for (int j = 0; j < names.Count; j++)
        {
            if (scan.Counts[j] == 0)
                throw new InvalidOperationException(
                    $"The feature '{names[j]}' has no observed value in {scan.Rows} rows: there is nothing to learn of it. "
                    + "Leave it out.");
        }
        var chosen = new Likelihood?[names.Count];
        var categories = new List<ColumnRange>();
        TakeNamed(chosen, categories);
        if (options.Likelihood is null)
            FindCategories(chosen, categories);
        else if (options.Likelihood is CategoricalLikelihood)
            Categorise(Enumerable.Range(0, names.Count).Where(j => chosen[j] is null), chosen, categories);
        for (int j = 0; j < chosen.Length; j++)
            chosen[j] ??= options.Likelihood ?? Find(j);
        LeaveOutConstants(chosen!, monitor);
        var groups = categories.Select(range => new LikelihoodGroup(
            Likelihoods.Categorical, [.. Enumerable.Range(range.Start, range.Count)]));
        var others = Enumerable.Range(0, chosen.Length)
            .Where(j => chosen[j] is not CategoricalLikelihood)
            .GroupBy(j => chosen[j]!)
            .Select(group => new LikelihoodGroup(group.Key, [.. group]));
        return new(names, [.. groups.Concat(others).OrderBy(group => group.Columns[0])]);
    }

    private Likelihood Find(int column) => scan.IsBinary[column]
        ? Likelihoods.Bernoulli
        : options.FindsCounts && scan.IsCount[column] ? Likelihoods.Poisson : Likelihoods.Gaussian;

    private void TakeNamed(Likelihood?[] chosen, List<ColumnRange> categories)
    {
        var names = design.FeatureNames;
        foreach (var (name, likelihood) in options.ColumnLikelihoods)
        {
            int[] columns = [.. Enumerable.Range(0, names.Count).Where(j => Is(names[j], name))];
            if (columns.Length == 0)
                throw new InvalidOperationException(
                    $"A likelihood is given for '{name}', but no feature is called so. The features are "
                    + $"{string.Join(", ", names.Take(20))}{(names.Count > 20 ? ", …" : "")}.");
            if (likelihood is CategoricalLikelihood)
                Categorise(columns, chosen, categories);
            foreach (int column in columns)
                chosen[column] = likelihood;
        }

        static bool Is(string feature, string name) => feature.StartsWith(name, StringComparison.Ordinal)
            && (feature.Length == name.Length || feature[name.Length] is '.' or '[');
    }

    /// <summary>Takes columns for the levels of one variable.</summary>
    private void Categorise(IEnumerable<int> columns, Likelihood?[] chosen, List<ColumnRange> categories)
    {
        int[] places = [.. columns];
        if (places.Length < 2 || places[^1] - places[0] != places.Length - 1)
            throw new InvalidOperationException(
                $"A categorical likelihood needs two columns or more that follow one another; '{design.FeatureNames[places[0]]}' "
                + $"and those with it are {places.Length}. Give each variable's columns by name, in ColumnLikelihoods.");
        categories.Add(new(places[0], places.Length));
        foreach (int column in places)
            chosen[column] = Likelihoods.Categorical;
    }

    private void FindCategories(Likelihood?[] chosen, List<ColumnRange> categories)
    {
        for (int c = 0; c < candidates.Count; c++)
        {
            var columns = Enumerable.Range(candidates[c].Start, candidates[c].Count);
            if (scan.IsExclusive[c]
                && scan.OneHot[c] * 2 >= scan.Rows
                && columns.All(j => scan.IsBinary[j] && chosen[j] is null))
                Categorise(columns, chosen, categories);
        }
    }

    private void LeaveOutConstants(Likelihood[] chosen, TrainingMonitor monitor)
    {
        var constant = Enumerable.Range(0, chosen.Length)
            .Where(j => chosen[j] is GaussianLikelihood { Variances: not GaussianVariance.Fixed }
                && !(scan.StandardDeviation(j) > 1e-12 * Math.Abs(scan.Means[j])))
            .ToArray();
        foreach (int column in constant)
            chosen[column] = new ConstantLikelihood(scan.Means[column]);
        string list = string.Join(", ", constant.Take(10).Select(j => $"'{design.FeatureNames[j]}'"))
            + (constant.Length > 10 ? ", …" : "");
        if (constant.Length == chosen.Length)
            throw new InvalidOperationException(
                $"No feature varies in {scan.Rows} {(scan.Rows == 1 ? "row" : "rows")}: there is nothing to encode. Give more "
                + "rows, or other features.");
        if (constant.Length > 0)
            monitor.Warning?.Invoke(
                $"{constant.Length} {(constant.Length == 1 ? "feature does not vary and is" : "features do not vary and are")} "
                + $"left out of the likelihood: {list}.");
    }

    /// <summary>Looks for the first value outside its likelihood's support, in a pass of its own where one may be.</summary>
    private void CheckSupport(LikelihoodLayout layout, TrainingMonitor monitor)
    {
        var likelihoods = layout.ByColumn();
        bool sure = Enumerable.Range(0, likelihoods.Count).All(j => likelihoods[j] switch
        {
            BernoulliLikelihood => scan.IsBinary[j],
            CategoricalLikelihood => scan.IsBinary[j] && options.ColumnLikelihoods.Count == 0 && options.Likelihood is null,
            PoissonLikelihood or NegativeBinomialLikelihood => scan.IsCount[j],
            _ => true,
        });
        if (sure)
            return;
        using var reader = design.OpenReader();
        var buffer = new RowBuffer(design.BlockRows, design.FeatureCount);
        while (reader.Read(buffer))
        {
            monitor.ThrowIfCancelled();
            for (int i = 0; i < buffer.Count; i++)
            {
                var row = buffer.Block.Row(i);
                int column = layout.FindUnsupported(row);
                if (column < 0)
                    continue;
                var likelihood = likelihoods[column];
                throw new InvalidOperationException(
                    $"Values of a {likelihood} column must be {likelihood.Support}, but row {buffer.RowNumbers[i]} of "
                    + $"'{design.FeatureNames[column]}' is {row[column]}. Correct such rows, or choose another likelihood.");
            }
            if (buffer.Count < buffer.Capacity)
                break;
        }
    }
}
