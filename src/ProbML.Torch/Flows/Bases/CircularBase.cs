namespace ProbML.Flows;

/// <summary>Angles uniform on [−π, π), independent of each other and of the other columns, which have a density of their own.</summary>
public sealed class CircularBase : FlowBase
{
    private readonly FlowBase? others;
    private readonly bool[] isCircular;
    private readonly long[] lines, circles, back;

    /// <summary>Joins the circle's uniform density to another.</summary>
    /// <param name="isCircular">Which columns are angles, [d].</param>
    /// <param name="others">Of the other columns, in their order; null: there are none.</param>
    /// <exception cref="ArgumentException">The other density has another number of columns.</exception>
    public CircularBase(IReadOnlyList<bool> isCircular, FlowBase? others)
        : base((isCircular ?? throw new ArgumentNullException(nameof(isCircular))).Count, nameof(CircularBase))
    {
        this.others = others;
        this.isCircular = [.. isCircular];
        lines = [.. Enumerable.Range(0, Dimension).Where(j => !isCircular[j]).Select(j => (long)j)];
        circles = [.. Enumerable.Range(0, Dimension).Where(j => isCircular[j]).Select(j => (long)j)];
        if ((others?.Dimension ?? 0) != lines.Length)
            throw new ArgumentException($"{lines.Length} columns are no angles, but the density is of {others?.Dimension ?? 0}.", nameof(others));
        back = new long[Dimension];
        for (int j = 0; j < Dimension; j++)
            back[j < lines.Length ? lines[j] : circles[j - lines.Length]] = j;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool IsIndependent => others?.IsIndependent ?? true;

    internal override FlowValue LogDensity(FlowValue noise)
    {
        double logDensity = -Math.Log(2 * Math.PI);
        if (others is null)
            return noise.Zeros() + logDensity;
        var terms = others.LogDensity(noise.Columns(lines));
        return IsIndependent
            ? terms.Join(noise.Columns(circles).Zeros() + logDensity).Columns(back)
            : terms + circles.Length * logDensity;
    }

    internal override NoiseDistribution ToDistribution() => new CircularNoise(isCircular, others?.ToDistribution());
}
