using ProbML.Optimization;

namespace ProbML.GaussianProcesses;

/// <summary>Where the search for a sparse process's hyperparameters starts, and over which rows.</summary>
internal sealed record SparseSearch
{
    /// <summary>The rows.</summary>
    public required Design Rows { get; init; }

    /// <summary>Some of the rows' inputs, or all, from which inducing inputs are chosen.</summary>
    public required InputColumns Sample { get; init; }

    /// <summary>How many rows there are.</summary>
    public required long RowCount { get; init; }

    /// <summary>k, for the number of features.</summary>
    public required Kernel Kernel { get; init; }

    /// <summary>The likelihood's.</summary>
    public IReadOnlyList<Hyperparameter> Likelihood { get; init; } = [];

    /// <summary>σ², where the likelihood is normal.</summary>
    public Hyperparameter Noise
    {
        get => Likelihood[0];
        init => Likelihood = [value];
    }

    /// <summary>m.</summary>
    public required Hyperparameter MeanConstant { get; init; }

    /// <summary>Priors, limits and what is fixed.</summary>
    public HyperparameterRules Rules { get; init; } = new();

    /// <summary>The smallest and the largest standard deviation of a feature.</summary>
    public (double Least, double Most) Spread { get; init; } = (1, 1);

    /// <summary>The target's variance.</summary>
    public double TargetVariance { get; init; } = 1;

    /// <summary>Starts besides the first.</summary>
    public int Restarts { get; init; }

    /// <summary>Of everything that is drawn.</summary>
    public required Random Random { get; init; }

    /// <summary>When a climb ends.</summary>
    public LbfgsRule Lbfgs { get; init; } = new();

    /// <summary>The most threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Progress and cancellation.</summary>
    public TrainingMonitor Monitor { get; init; } = TrainingMonitor.None;

    /// <summary>The hyperparameters alone: kernel, likelihood, mean; Z where it is learnt, within the rows' range and half of it more.</summary>
    public HyperparameterSpace Space(InputColumns? learnt)
    {
        List<Hyperparameter> others = [.. Likelihood, MeanConstant];
        if (learnt is not null)
        {
            double[] z = learnt.ToRows();
            int d = learnt.Features;
            var ranges = Enumerable.Range(0, d).Select(j => Range(Sample.Column(j))).ToArray();
            others.AddRange(z.Select((value, k) => new Hyperparameter(
                $"inducing[{k / d},{k % d}]", value, Math.Min(value, ranges[k % d].Lower), Math.Max(value, ranges[k % d].Upper),
                IsLogarithmic: false)));
        }
        return new(Kernel, others, Rules, Spread, TargetVariance);
    }

    /// <summary>The process at a point of such a space.</summary>
    public static SparseProcess At(HyperparameterSpace space, ReadOnlySpan<double> free, SparseProcess like, bool learnt)
    {
        int own = space.Count - (learnt ? like.InducingInputs.Rows * like.InducingInputs.Features : 0);
        return like with
        {
            Kernel = space.KernelAt(free),
            NoiseVariance = space.Other(free, 0),
            MeanConstant = space.Other(free, 1),
            InducingInputs = learnt ? InputColumns.FromRows(free[own..], like.InducingInputs.Features) : like.InducingInputs,
        };
    }

    private static (double Lower, double Upper) Range(ReadOnlySpan<double> column)
    {
        double least = System.Numerics.Tensors.TensorPrimitives.Min(column), most = System.Numerics.Tensors.TensorPrimitives.Max(column);
        double more = 0.5 * (most - least);
        return (least - more, most + more);
    }
}

/// <summary>What a search for a sparse process's hyperparameters found.</summary>
/// <param name="Process">Hyperparameters and inducing inputs.</param>
/// <param name="Posterior">What it predicts with.</param>
/// <param name="Bound">The bound there, priors excluded.</param>
/// <param name="Starts">The objective reached from each start.</param>
/// <param name="Converged">Whether it ended at an optimum.</param>
/// <param name="Evaluations">How often the rows were gone through, or batches.</param>
/// <param name="AtBound">Hyperparameters that ended at a limit.</param>
internal sealed record SparseOptimum(
    SparseProcess Process, LatentPosterior Posterior, double Bound, IReadOnlyList<double> Starts, bool Converged, int Evaluations,
    IReadOnlyList<string> AtBound);
