namespace ProbML;

public sealed partial class BasisExpansionModel : IOnnxModel
{
    /// <inheritdoc/>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var scope = new OnnxScope(graph);
        var x = scope.Double(rows.Features);
        int d = FeatureCount;
        double[] ranges = [.. this.ranges.Largest.Zip(this.ranges.Least, (largest, least) => largest - least)];
        var z = Scaled(this.ranges.Mean, this.ranges.Deviation);
        var phi = Basis.Emit(z, Scaled(this.ranges.Least, ranges), prepared);
        return new OnnxReal?[] { phi }.Finish(z.RowSum().IsFinite());

        OnnxReal Scaled(double[] origin, double[] unit) =>
            (x - scope.Constant(origin, 1, d)) * scope.Constant([.. unit.Select(u => u > 0 ? 1 / u : 0)], 1, d);
    }
}
