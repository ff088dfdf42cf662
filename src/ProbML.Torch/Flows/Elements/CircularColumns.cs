namespace ProbML.Flows;

/// <summary>Which columns are angles in [−π, π), and the spline of the circle to itself that they go through.</summary>
/// <remarks>
/// Networks are given cos x and sin x of an angle in place of x, so that nothing jumps where the circle closes. Rezende et al. (2020),
/// *Normalizing flows on tori and spheres*, §2.
/// </remarks>
public sealed record CircularColumns
{
    /// <summary>Names the angles.</summary>
    /// <param name="isCircular">Which columns are angles, [d].</param>
    /// <param name="spline">A circular one; null: one of 8 bins.</param>
    /// <exception cref="ArgumentException">The spline is one of the line.</exception>
    public CircularColumns(IReadOnlyList<bool> isCircular, RationalQuadraticSpline? spline = null)
    {
        ArgumentNullException.ThrowIfNull(isCircular);
        IsCircular = [.. isCircular];
        Spline = spline ?? new() { IsCircular = true, Bound = Math.PI };
        if (!Spline.IsCircular)
            throw new ArgumentException("Angles need a spline that IsCircular.", nameof(spline));
        Spline.Validate();
    }

    /// <summary>Which columns are angles, [d].</summary>
    public IReadOnlyList<bool> IsCircular { get; }

    /// <summary>What they go through.</summary>
    public RationalQuadraticSpline Spline { get; }

    /// <summary>The same after columns have been put in another order.</summary>
    internal CircularColumns Reordered(IEnumerable<long> order) => new([.. order.Select(column => IsCircular[(int)column])], Spline);

    /// <summary>What a network is given of some columns: numbers as they are, then cos and sin of angles.</summary>
    /// <param name="x">[n, k].</param>
    /// <param name="columns">Which columns those are, [k].</param>
    internal FlowValue Seen(FlowValue x, long[] columns)
    {
        long[] lines = Places(columns, isCircular: false), circles = Places(columns, isCircular: true);
        if (circles.Length == 0)
            return x;
        var angles = x.Columns(circles);
        return lines.Length == 0 ? angles.Cos().Join(angles.Sin()) : x.Columns(lines).Join(angles.Cos(), angles.Sin());
    }

    /// <summary>The columns behind the numbers of <see cref="Seen"/>.</summary>
    internal long[] SeenColumns(long[] columns)
    {
        long[] circles = [.. Places(columns, isCircular: true).Select(place => columns[place])];
        return [.. Places(columns, isCircular: false).Select(place => columns[place]), .. circles, .. circles];
    }

    /// <summary>What some columns go through: a transform, but angles the spline.</summary>
    internal ElementTransform Through(ElementTransform line, long[] columns) =>
        new LineOrCircleTransform(line, Spline, [.. columns.Select(column => IsCircular[(int)column])]);

    private long[] Places(long[] columns, bool isCircular) =>
        [.. Enumerable.Range(0, columns.Length).Where(k => IsCircular[(int)columns[k]] == isCircular).Select(k => (long)k)];
}

/// <summary>One transform for numbers, another for angles, run by run of columns of one kind.</summary>
internal sealed record LineOrCircleTransform(ElementTransform Line, RationalQuadraticSpline Circle, bool[] IsCircle) : ElementTransform
{
    public override int ParameterCount =>
        Array.TrueForAll(IsCircle, one => one) ? Circle.ParameterCount
        : !IsCircle.Contains(true) ? Line.ParameterCount
        : Math.Max(Line.ParameterCount, Circle.ParameterCount);

    internal override (FlowValue Noise, FlowValue LogDerivative) Map(FlowValue x, FlowValue parameters) =>
        ByRuns(x, parameters, (transform, value, own) => transform.Map(value, own));

    internal override (FlowValue Data, FlowValue LogDerivative) MapBack(FlowValue noise, FlowValue parameters) =>
        ByRuns(noise, parameters, (transform, value, own) => transform.MapBack(value, own));

    internal override void Validate()
    {
        Line.Validate();
        Circle.Validate();
    }

    private (FlowValue, FlowValue) ByRuns(
        FlowValue value, FlowValue parameters, Func<ElementTransform, FlowValue, FlowValue, (FlowValue, FlowValue)> map)
    {
        var (values, slopes) = (new List<FlowValue>(), new List<FlowValue>());
        for (int start = 0, end; start < IsCircle.Length; start = end)
        {
            for (end = start + 1; end < IsCircle.Length && IsCircle[end] == IsCircle[start]; end++)
            {
            }
            ElementTransform transform = IsCircle[start] ? Circle : Line;
            var own = parameters.Narrow(1, start, end - start).Narrow(2, 0, transform.ParameterCount);
            var (mapped, slope) = map(transform, value.Narrow(1, start, end - start), own);
            values.Add(mapped);
            slopes.Add(slope);
        }
        return values.Count == 1
            ? (values[0], slopes[0])
            : (values[0].Join([.. values.Skip(1)]), slopes[0].Join([.. slopes.Skip(1)]));
    }
}
