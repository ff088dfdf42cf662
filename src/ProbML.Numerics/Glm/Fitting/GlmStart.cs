namespace ProbML.Fitting;

/// <summary>The first point of a fit, in coordinates in which the design has full rank and is well conditioned.</summary>
internal sealed class GlmStart
{
    /// <summary>R's tolerance: a column whose part orthogonal to the others is shorter than this much of it is aliased.</summary>
    private const double RankTolerance = 1e-11;

    /// <summary>Below this share a column is made orthogonal before its rank is judged: the cross-product loses too much.</summary>
    private const double IllConditioned = 1e-7;

    /// <summary>What rounding leaves of a cross-product's dependent column.</summary>
    private const double Rounding = 1e-14;

    private readonly GlmIteration iteration;
    private readonly GlmOptions options;
    private readonly ResponseMoments moments;

    public GlmStart(GlmIteration iteration, GlmOptions options, ResponseMoments moments)
    {
        (this.iteration, this.options, this.moments) = (iteration, options, moments);
    }

    /// <summary>The columns left out, as places among the q of the plain coordinates, with how each depends on others.</summary>
    public List<(int Column, RankRevealingCholesky Factor)> Aliased { get; } = [];

    /// <summary>The plain coordinates, before columns were left out or mixed.</summary>
    public RowTransform Plain { get; private set; } = null!;

    /// <summary>A valid point, and the likelihood there.</summary>
    /// <param name="family">The family.</param>
    /// <param name="link">The link.</param>
    /// <param name="near">Coefficients [intercept, features] and family of a coarser fit, or null.</param>
    /// <exception cref="InvalidOperationException">There is none that can be found.</exception>
    public (GlmPoint Point, LikelihoodSum At) Find(
        IFamily family, ILinkFunction link, (double[] Coefficients, IFamily Family)? near = null) =>
        (near is { } warm ? FromCoefficients(warm.Coefficients, warm.Family, link) : null)
        ?? TryFind(family, link)
        ?? throw NoneFound(family, link);

    public static InvalidOperationException NoneFound(IFamily family, ILinkFunction link) => new(
        $"No starting coefficients were found at which every mean is inside the domain of the {family.Name} family "
        + $"with the {link.Name} link. Add an intercept or choose a link whose means are always valid, such as log.");

    /// <summary>A valid point, and the likelihood there; null where none is found.</summary>
    public (GlmPoint Point, LikelihoodSum At)? TryFind(IFamily family, ILinkFunction link)
    {
        Plain = PlainCoordinates();
        var point = NullPoint(family, link, Plain, moments.OffsetMean);
        var at = iteration.Evaluate(point, Information.Expected);
        if (!IsUsable(at, point) && moments.OffsetMean != 0)
        {
            point = NullPoint(family, link, Plain, 0);
            at = iteration.Evaluate(point, Information.Expected);
        }
        bool fromResponses = !IsUsable(at, point);
        if (fromResponses)
            at = iteration.Evaluate(point, Information.FromResponses);

        var transform = FullRank(at, point, fromResponses);
        if (!ReferenceEquals(transform, Plain))
        {
            point = fromResponses
                ? point with { Transform = transform, Coefficients = new double[transform.Width] }
                : InNewCoordinates(point, transform);
            at = iteration.Evaluate(point, fromResponses ? Information.FromResponses : Information.Expected);
        }
        return fromResponses ? FromResponses(point, at) : (point, at);
    }

    /// <summary>The point of given coefficients; null where it is invalid, or where columns must be left out or mixed.</summary>
    private (GlmPoint Point, LikelihoodSum At)? FromCoefficients(double[] beta, IFamily family, ILinkFunction link)
    {
        Plain = PlainCoordinates();
        double[] t = Plain.ToOriginal(out _), b = new double[Plain.Width];
        int first = Plain.Intercept ? 1 : 0;
        double intercept = beta[0];
        for (int j = first; j < b.Length; j++)
        {
            b[j] = beta[j] / t[j * b.Length + j];
            intercept -= first * t[j] * b[j];             // T's first row holds what centring moves into the intercept
        }
        if (first == 1)
            b[0] = intercept;
        var point = new GlmPoint(family, link, Plain, b);
        var at = iteration.Evaluate(point, Information.Expected);
        if (!IsUsable(at, point) || !ReferenceEquals(FullRank(at, point, fromResponses: false), Plain))
        {
            Aliased.Clear();
            return null;
        }
        return (point, at);
    }

    private RowTransform PlainCoordinates() => RowTransform.Standardising(moments, options.Intercept, Centres(options));

    /// <summary>Whether columns are centred: an intercept that is free takes it up.</summary>
    public static bool Centres(GlmOptions options) =>
        options.Intercept && !(options.PenaliseIntercept && options.IsPenalised);

    private bool IsUsable(LikelihoodSum at, GlmPoint point) =>
        double.IsFinite(iteration.Objective(at, point, new Penalty(options, point.Transform)));

    private GlmPoint NullPoint(IFamily family, ILinkFunction link, RowTransform transform, double offset) =>
        NullPoint(family, link, transform, moments, offset);

    /// <summary>The intercept at the link of the mean response, less an offset; all else zero.</summary>
    public static GlmPoint NullPoint(
        IFamily family, ILinkFunction link, RowTransform transform, ResponseMoments moments, double offset)
    {
        var b = new double[transform.Width];
        if (transform.Intercept)
            b[0] = link.Link(moments.ResponseMean) - offset;
        return new GlmPoint(family, link, transform, b);
    }

    /// <summary>Only the intercept of a null point is not zero, and M is triangular: M₀₀ b′ = b.</summary>
    private static GlmPoint InNewCoordinates(GlmPoint point, RowTransform transform)
    {
        var b = new double[transform.Width];
        if (transform.Intercept)
            b[0] = point.Coefficients[0] / (transform.Mixing?[0] ?? 1);
        return point with { Transform = transform, Coefficients = b };
    }

    /// <summary>One weighted least-squares step from means near the responses; null where it leaves the domain.</summary>
    private (GlmPoint Point, LikelihoodSum At)? FromResponses(GlmPoint point, LikelihoodSum at)
    {
        var penalty = new Penalty(options, point.Transform);
        var step = NewtonStep.Solve(at, point, penalty, Information.Expected, withTheta: false);
        if (step is { } found)
        {
            var start = point with { Coefficients = found.Coefficients };
            var there = iteration.Evaluate(start, Information.Expected);
            if (IsUsable(there, start))
                return (start, there);
        }
        return null;
    }

    private RowTransform FullRank(LikelihoodSum at, GlmPoint point, bool fromResponses)
    {
        int q = Plain.Width;
        if (options.L1 > 0)
            return Plain;
        var penalty = new Penalty(options, Plain);
        double[] a = [.. at.Information], reference = new double[q];
        for (int j = 0; j < q; j++)
        {
            a[j * q + j] += penalty.L2[j];
            reference[j] = Math.Max(a[j * q + j], options.Intercept ? a[0] : 0);   // a constant column is all rounding
        }
        var coarse = new RankRevealingCholesky(a, q, options.IsPenalised ? Rounding : IllConditioned, reference);
        if (coarse.Dropped.Count == 0)
            return Plain;
        if (options.IsPenalised)
        {
            Aliased.AddRange(coarse.Dropped.Select(j => (j, coarse)));
            return Plain.Keep(coarse.Kept);
        }
        // Doubtful columns: orthogonalise, look again, and keep what the second look finds independent.
        var mixing = Orthogonaliser(a, q, reference);
        var mixed = Plain.Keep([.. Enumerable.Range(0, q)], mixing.Matrix);
        var again = fromResponses
            ? point with { Transform = mixed, Coefficients = new double[q] }
            : InNewCoordinates(point, mixed);
        var second = iteration.Evaluate(again, fromResponses ? Information.FromResponses : Information.Expected);
        var unit = new double[q];
        for (int j = 0; j < q; j++)
            unit[j] = reference[j] / mixing.SquaredLength[j];           // the whole column, in the second look's units
        var fine = new RankRevealingCholesky(second.Information, q, RankTolerance * RankTolerance, unit);
        if (fine.Dropped.Count > 0)
        {
            var plainFactor = new RankRevealingCholesky(a, q, 0.0, null, fine.Kept);
            Aliased.AddRange(fine.Dropped.Select(j => (j, plainFactor)));
        }
        double[] sub = SubMatrix(a, q, fine.Kept), lengths = [.. fine.Kept.Select(j => reference[j])];
        var kept = new RankRevealingCholesky(sub, lengths.Length, IllConditioned, lengths);
        return kept.Dropped.Count == 0
            ? Plain.Keep(fine.Kept)
            : Plain.Keep(fine.Kept, Orthogonaliser(sub, lengths.Length, lengths).Matrix);
    }

    /// <summary>M = R⁻¹ for A ≈ RᵀR, a pivot lost to rounding being replaced by what rounding leaves.</summary>
    private static (double[] Matrix, double[] SquaredLength) Orthogonaliser(double[] a, int q, double[] reference)
    {
        double[] r = new double[q * q], squared = new double[q];        // r: rows of Rᵀ = L
        for (int j = 0; j < q; j++)
        {
            for (int k = 0; k <= j; k++)
            {
                double sum = a[j * q + k];
                for (int l = 0; l < k; l++)
                    sum -= r[j * q + l] * r[k * q + l];
                if (k < j)
                    r[j * q + k] = sum / r[k * q + k];
                else
                    r[j * q + j] = Math.Sqrt(squared[j] = Math.Max(sum, Rounding * Math.Max(reference[j], 1e-290)));
            }
        }
        var inverse = new double[q * q];                  // upper triangular: column j solves R m = e_j
        for (int j = 0; j < q; j++)
        {
            inverse[j * q + j] = 1 / r[j * q + j];
            for (int i = j - 1; i >= 0; i--)
            {
                double sum = 0;
                for (int k = i + 1; k <= j; k++)
                    sum += r[k * q + i] * inverse[k * q + j];
                inverse[i * q + j] = -sum / r[i * q + i];
            }
        }
        return (inverse, squared);
    }

    private static double[] SubMatrix(double[] a, int q, List<int> kept)
    {
        int m = kept.Count;
        var sub = new double[m * m];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j <= i; j++)
                sub[i * m + j] = a[kept[i] * q + kept[j]];
        }
        return sub;
    }
}
