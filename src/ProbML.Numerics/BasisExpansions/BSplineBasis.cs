namespace ProbML;

/// <summary>B-splines of each feature on equal intervals.</summary>
internal sealed record BSplineBasis : BasisExpansion
{
    private readonly int intervals, degree, dimension;

    public BSplineBasis(int intervals, int degree, int dimension) => (this.intervals, this.degree, this.dimension) =
        (Check(intervals, 1, 10_000, nameof(intervals)), Check(degree, 1, 10, nameof(degree)), Check(dimension, 1, 10_000, nameof(dimension)));

    public override int Count => dimension * PerFeature;

    internal override int Dimension => dimension;

    private int PerFeature => intervals + degree - 1;

    internal override double[] Prepare(FeatureRanges ranges, IReadOnlyList<double[]> sample) => [];

    internal override void Evaluate(ReadOnlySpan<double> z, ReadOnlySpan<double> x, double[] prepared, Span<float> values)
    {
        values.Clear();
        Span<double> local = stackalloc double[degree + 1];
        for (int j = 0; j < dimension; j++)
        {
            int first = At(x[j], local);
            for (int k = 0; k <= degree; k++)
            {
                if (first + k > 0)                         // the first is left out
                    values[j * PerFeature + first + k - 1] = (float)local[k];
            }
        }
    }

    /// <summary>The cardinal spline of the degree at each function's distance from its first knot. De Boor (1978), ch. X.</summary>
    internal override OnnxReal Emit(OnnxReal z, OnnxReal x, double[] prepared)
    {
        double[] starts = [.. Enumerable.Range(1, PerFeature).Select(i => (double)(i - degree))];
        var u = (x.Max(0).Min(1) * intervals).Unsqueeze(2) - x.Scope.Constant(starts, 1, 1, PerFeature);
        var parts = new OnnxReal[degree + 1];
        for (int r = 0; r <= degree; r++)
            parts[r] = (!(u < r) & (u < r + 1)).ToReal();
        for (int p = 1; p <= degree; p++)
        {
            for (int r = 0; r <= degree - p; r++)
                parts[r] = ((u - r) * parts[r] + (p + 1 + r - u) * parts[r + 1]) / p;
        }
        return parts[0].Reshape(-1, Count);
    }

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(3);
        writer.Write(intervals);
        writer.Write(degree);
        writer.Write(dimension);
    }

    /// <summary>The degree + 1 splines that are not zero at a place in [0, 1], and the number of the first. De Boor (1978), ch. X.</summary>
    internal int At(double place, Span<double> local)
    {
        double t = Math.Clamp(place, 0, 1) * intervals;
        int interval = Math.Min((int)t, intervals - 1);
        Span<double> left = stackalloc double[degree + 1], right = stackalloc double[degree + 1];
        local[0] = 1;
        for (int k = 1; k <= degree; k++)
        {
            left[k] = t - Knot(interval + 1 - k);
            right[k] = Knot(interval + k) - t;
            double saved = 0;
            for (int r = 0; r < k; r++)
            {
                double part = local[r] / (right[r + 1] + left[k - r]);
                local[r] = saved + right[r + 1] * part;
                saved = left[k - r] * part;
            }
            local[k] = saved;
        }
        return interval;
    }

    /// <summary>Equal knots that go on beyond the ends.</summary>
    private static double Knot(int index) => index;
}
