using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>The passes after the last iteration: covariance, statistics and the null model, at the final coefficients.</summary>
internal sealed class GlmSummary(
    Design design,
    GlmOptions options,
    ResponseMoments moments,
    GlmEstimate estimate,
    bool estimateTheta,
    bool newtonDiffers,
    TrainingMonitor monitor,
    SparsePasses? sparse = null)
{
    private readonly GlmPoint point = estimate.Point;

    public GlmModel Build(PredictionTask task, Dictionary<int, string> aliasing)
    {
        int q = point.Transform.Width;
        double dispersion = point.Family.LikelihoodDispersion(
            estimate.Likelihood.Rows.Deviance, double.NaN, moments.PositiveRows, moments.SumOfWeights);
        double nullPredictor = NullPredictor();
        var last = estimate.Likelihood;
        var at = last is LikelihoodSum or ArrowSum or GradientSum && last.Rows.TryKnowStatistics(point, nullPredictor)
            ? last
            : Pass(dispersion, nullPredictor);
        long left = moments.PositiveRows - q;
        double pearson = left > 0 ? at.Rows.Statistics.PearsonChiSquared / left : double.NaN;
        if (double.IsNaN(dispersion))                     // Tweedie: the likelihood is taken at Pearson's dispersion
            at = Pass(point.Family.LikelihoodDispersion(at.Rows.Deviance, pearson, moments.PositiveRows, moments.SumOfWeights),
                nullPredictor);
        var observed = sparse is { GradientsOnly: true } ? null
            : newtonDiffers ? Look(point, Information.Observed, null)
            : options.IsPenalised ? at
            : null;
        return new GlmModel(WithCovariances(at, observed, new GlmModelParts
        {
            Task = task,
            Family = point.Family,
            Link = point.Link,
            Options = options,
            FeatureNames = [.. design.FeatureNames],
            ResponseName = design.ResponseName,
            Transform = point.Transform,
            Scaled = point.Coefficients,
            Covariance = [],
            ObservedCovariance = [],
            JointCovariance = [],
            Aliasing = aliasing,
            Statistics = Statistics(at.Rows, observed?.Rows, pearson),
        }));
    }

    private GlmModelParts WithCovariances(ILikelihood at, ILikelihood? observed, GlmModelParts parts)
    {
        if (sparse is { GradientsOnly: true })
            return parts with { Sparse = SparseCovariance.TooLarge(point.Transform.Width, options.LargestMatrix) };
        if (at is ArrowSum rows)
            return parts with { Sparse = Factors(rows, (ArrowSum?)observed) };
        var (expected, other) = ((LikelihoodSum)at, (LikelihoodSum?)observed);
        int q = point.Transform.Width;
        return parts with
        {
            Covariance = options.L1 > 0 ? NaN(q * q)
                : options.IsPenalised ? Invert(other!, estimate.Penalty)
                : Invert(expected, null),
            ObservedCovariance = options.IsPenalised || other is null ? [] : Invert(other, null),
            JointCovariance = estimateTheta ? Joint(other!) : [],
        };
    }

    private SparseCovariance Factors(ArrowSum at, ArrowSum? observed)
    {
        var layout = sparse!.LayoutOf(point.Transform);
        double[]? ridge = options.IsPenalised ? layout.ToPlaces(estimate.Penalty.L2) : null;
        var main = ArrowFactor.TryCreate(layout, options.IsPenalised ? observed!.Information : at.Information, ridge);
        var other = observed is null || (options.IsPenalised && !estimateTheta)
            ? null
            : ArrowFactor.TryCreate(layout, observed.Information);
        return new SparseCovariance(
            main,
            other,
            estimateTheta ? [.. observed!.ThetaCross, observed.Rows.ThetaInformation] : [],
            main is null ? "The information matrix is singular at the final coefficients." : "");
    }

    private GlmStatistics Statistics(RowLikelihood at, RowLikelihood? observed, double pearson) => new()
    {
        Status = estimate.Status,
        Iterations = estimate.Iterations,
        Rows = moments.Rows,
        PositiveRows = moments.PositiveRows,
        SkippedRows = design.SkippedRows,
        SumOfWeights = moments.SumOfWeights,
        Rank = point.Transform.Width,
        Dispersion = Dispersion(at.Deviance, pearson),
        Deviance = at.Deviance,
        NullDeviance = at.Statistics.NullDeviance,
        PearsonChiSquared = at.Statistics.PearsonChiSquared,
        LogLikelihood = at.Statistics.LogLikelihood,
        Objective = (estimateTheta ? -at.LogLikelihood : 0.5 * at.Deviance) + estimate.Penalty.Value(point.Coefficients),
        ParameterCount = point.Family is TweedieFamily
            ? null
            : point.Transform.Width + (point.Family.EstimatesDispersion || estimateTheta ? 1 : 0),
        Theta = (point.Family as NegativeBinomialFamily)?.Theta,
        ThetaStandardError = estimateTheta ? 1 / Math.Sqrt(observed!.ThetaInformation) : null,
        NullDegreesOfFreedom = moments.PositiveRows - (options.Intercept ? 1 : 0),
    };

    private double Dispersion(double deviance, double pearson)
    {
        long left = moments.PositiveRows - point.Transform.Width;
        return !point.Family.EstimatesDispersion ? 1 : options.Dispersion.Kind switch
        {
            DispersionKind.Deviance => left > 0 ? deviance / left : double.NaN,
            DispersionKind.MaximumLikelihood when point.Family is GammaFamily =>
                GammaDispersion.Estimate(design, deviance, moments.PositiveRows, monitor, options.NumberOfThreads),
            DispersionKind.MaximumLikelihood => deviance / moments.PositiveRows,
            DispersionKind.Fixed => options.Dispersion.Value!.Value,
            _ => pearson,
        };
    }

    private ILikelihood Pass(double dispersion, double nullPredictor) => Look(
        point,
        Information.Expected,
        () => new RowStatistics(point.Family, point.Link, dispersion, nullPredictor));

    private ILikelihood Look(GlmPoint where, Information kind, Func<RowStatistics>? statistics) => sparse is not null
        ? sparse.At(where, kind, statistics)
        : design.Sum(
            () => new LikelihoodSum(where, kind, estimateTheta, statistics?.Invoke()), monitor, options.NumberOfThreads);

    /// <summary>The null model's η: g(ȳ) with an intercept and no offset, a one-parameter fit with both, else nothing.</summary>
    private double NullPredictor()
    {
        if (!options.Intercept)
            return 0;
        double start = point.Link.Link(moments.ResponseMean);
        if (!design.HasOffsets)
            return start;
        var alone = new GlmOptions { NumberOfThreads = options.NumberOfThreads, MaximumIterations = options.MaximumIterations };
        var transform = point.Transform.Null();
        var passes = sparse?.WithoutTheta();
        Func<GlmPoint, Information, ILikelihood> look = passes is null
            ? (from, kind) => design.Sum(() => new LikelihoodSum(from, kind, false), monitor, options.NumberOfThreads)
            : (from, kind) => passes.Arrow(from, kind);
        var iteration = new GlmIteration(design, alone, false, newtonDiffers, monitor, new System.Diagnostics.Stopwatch(), look);
        foreach (double first in (double[])[start - moments.OffsetMean, start])
        {
            var from = new GlmPoint(point.Family, point.Link, transform, [first]);
            var at = look(from, Information.Expected);
            var penalty = new Penalty(alone, transform);
            if (double.IsFinite(iteration.Objective(at, from, penalty)))
                return iteration.Run(from, at, penalty, moments.Rows).Point.Coefficients[0];
        }
        return double.NaN;
    }

    private double[] Invert(LikelihoodSum at, Penalty? penalty)
    {
        int q = point.Transform.Width;
        double[] a = [.. at.Information];
        for (int j = 0; j < q; j++)
            a[j * q + j] += penalty?.L2[j] ?? 0;
        return Invert(a, q);
    }

    private double[] Joint(LikelihoodSum at)
    {
        int q = point.Transform.Width, n = q + 1;
        var a = new double[n * n];
        for (int i = 0; i < q; i++)
            at.Information.AsSpan(i * q, i + 1).CopyTo(a.AsSpan(i * n));
        at.ThetaCross.CopyTo(a.AsSpan(q * n));
        a[q * n + q] = at.ThetaInformation;
        return Invert(a, n);
    }

    private static double[] Invert(double[] a, int n)
    {
        if (n > 0 && !Cholesky.TryFactor(a, n, n, out _))
            return NaN(n * n);
        var inverse = new double[n * n];
        if (n > 0)
            Cholesky.InvertFromFactor(a, n, n, inverse, n);
        return inverse;
    }

    private static double[] NaN(int length)
    {
        var values = new double[length];
        Array.Fill(values, double.NaN);
        return values;
    }
}
