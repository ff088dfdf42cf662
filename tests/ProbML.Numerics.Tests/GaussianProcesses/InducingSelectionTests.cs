using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Where inducing inputs lie.</summary>
public sealed class InducingSelectionTests
{
    private static readonly InputColumns inputs = KernelTests.Inputs(400, 2, seed: 5);
    private static readonly Kernel kernel = Kernel.Parse("rbf(lengthscale=0.3)").ForFeatures(2);

    [Theory]
    [InlineData(InducingSelection.KMeans)]
    [InlineData(InducingSelection.GreedyVariance)]
    [InlineData(InducingSelection.Random)]
    public void There_are_as_many_as_wanted_and_no_two_are_equal(InducingSelection selection)
    {
        var chosen = Choose(inputs, 30, selection);
        Assert.Equal(30, chosen.Rows);
        Assert.Equal(30, chosen.ToRows().Chunk(2).DistinctBy(row => (row[0], row[1])).Count());
        Assert.Equal(chosen.ToRows(), Choose(inputs, 30, selection).ToRows());
    }

    [Theory]
    [InlineData(InducingSelection.KMeans)]
    [InlineData(InducingSelection.GreedyVariance)]
    [InlineData(InducingSelection.Random)]
    public void More_than_there_are_distinct_rows_are_the_distinct_rows(InducingSelection selection)
    {
        double[] five = [.. Enumerable.Range(0, 40).SelectMany(i => new double[] { i % 5, -(i % 5) })];
        double[] found = [.. Choose(InputColumns.FromRows(five, 2), 12, selection).ToRows().Chunk(2).Select(row => row[0]).Order()];
        Assert.Equal([0, 1, 2, 3, 4], found);
    }

    [Fact]
    public void The_pivots_are_the_greedy_choice_and_the_factor_is_the_covariance()
    {
        var few = KernelTests.Inputs(30, 2, seed: 6);
        var factored = PivotedCholesky.Of(kernel, few, 30, 0, TrainingMonitor.None);
        var gram = new double[900];
        GramMatrix.Cross(kernel, few, few, gram, 1);
        for (int i = 0; i < 30; i++)
            for (int j = 0; j < 30; j++)
            {
                double product = Enumerable.Range(0, factored.Rank).Sum(k => factored.Factor[k * 30 + i] * factored.Factor[k * 30 + j]);
                Assert.Equal(gram[i * 30 + j], product, 1e-11);
            }
        // The variance conditional on the first pivots, by an exact posterior without noise, is greatest at the next one, or ties with it.
        for (int k = 1; k < 8; k++)
        {
            double[] chosen = [.. factored.Pivots[..k].SelectMany(pivot => few.ToRows()[(2 * pivot)..(2 * pivot + 2)])];
            var posterior = ExactPosterior.Condition(kernel, 0, InputColumns.FromRows(chosen, 2), new double[k]);
            var variance = new double[30];
            posterior.Predict(few, new double[30], variance, default);
            Assert.Equal(variance.Max(), variance[factored.Pivots[k]], 1.1e-9);
        }
    }

    [Fact]
    public void Greedy_inputs_explain_more_than_random_ones()
    {
        double Left(InducingSelection selection)
        {
            var rows = new MatrixDesign(inputs.ToRows(), new double[400]);
            var process = new SparseProcess { Kernel = kernel, InducingInputs = Choose(inputs, 40, selection), NoiseVariance = 0.1, Jitter = 1e-10 };
            return -SparsePosterior.Condition(process, rows).TraceTerm;
        }

        Assert.True(Left(InducingSelection.GreedyVariance) < Left(InducingSelection.Random));
    }

    [Fact]
    public void Centres_are_the_means_of_the_rows_nearest_to_them()
    {
        var centres = Choose(inputs, 7, InducingSelection.KMeans).ToRows().Chunk(2).ToArray();
        var rows = inputs.ToRows().Chunk(2).ToArray();
        foreach (var group in rows.GroupBy(row => Enumerable.Range(0, 7).MinBy(j => Math.Pow(row[0] - centres[j][0], 2) + Math.Pow(row[1] - centres[j][1], 2))))
        {
            Assert.Equal(group.Average(row => row[0]), centres[group.Key][0], 1e-12);
            Assert.Equal(group.Average(row => row[1]), centres[group.Key][1], 1e-12);
        }
    }

    private static InputColumns Choose(InputColumns from, int count, InducingSelection selection) =>
        InducingInputs.Choose(from, count, selection, kernel, new Random(3));
}
