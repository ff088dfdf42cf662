using ProbML.Tests;
using Xunit;

namespace ProbML.Glm.Sparse;

/// <summary>Models of sparse features: saving, scoring, what is too wide for a matrix, and bad input.</summary>
public sealed class SparseModelTests
{
    private static readonly GlmOptions Poisson = new() { Family = Families.Poisson, L2 = 1 };

    [Fact]
    public void Saved_is_loaded()
    {
        var cases = SparseCases.Create("negative-binomial");
        var model = new GlmFitter(new() { Family = Families.NegativeBinomial() }).Fit(cases.Sparse, TrainingMonitor.None);
        var loaded = Reload(model);
        Assert.True(loaded.TakesSparseRows);
        Assert.Equal(model.Coefficients, loaded.Coefficients);
        Assert.Equal(model.Covariance, loaded.Covariance);
        Assert.Equal(model.JointCovarianceWithTheta, loaded.JointCovarianceWithTheta);
        Assert.Equal(model.ToString(), loaded.ToString());
        AssertScoresAlike(model, loaded, cases);
    }

    [Fact]
    public void A_model_of_the_format_before_factors_still_loads()
    {
        var model = GlmCases.Fit(GlmCases.Log("gamma"), new() { Family = Families.Gamma, Link = Links.Log });
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, System.Text.Encoding.UTF8, leaveOpen: true))
            model.Write(writer);
        byte[] bytes = memory.ToArray();
        ReadOnlySpan<byte> scaled = System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(model.Parts.Scaled);
        int flag = bytes.AsSpan().IndexOf(scaled) + scaled.Length;
        Assert.Equal(4, bytes[0]);
        Assert.Equal(0, bytes[flag]);                      // the one byte that format 4 added to models of dense features
        byte[] older = [3, .. bytes[1..flag], .. bytes[(flag + 1)..]];
        using var reader = new BinaryReader(new MemoryStream(older));
        var loaded = GlmModel.Read(reader);
        Assert.Equal(model.Coefficients, loaded.Coefficients);
        Assert.Equal(model.Covariance, loaded.Covariance);
        Assert.Equal(model.ToString(), loaded.ToString());
    }

    [Fact]
    public void A_sandwich_takes_the_place_of_the_factors()
    {
        var cases = SparseCases.Create("poisson", rows: 800);
        var options = new GlmOptions { Family = Families.Poisson };
        var sparse = new GlmFitter(options).Fit(cases.Sparse, TrainingMonitor.None);
        var dense = new GlmFitter(options).Fit(cases.Dense, TrainingMonitor.None);
        var robust = sparse.WithCovariance(GlmRobust.Covariance(cases.Sparse, sparse, RobustKind.HC0));
        var expected = dense.WithCovariance(GlmRobust.Covariance(cases.Dense, dense, RobustKind.HC0));
        foreach (var (one, other) in expected.Coefficients.Zip(robust.Coefficients).Where(pair => !pair.First.IsAliased))
            Assert.Equal(one.StandardError, other.StandardError, 1e-8 * one.StandardError);
        Assert.Same(sparse, sparse.WithCovariance(null));
    }

    [Fact]
    public void A_sparse_row_scores_as_the_dense_one()
    {
        var cases = SparseCases.Create("bernoulli");
        var model = new GlmFitter(new(), PredictionTask.BinaryClassification).Fit(cases.Sparse, TrainingMonitor.None);
        AssertScoresAlike(model, model, cases);
    }

    [Fact]
    public void Without_a_matrix_the_optimum_is_the_same()
    {
        var cases = SparseCases.Create("poisson", weights: true, offsets: true);
        var exact = new GlmFitter(Poisson).Fit(cases.Sparse, TrainingMonitor.None);
        string? warning = null;
        var wide = new GlmFitter(Poisson with { LargestMatrix = 20 }).Fit(
            cases.Sparse, new TrainingMonitor { Warning = text => warning += text });
        Assert.True(wide.Converged);
        Assert.Contains("no standard errors", warning, StringComparison.Ordinal);
        Assert.Equal(exact.Statistics.Objective, wide.Statistics.Objective, 1e-7);
        Assert.Equal(exact.Statistics.NullDeviance, wide.Statistics.NullDeviance, 1e-6);
        foreach (var (one, other) in exact.Coefficients.Zip(wide.Coefficients).Skip(1))
        {
            Assert.InRange((one.Estimate - other.Estimate) / one.StandardError, -1e-3, 1e-3);
            Assert.Equal(double.NaN, other.StandardError);
        }
        var loaded = Reload(wide);
        Assert.Equal(wide.CovarianceNote, loaded.CovarianceNote);
        var outputs = new float[6];
        loaded.Score(new RowBlock(1, cases.Dense.FeatureCount, cases.Features), new OutputBlock(outputs, 6));
        Assert.True(float.IsFinite(outputs[0]));
        Assert.True(float.IsNaN(outputs[3]));              // ScoreStandardError
    }

    [Fact]
    public void Columns_that_are_zero_or_double_are_aliased_as_in_dense_rows()
    {
        string[] names = ["a", "b", "zero", "a again", "c"];
        int[] starts = [0, 2, 3, 5, 6, 8, 8, 9], indices = [0, 3, 1, 0, 3, 4, 1, 4, 1];
        double[] entries = [1, 1, 2, 3, 3, 1, 1, 2, 4], y = [1, 2, 3, 1, 0, 2, 5];
        var model = new GlmFitter(new() { Family = Families.Poisson }).Fit(
            new SparseDesign(names, starts, indices, entries, y), TrainingMonitor.None);
        Assert.Equal("it is constant, 0", model.Coefficients[3].Aliasing);
        Assert.Equal("it equals a", model.Coefficients[4].Aliasing);
        Assert.Equal(4, model.Statistics.Rank);
    }

    [Fact]
    public void Too_many_dense_columns_are_refused_before_memory_is_taken()
    {
        var cases = SparseCases.Create("poisson", rows: 100);
        var options = Poisson with { LargestMatrix = 50 };
        var dense = Assert.Throws<InvalidOperationException>(() => new GlmFitter(options).Fit(cases.Dense, TrainingMonitor.None));
        Assert.Contains("LargestMatrix = 50", dense.Message, StringComparison.Ordinal);
        var lasso = Assert.Throws<InvalidOperationException>(
            () => new GlmFitter(options with { L1 = 1 }).Fit(cases.Sparse, TrainingMonitor.None));
        Assert.Contains("without L1 penalty", lasso.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        var cases = SparseCases.Create("poisson");
        var one = new GlmFitter(Poisson with { NumberOfThreads = 1 }).Fit(cases.Sparse, TrainingMonitor.None);
        var three = new GlmFitter(Poisson with { NumberOfThreads = 3 }).Fit(cases.Sparse, TrainingMonitor.None);
        Assert.Equal(one.Coefficients, three.Coefficients);
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2 }, new[] { 0, 3 }, 1.0, "feature 3")]
    [InlineData(new[] { 0, 1, 2 }, new[] { 0, -1 }, 1.0, "feature -1")]
    [InlineData(new[] { 0, 2, 2 }, new[] { 1, 1 }, 1.0, "after feature 1")]
    [InlineData(new[] { 0, 2, 1 }, new[] { 0, 1 }, 1.0, "end at entry 1")]
    [InlineData(new[] { 0, 1, 2 }, new[] { 0, 1 }, double.NaN, "NaN for 'b'")]
    public void Bad_rows_are_refused(int[] starts, int[] indices, double last, string message)
    {
        var thrown = Assert.Throws<ArgumentException>(
            () => new SparseDesign(["a", "b", "c"], starts, indices, [1, last], [0, 1]));
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    private static void AssertScoresAlike(GlmModel one, GlmModel other, SparseCases cases)
    {
        const int rows = 300;
        int d = cases.Dense.FeatureCount, width = one.Outputs.Count;
        float[] dense = new float[rows * width], sparse = new float[rows * width];
        one.Score(new RowBlock(rows, d, cases.Features), new OutputBlock(dense, width));
        var buffer = new RowBuffer(rows, d, sparse: true);
        using (var reader = cases.Sparse.OpenReader())
            reader.Read(buffer);
        var block = buffer.Block;
        other.Score(
            new RowBlock(rows, d, block.RowStarts, block.Indices, block.Entries), new OutputBlock(sparse, width));
        Assert.Equal(dense, sparse);
    }

    private static GlmModel Reload(GlmModel model)
    {
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, System.Text.Encoding.UTF8, leaveOpen: true))
            model.Write(writer);
        memory.Position = 0;
        using var reader = new BinaryReader(memory);
        return GlmModel.Read(reader);
    }
}
