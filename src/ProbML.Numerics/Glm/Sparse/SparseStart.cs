namespace ProbML.Fitting;

/// <summary>The first point of a fit to sparse rows, in coordinates of full rank: what <see cref="GlmStart"/> is for dense ones.</summary>
/// <remarks>Sparse columns are scaled but not centred, and never mixed: zeros stay zeros.</remarks>
internal sealed class SparseStart(GlmIteration iteration, SparsePasses passes, GlmOptions options, ResponseMoments moments)
{
    /// <summary>Why coefficients are left out, by their place in [intercept, features].</summary>
    public Dictionary<int, string> Aliasing { get; } = [];

    /// <summary>A valid point, and the likelihood there.</summary>
    /// <exception cref="InvalidOperationException">There is none that can be found.</exception>
    public (GlmPoint Point, ILikelihood At) Find(IFamily family, ILinkFunction link, IReadOnlyList<string> names)
    {
        var transform = RowTransform.Standardising(
            moments, options.Intercept, GlmStart.Centres(options), passes.Structure.Uncentred);
        var point = GlmStart.NullPoint(family, link, transform, moments, moments.OffsetMean);
        var at = passes.At(point, Information.Expected);
        if (!IsUsable(at, point) && moments.OffsetMean != 0)
        {
            point = GlmStart.NullPoint(family, link, transform, moments, 0);
            at = passes.At(point, Information.Expected);
        }
        bool fromResponses = !IsUsable(at, point);
        if (fromResponses)
            at = passes.At(point, Information.FromResponses);
        while (Dependent(at, point) is { Count: > 0 } dependent)
        {
            SparseAliasing.Describe(point.Transform, dependent, names, Aliasing);
            var kept = point.Transform.Keep([.. Enumerable.Range(0, point.Transform.Width).Where(k => !dependent.ContainsKey(k))]);
            point = point with { Transform = kept, Coefficients = point.Coefficients[..kept.Width] };  // zero but for the intercept
            at = passes.At(point, fromResponses ? Information.FromResponses : Information.Expected);
        }
        return fromResponses ? FromResponses(point, at) ?? throw GlmStart.NoneFound(family, link) : (point, at);
    }

    private bool IsUsable(ILikelihood at, GlmPoint point) =>
        double.IsFinite(iteration.Objective(at, point, new Penalty(options, point.Transform)));

    private Dictionary<int, double[]> Dependent(ILikelihood at, GlmPoint point)
    {
        if (at is not ArrowSum { Information: var information })
            return [];                                    // nothing is kept in which dependence would show
        var layout = passes.LayoutOf(point.Transform);
        double[]? ridge = options.IsPenalised ? layout.ToPlaces(new Penalty(options, point.Transform).L2) : null;
        return SparseAliasing.Find(layout, information, ridge);
    }

    /// <summary>One weighted least-squares step from means near the responses; null where it leaves the domain.</summary>
    private (GlmPoint Point, ILikelihood At)? FromResponses(GlmPoint point, ILikelihood at)
    {
        var nowhere = point with { Coefficients = new double[point.Transform.Width] };
        if (at.Step(nowhere, new Penalty(options, point.Transform), Information.Expected, withTheta: false) is not { } step)
            return null;
        var start = point with { Coefficients = step.Coefficients };
        var there = passes.At(start, Information.Expected);
        return IsUsable(there, start) ? (start, there) : null;
    }
}
