using System.Text.Json;
using ProbML.GaussianProcesses;
using ProbML.Tests;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Optima of the sparse bounds, against the best ones known.</summary>
public sealed class SparseSearchTests
{
    [Theory]
    [InlineData("mcycle", 1, -85.10868923691464, -84.88218269096632)]      // optimised.json: hyperparameters alone, and with Z
    [InlineData("yacht_277", 0.5, 327.89430395678863, 351.3357459441077)]
    public void The_best_known_bounds_are_reached(string set, double lengthscale, double fixedInputs, double learntInputs)
    {
        var (search, z) = Search(set, 0);
        // Lengthscales of √d, where a distance is one on average: from the case's own the climbs on yacht end on a ridge 0.7 nats lower.
        int d = z.Features;
        var kernel = new RbfKernel { Lengthscale = KernelVector.Create<double>([.. Enumerable.Repeat(lengthscale * Math.Sqrt(d), d)]) };
        search = search with { Kernel = kernel, Noise = search.Noise with { Start = 0.1 } };
        var inference = new SparseVariationalInference { InducingInputs = z.Rows, Jitter = 1e-8 };
        var found = SparseVariationalSearch.Climb(inference, search, z, learnt: false);
        Assert.True(found.Bound >= fixedInputs - 1e-3, $"{string.Join(", ", found.Starts)} below {fixedInputs}");
        var moved = SparseVariationalSearch.Climb(inference, SparseVariationalSearch.From(search, found), z, learnt: true);
        Assert.True(moved.Bound >= found.Bound);
        Assert.True(moved.Bound >= learntInputs - 1e-3, $"{moved.Bound} below {learntInputs} after {moved.Evaluations}");
    }

    [Fact]
    public void Stochastic_steps_come_near_the_collapsed_optimum()
    {
        var (search, z) = Search("mcycle", 0);
        var collapsed = SparseVariationalSearch.Run(
            new() { InducingInputs = 12, Selection = InducingSelection.KMeans, LearnInducingInputs = true }, search);
        var stochastic = StochasticVariationalSearch.Run(
            new() { InducingInputs = 12, BatchSize = 25, Steps = 600, LearningRate = 0.03, Jitter = 1e-8 }, search with { Random = new(1) });
        Assert.True(stochastic.Bound <= collapsed.Bound + 0.5);
        Assert.True(stochastic.Bound >= collapsed.Bound - 1.5, $"{stochastic.Bound} and {collapsed.Bound}");
    }

    [Fact]
    public void One_seed_is_one_model()
    {
        var inference = new StochasticVariationalInference { InducingInputs = 10, BatchSize = 40, Steps = 30 };
        SparseOptimum Run(int threads) => StochasticVariationalSearch.Run(inference, Search("mcycle", 0).Search with { Threads = threads });
        Assert.Equal(Run(1).Posterior.Weights, Run(3).Posterior.Weights);
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_the_data()
    {
        var (search, _) = Search("mcycle", 0);
        var found = StochasticVariationalSearch.Run(new() { InducingInputs = 500, BatchSize = 5000, Steps = 20 }, search);
        Assert.True(found.Process.InducingInputs.Rows <= 100);
        Assert.True(double.IsFinite(found.Bound));
    }

    internal static (SparseSearch Search, InputColumns Z) Search(string name, int index)
    {
        string path = SharedFolder.Require("reference", "gp", "sparse.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var set = document.RootElement.GetProperty("sets").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);
        var data = GpReference.DataOf(set.GetProperty("data"));
        var one = set.GetProperty("cases")[index];
        var search = new SparseSearch
        {
            Rows = new MatrixDesign(data.X.ToRows(), data.Y),
            Sample = data.X,
            RowCount = data.Y.Length,
            Kernel = GpReference.KernelOf(one.GetProperty("kernel")).ForFeatures(data.X.Features),
            Noise = Hyperparameter.Noise(one.GetProperty("noise_variance").GetDouble(), 1, isFixed: false),
            MeanConstant = Hyperparameter.MeanConstant(0, 1, isFixed: true),
            Random = new(4),
        };
        return (search, GpReference.Inputs(one.GetProperty("inducing_inputs")));
    }
}
