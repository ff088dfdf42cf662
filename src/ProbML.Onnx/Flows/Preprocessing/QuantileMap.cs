namespace ProbML.Flows;

/// <summary>Normal scores: a broken line through (xₖ, Φ⁻¹(share of values up to xₖ)), with its end slopes beyond.</summary>
/// <remarks>For columns with heavy tails or far outliers; the density has steps at the knots.</remarks>
public sealed record QuantileMap : ColumnMap
{
    internal const byte Tag = 4;

    private readonly double[] knots;
    private readonly double[] scores;

    /// <summary>Takes the knots.</summary>
    /// <param name="knots">xₖ, rising; two at least.</param>
    /// <param name="scores">zₖ, rising, as many.</param>
    /// <exception cref="ArgumentException">They do not rise, or are not as many.</exception>
    public QuantileMap(IReadOnlyList<double> knots, IReadOnlyList<double> scores)
    {
        ArgumentNullException.ThrowIfNull(knots);
        ArgumentNullException.ThrowIfNull(scores);
        if (knots.Count != scores.Count || knots.Count < 2 || !Rises([.. knots, .. scores]))
            throw new ArgumentException("Knots and scores must rise, and be as many: two or more.", nameof(knots));
        (this.knots, this.scores) = ([.. knots], [.. scores]);
    }

    /// <inheritdoc/>
    public override double Forward(double x) => double.IsNaN(x) ? x : Along(knots, scores, x);

    /// <inheritdoc/>
    public override double Inverse(double z) => Along(scores, knots, z);

    /// <inheritdoc/>
    public override double LogSlope(double x)
    {
        int k = Place(knots, x);
        return Math.Log((scores[k + 1] - scores[k]) / (knots[k + 1] - knots[k]));
    }

    /// <inheritdoc/>
    public bool Equals(QuantileMap? other) =>
        other is not null && knots.SequenceEqual(other.knots) && scores.SequenceEqual(other.scores);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(knots.Length, knots[0], knots[^1]);

    internal override (OnnxValue Value, OnnxValue LogSlope) Emit(IOnnxGraph graph, OnnxValue x)
    {
        // Of a bin the part that lies below x, [n, K − 1]; the first and last bins reach to infinity.
        int bins = knots.Length - 1;
        double[] slopes = [.. Enumerable.Range(0, bins).Select(k => (scores[k + 1] - scores[k]) / (knots[k + 1] - knots[k]))];
        OnnxValue Row(double[] numbers) => graph.Constant(numbers, [1, numbers.Length]);
        double[] least = new double[bins], most = [.. Enumerable.Range(0, bins).Select(k => knots[k + 1] - knots[k])];
        (least[0], most[^1]) = (double.NegativeInfinity, double.PositiveInfinity);
        var above = graph.Node("Sub", [x, Row(knots[..bins])]);
        var parts = graph.Node("Max", [graph.Node("Min", [above, Row(most)]), Row(least)]);
        var sum = Sum(graph.Node("Mul", [parts, Row(slopes)]));
        double[] steps = new double[bins];
        for (int k = 1; k < bins; k++)
            steps[k] = Math.Log(slopes[k]) - Math.Log(slopes[k - 1]);
        var isPast = graph.Node(
            "Cast",
            [graph.Node("Not", [graph.Node("Less", [x, Row(knots[..bins])])])],
            OnnxArgument.Of("to", (long)OnnxElement.Double));
        var logSlope = Sum(graph.Node("Mul", [isPast, Row(steps)]));
        return (
            graph.Node("Add", [sum, Number(graph, scores[0])]),
            graph.Node("Add", [logSlope, Number(graph, Math.Log(slopes[0]))]));

        OnnxValue Sum(OnnxValue terms) =>
            graph.Node("ReduceSum", [terms], OnnxArgument.Of("axes", [1L]), OnnxArgument.Of("keepdims", 1L));
    }

    internal override void Write(BinaryWriter writer) => Put(writer, Tag, [.. knots, .. scores]);

    /// <summary>Whether both halves rise.</summary>
    internal static bool Rises(double[] numbers)
    {
        int half = numbers.Length / 2;
        for (int k = 1; k < numbers.Length; k++)
        {
            if (k != half && !(numbers[k] > numbers[k - 1]))
                return false;
        }
        return numbers.All(double.IsFinite);
    }

    private static double Along(double[] from, double[] to, double x)
    {
        int k = Place(from, x);
        return to[k] + (x - from[k]) * ((to[k + 1] - to[k]) / (from[k + 1] - from[k]));
    }

    /// <summary>The bin on whose left a number lies no more: 0 to K − 2.</summary>
    private static int Place(double[] knots, double x)
    {
        int found = Array.BinarySearch(knots, x);
        return Math.Clamp(found >= 0 ? found : ~found - 1, 0, knots.Length - 2);
    }
}
