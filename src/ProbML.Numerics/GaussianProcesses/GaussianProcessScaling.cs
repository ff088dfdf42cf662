using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>How features and target are shifted and scaled before a Gaussian process sees them: z = (x − a)/s, t = (y − b)/c.</summary>
internal sealed class GaussianProcessScaling
{
    private readonly double[] shift, scale;

    private GaussianProcessScaling(double[] shift, double[] scale, double targetShift, double targetScale) =>
        (this.shift, this.scale, TargetShift, TargetScale) = (shift, scale, targetShift, targetScale);

    /// <summary>a, [d].</summary>
    public ReadOnlySpan<double> Shift => shift;

    /// <summary>s &gt; 0, [d].</summary>
    public ReadOnlySpan<double> Scale => scale;

    /// <summary>b.</summary>
    public double TargetShift { get; }

    /// <summary>c &gt; 0.</summary>
    public double TargetScale { get; }

    /// <summary>Of rows: by their standard deviations (with n, not n − 1), or none; features that are names stay as they are.</summary>
    public static GaussianProcessScaling Of(double[] rows, double[] target, int features, bool standardizeFeatures, bool standardizeTarget,
        IReadOnlySet<int>? names = null)
    {
        int n = target.Length;
        var (shift, scale) = (new double[features], new double[features]);
        for (int j = 0; j < features; j++)
        {
            (shift[j], scale[j]) = (0, 1);
            if (!standardizeFeatures || names?.Contains(j) == true)
                continue;
            var column = new double[n];
            for (int i = 0; i < n; i++)
                column[i] = rows[i * features + j];
            (shift[j], scale[j]) = Moments(column);
        }
        var (targetShift, targetScale) = standardizeTarget ? Moments(target) : (0, 1);
        return new(shift, scale, targetShift, targetScale);
    }

    /// <summary>Of moments that are known.</summary>
    public static GaussianProcessScaling Of(double[] shift, double[] scale, double targetShift, double targetScale) =>
        new(shift, scale, targetShift, targetScale);

    /// <summary>Rows [n, d] as the process sees them, in place.</summary>
    public void Apply(Span<double> rows)
    {
        int d = shift.Length;
        for (int i = 0; i + d <= rows.Length && d > 0; i += d)
        {
            var row = rows.Slice(i, d);
            TensorPrimitives.Subtract(row, shift, row);
            TensorPrimitives.Divide(row, scale, row);
        }
    }

    /// <summary>A target as the process sees it.</summary>
    public double Target(double y) => (y - TargetShift) / TargetScale;

    public void Write(BinaryWriter writer)
    {
        writer.WriteArray(shift);
        writer.WriteArray(scale);
        writer.Write(TargetShift);
        writer.Write(TargetScale);
    }

    public static GaussianProcessScaling Read(BinaryReader reader) => new(
        reader.ReadDoubleArray("feature means"), reader.ReadDoubleArray("feature deviations"), reader.ReadDouble(), reader.ReadDouble());

    /// <summary>The mean and the standard deviation, which is 1 for what is constant up to rounding.</summary>
    internal static (double Mean, double Deviation) Moments(ReadOnlySpan<double> values)
    {
        double mean = TensorPrimitives.Sum(values) / values.Length, squares = 0;
        foreach (double value in values)
            squares += (value - mean) * (value - mean);
        double deviation = Math.Sqrt(squares / values.Length);
        return (mean, deviation > 1e-14 * Math.Abs(mean) && double.IsFinite(deviation) ? deviation : 1);
    }
}
