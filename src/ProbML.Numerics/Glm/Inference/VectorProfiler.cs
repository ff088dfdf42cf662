using System.Diagnostics;
using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>A vector generalized linear model's log-likelihood less its ridge penalty, many points to a pass over the rows.</summary>
internal sealed class VectorProfiler(Design design, VectorGlmModel model, TrainingMonitor monitor) : IProfiled
{
    /// <summary>What the sums of one block may take of memory, over all points.</summary>
    private const long Budget = 1 << 25;

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly double[] penalty = model.Penalty();

    /// <summary>The passes over the rows so far.</summary>
    private int passes;

    public GlmProfileIntervals Intervals(double level)
    {
        double[] x = model.Parts.Scaled;
        var at = Evaluate([new ProfileQuery(x, Information.Observed)])[0];
        bool isTop = model.Statistics.Status != GlmStatus.Separated && at is not null;
        double top = at?.Value ?? -model.Statistics.Objective;
        var start = isTop ? new ProfileStart(x, at!, true) : AwayFromTheEdge(x, at);
        var ends = new ProfileEnds(model.Statistics.Rows, monitor, watch).Find(
            this, model.Directions(), NormalDistribution.Quantile(0.5 + level / 2), 1, top, Information.Observed, start);
        return new GlmProfileIntervals(level, ProfileEnds.Name(model.Coefficients, ends), null, passes);
    }

    public LocalQuadratic?[] Evaluate(IReadOnlyList<ProfileQuery> points)
    {
        long n = model.Parts.Scaled.Length, each = 8L * (512 * model.Parts.Transform.Stride + n * n);
        return [.. points.Chunk((int)Math.Max(1, Budget / each)).SelectMany(Some)];

        IEnumerable<LocalQuadratic?> Some(ProfileQuery[] some)
        {
            passes++;
            var sums = design.Sum(
                () => new ManySums<VectorSum>([.. some.Select(query => new VectorSum(Rows(query.Parameters)))]), monitor, model.Threads);
            return sums.Parts.Select((sum, k) => Quadratic(sum, some[k].Parameters));
        }
    }

    private VectorRows Rows(double[] parameters) => new(model.Response, model.Parts.Transform, model.First, parameters);

    private LocalQuadratic? Quadratic(VectorSum sum, double[] b)
    {
        double[] pull = VectorPenalty.Times(penalty, b), gradient = new double[b.Length];
        double value = sum.LogLikelihood - 0.5 * TensorPrimitives.Dot<double>(b, pull);
        if (!double.IsFinite(value))
            return null;
        double[] information = sum.Information();
        TensorPrimitives.Add(information, penalty, information);
        TensorPrimitives.Subtract(sum.Gradient, pull, gradient);
        return new LocalQuadratic(value, gradient, information);
    }

    /// <summary>
    /// A separated fit ends where the likelihood is flat. Searches start from a posterior mode under normal priors of variance
    /// 2 in standardised coordinates instead.
    /// </summary>
    private ProfileStart AwayFromTheEdge(double[] x, LocalQuadratic? at)
    {
        var response = model.Response;
        int n = x.Length, width = model.Parts.Transform.Width - model.First, slopes = response.Predictors * width;
        int intercepts = model.Parts.Transform.Intercept ? 1 - model.First : 0;
        double[] ridge = [.. penalty];
        for (int j = 0; j < slopes; j++)
            ridge[j * n + j] += j % width < intercepts ? 0 : 0.5;
        var options = new GlmOptions { NumberOfThreads = model.Threads, Tolerance = 1e-4 };
        var iteration = new VectorIteration(
            design, options, response, model.Parts.Transform, model.First, ridge, monitor, watch);
        foreach (double share in (double[])[0, 0.5])
        {
            double[] from = [.. x.Select((b, j) => j < slopes ? share * b : b)];
            if (Evaluate([new ProfileQuery(from, Information.Observed)])[0] is null)
                continue;
            double[] mode = iteration.Run(from, model.Statistics.Rows, vanishes: false).Parameters;
            if (Evaluate([new ProfileQuery(mode, Information.Observed)])[0] is { } found)
                return new ProfileStart(mode, found, false);
        }
        return new ProfileStart(x, at ?? throw new InvalidOperationException(
            "The likelihood cannot be evaluated at the model's coefficients. Give the design that the model was fitted to."), false);
    }
}
