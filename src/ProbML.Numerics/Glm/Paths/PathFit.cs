using System.Diagnostics;

namespace ProbML.Fitting;

/// <summary>Fits all folds' and the whole data's models at one λ after another, each pass over the rows shared by all.</summary>
internal sealed class PathFit
{
    private const int MaximumPasses = 200;

    private readonly IPathValues values;
    private readonly PathPenalty penalty;
    private readonly double tolerance;
    private readonly TrainingMonitor monitor;
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private int passes, solved;

    /// <summary>Brings the problems, each at a start inside the domain, to the null model.</summary>
    public PathFit(
        IPathValues values, IReadOnlyList<PathProblem> problems, PathPenalty penalty, double precision, TrainingMonitor monitor)
    {
        (this.values, this.penalty, this.monitor, Problems) = (values, penalty, monitor, problems);
        tolerance = double.Epsilon;
        var found = values.At(problems);
        IsValid = true;
        for (int m = 0; m < problems.Count; m++)
            IsValid &= problems[m].Begin(found[m]);
        if (!IsValid)
            return;
        tolerance = precision * Math.Sqrt(found[0].Deviance);
        Solve(double.PositiveInfinity);
        NullDeviance = problems[0].Value.Deviance;
        tolerance = precision * Math.Sqrt(NullDeviance);
    }

    /// <summary>Whether the start lay inside the domain; where not, nothing has been fitted.</summary>
    public bool IsValid { get; }

    public IReadOnlyList<PathProblem> Problems { get; }

    /// <summary>The values of λ that are to be solved for, for progress; 0: not known.</summary>
    public int Planned { get; set; }

    /// <summary>The deviance of the null model.</summary>
    public double NullDeviance { get; }

    /// <summary>The smallest λ at which the null model is the answer; to be asked before the first <see cref="Solve"/>.</summary>
    public double LargestLambda => penalty.Largest(Problems[0].Value.Gradient, Problems[0].Weight);

    /// <summary>Brings the problems to the minimum at λ, from where they are.</summary>
    public void Solve(double lambda)
    {
        foreach (var problem in Problems)
            problem.Minimise(penalty.At(lambda, problem.Weight), tolerance);
        for (int pass = 0; pass < MaximumPasses; pass++)
        {
            PathProblem[] pending = [.. Problems.Where(p => p.IsPending)];
            if (pending.Length == 0)
                break;
            var found = values.At(pending);
            for (int m = 0; m < pending.Length; m++)
                pending[m].Receive(found[m]);
            monitor.Report(new TrainingProgress(
                "Path", ++passes, 0.5 * Problems[0].Value.Deviance, values.Rows * passes, watch.Elapsed)
            {
                Completed = solved,
                Total = Planned > 0 ? Planned : null,
            });
        }
        foreach (var problem in Problems.Where(p => p.IsPending))
            problem.Stop(false);
        if (Planned == 0)
            return;
        monitor.Report(new TrainingProgress(
            "Path", passes, 0.5 * Problems[0].Value.Deviance, values.Rows * passes, watch.Elapsed) { Completed = ++solved, Total = Planned });
    }
}

/// <summary>Says what the rows say at the trial points of some problems.</summary>
internal interface IPathValues
{
    /// <summary>The rows a call reads.</summary>
    long Rows { get; }

    IReadOnlyList<PathValue> At(IReadOnlyList<PathProblem> problems);
}

/// <summary>The values by a pass over the data.</summary>
internal sealed class StreamedPathValues(
    Design design,
    RowTransform transform,
    IFamily family,
    ILinkFunction link,
    Func<FoldAssignment?> folds,
    long rows,
    int? threads,
    TrainingMonitor monitor) : IPathValues
{
    private readonly CanonicalRows.Kernel kernel = PathRows.For(family, link);

    public long Rows => rows;

    public IReadOnlyList<PathValue> At(IReadOnlyList<PathProblem> problems)
    {
        var sum = design.Sum(() => new PathSum(transform, kernel, folds(), problems), monitor, threads);
        return [.. Enumerable.Range(0, problems.Count).Select(sum.Value)];
    }
}
