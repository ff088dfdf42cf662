using System.Diagnostics;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>
/// What fits of multinomial, ordinal and Tobit models share: coordinates of full rank, iterations, summary.
/// </summary>
internal sealed class VectorFit
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Design design;
    private readonly GlmOptions options;
    private readonly TrainingMonitor monitor;
    private readonly Dictionary<int, string> aliasing;

    /// <summary>Looks at the rows, and finds coordinates in which the features are independent.</summary>
    /// <param name="design">The rows.</param>
    /// <param name="options">Intercept, penalty, iterations, threads.</param>
    /// <param name="monitor">Told after each iteration.</param>
    public VectorFit(Design design, GlmOptions options, TrainingMonitor monitor)
    {
        (this.design, this.options, this.monitor) = (design, options, monitor);
        options.CheckWidth(design.FeatureCount);
        Moments = design.Sum(
            () => new ResponseMoments(design.FeatureCount, Families.Gaussian), monitor, options.NumberOfThreads);
        ResponseChecks.Check(Moments, design, Families.Gaussian);
        // A linear model's information is Z'WZ whatever the response: its start tells which columns are independent.
        var start = new GlmStart(
            new GlmIteration(design, options, false, false, monitor, watch), options, Moments);
        Transform = start.Find(Families.Gaussian, Links.Identity).Point.Transform;
        aliasing = Aliasing.Describe(start, design.FeatureNames);
    }

    public ResponseMoments Moments { get; }

    public RowTransform Transform { get; }

    /// <summary>The estimate from a start; the penalty Q is [P, P], in the coordinates of z.</summary>
    public VectorEstimate Run(IVectorResponse response, int first, double[] start, double[] penalty, bool vanishes) =>
        Run(response, Transform, first, options, start, penalty, vanishes);

    /// <summary>The log-likelihood of the model without features, from a start.</summary>
    public double NullLogLikelihood(IVectorResponse response, int first, double[] start) =>
        Run(response, Transform.Null(), first, options, start, new double[start.Length * start.Length], false).LogLikelihood;

    /// <summary>The parts of the model that an estimate gives.</summary>
    public VectorModelParts Parts(VectorEstimate estimate, double[] penalty, double nullLogLikelihood)
    {
        int n = estimate.Parameters.Length;
        double[] a = [.. estimate.Information], inverse = new double[n * n];
        System.Numerics.Tensors.TensorPrimitives.Add(a, penalty, a);
        if (n > 0 && Cholesky.TryFactor(a, n, n, out _))
            Cholesky.InvertFromFactor(a, n, n, inverse, n);
        else
            Array.Fill(inverse, double.NaN);
        return new VectorModelParts
        {
            Level = options.Level,
            L2 = options.L2,
            FeatureNames = [.. design.FeatureNames],
            ResponseName = design.ResponseName,
            Transform = Transform,
            Scaled = estimate.Parameters,
            Covariance = inverse,
            Aliasing = aliasing,
            Statistics = new LikelihoodStatistics
            {
                Status = estimate.Status,
                Iterations = estimate.Iterations,
                Rows = Moments.Rows,
                PositiveRows = Moments.PositiveRows,
                SkippedRows = design.SkippedRows,
                SumOfWeights = Moments.SumOfWeights,
                ParameterCount = n,
                LogLikelihood = estimate.LogLikelihood,
                NullLogLikelihood = nullLogLikelihood,
                Objective = estimate.Objective,
            },
        };
    }

    /// <summary>Tells a user what to look at, and how the fit ended.</summary>
    /// <param name="kind">What the model is called.</param>
    /// <param name="parts">The model.</param>
    /// <param name="coefficients">Its coefficients.</param>
    /// <param name="runaway">What to call the parameter that moved most.</param>
    public void Tell(string kind, VectorModelParts parts, IReadOnlyList<GlmCoefficient> coefficients, string runaway)
    {
        var s = parts.Statistics;
        if (monitor.Warning is { } warn)
        {
            if (parts.Aliasing.Count > 0)
                warn($"{parts.Aliasing.Count} of {design.FeatureCount} features are aliased and left out: "
                    + string.Join("; ", coefficients.Where(c => c.IsAliased).Take(5).Select(c => $"{c.Name} ({c.Aliasing})"))
                    + ". The other coefficients are estimated without them.");
            if (s.Status == GlmStatus.Separated)
                warn($"{(s.Deviance < 1e-4 * Math.Max(1, s.NullDeviance) ? "Perfect" : "Quasi-complete")} separation: some "
                    + $"fitted probabilities run to 0 or 1, no maximum-likelihood estimate exists and {runaway} runs away. "
                    + "Set L2 > 0 for a finite posterior mode, or leave that feature out.");
            if (s.Status == GlmStatus.NotConverged)
                warn($"The fit did not converge in {s.Iterations} iterations; {runaway} still moves most. "
                    + "Raise MaximumIterations, or set L2 > 0.");
        }
        monitor.Information?.Invoke(
            $"{kind}: {s.Rows} rows, {s.Iterations} iterations, log-likelihood {s.LogLikelihood:G6}, "
            + $"{(s.Status == GlmStatus.Converged ? "converged" : "not converged")}.");
    }

    /// <summary>What a parameter of a block of coefficients is called.</summary>
    public string Name(int column) => column < 0 || (Transform.Intercept && column == 0)
        ? "the intercept"
        : $"the coefficient of '{design.FeatureNames[Transform.Columns[column - (Transform.Intercept ? 1 : 0)]]}'";

    private VectorEstimate Run(
        IVectorResponse response, RowTransform transform, int first, GlmOptions settings, double[] start, double[] penalty,
        bool vanishes) =>
        new VectorIteration(design, settings, response, transform, first, penalty, monitor, watch)
            .Run(start, Moments.Rows, vanishes);
}
