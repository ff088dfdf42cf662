using System.Buffers;

namespace ProbML.Vae;

/// <summary>ln p(x | z) = Σ over groups of ln p(x_g | z): which columns have which likelihood.</summary>
/// <remarks>The decoder's numbers lie group by group, [sum of the groups' parameter counts]. Immutable.</remarks>
public sealed class LikelihoodLayout
{
    private readonly int[] offsets;

    /// <summary>Gathers groups that together hold every column once.</summary>
    /// <exception cref="ArgumentException">A column is in no group, or in two.</exception>
    public LikelihoodLayout(IReadOnlyList<string> featureNames, IReadOnlyList<LikelihoodGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(featureNames);
        ArgumentNullException.ThrowIfNull(groups);
        var covered = groups.SelectMany(group => group.Columns).Order();
        if (!covered.SequenceEqual(Enumerable.Range(0, featureNames.Count)))
            throw new ArgumentException("Every column must be in one group, and in one only.", nameof(groups));
        (FeatureNames, Groups) = (featureNames, groups);
        offsets = new int[groups.Count + 1];
        for (int g = 0; g < groups.Count; g++)
            offsets[g + 1] = offsets[g] + groups[g].ParameterCount;
    }

    /// <summary>[d].</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>The groups.</summary>
    public IReadOnlyList<LikelihoodGroup> Groups { get; }

    /// <summary>How many numbers the decoder gives a row.</summary>
    public int ParameterCount => offsets[^1];

    /// <summary>The likelihood of each column, [d].</summary>
    public IReadOnlyList<Likelihood> ByColumn()
    {
        var likelihoods = new Likelihood[FeatureNames.Count];
        foreach (var group in Groups)
        {
            foreach (int column in group.Columns)
                likelihoods[column] = group.Likelihood;
        }
        return likelihoods;
    }

    /// <summary>ln p(x | parameters) over the observed columns of a row, whose values must be in their supports.</summary>
    /// <param name="x">[d]; NaN: unobserved.</param>
    /// <param name="parameters">[<see cref="ParameterCount"/>].</param>
    public double LogDensity(ReadOnlySpan<double> x, ReadOnlySpan<float> parameters)
    {
        double sum = 0;
        double[] rented = ArrayPool<double>.Shared.Rent(x.Length);
        for (int g = 0; g < Groups.Count; g++)
            sum += Groups[g].Likelihood.LogDensity(Gather(Groups[g], x, rented), Slice(g, parameters));
        ArrayPool<double>.Shared.Return(rented);
        return sum;
    }

    /// <summary>The column of the first observed value outside its likelihood's support; −1: there is none.</summary>
    public int FindUnsupported(ReadOnlySpan<double> x)
    {
        foreach (var group in Groups)
        {
            int ones = 0;
            foreach (int column in group.Columns)
            {
                double value = x[column];
                if (double.IsNaN(value))
                    continue;
                if (!group.Likelihood.Supports(value))
                    return column;
                if (group.Likelihood is CategoricalLikelihood && value == 1 && ++ones > 1)
                    return column;
            }
        }
        return -1;
    }

    /// <summary>E[x | parameters], [d].</summary>
    public void Mean(ReadOnlySpan<float> parameters, Span<double> mean) =>
        Fill(parameters, mean, static (likelihood, numbers, part, _) => likelihood.Mean(numbers, part), null);

    /// <summary>Var[x | parameters], [d].</summary>
    public void Variance(ReadOnlySpan<float> parameters, Span<double> variance) =>
        Fill(parameters, variance, static (likelihood, numbers, part, _) => likelihood.Variance(numbers, part), null);

    /// <summary>A draw from p(x | parameters), [d].</summary>
    public void Draw(ReadOnlySpan<float> parameters, Random random, Span<double> x) =>
        Fill(parameters, x, static (likelihood, numbers, part, random) => likelihood.Draw(numbers, random!, part), random);

    private delegate void Filler(Likelihood likelihood, ReadOnlySpan<float> parameters, Span<double> part, Random? random);

    private void Fill(ReadOnlySpan<float> parameters, Span<double> row, Filler fill, Random? random)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(row.Length);
        for (int g = 0; g < Groups.Count; g++)
        {
            var columns = Groups[g].Columns;
            var part = rented.AsSpan(0, columns.Count);
            fill(Groups[g].Likelihood, Slice(g, parameters), part, random);
            for (int j = 0; j < part.Length; j++)
                row[columns[j]] = part[j];
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    private ReadOnlySpan<float> Slice(int group, ReadOnlySpan<float> parameters) =>
        parameters[offsets[group]..offsets[group + 1]];

    private static ReadOnlySpan<double> Gather(LikelihoodGroup group, ReadOnlySpan<double> x, double[] rented)
    {
        if (group.Start >= 0)
            return x.Slice(group.Start, group.Columns.Count);
        for (int j = 0; j < group.Columns.Count; j++)
            rented[j] = x[group.Columns[j]];
        return rented.AsSpan(0, group.Columns.Count);
    }
}
