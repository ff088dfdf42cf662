namespace ProbML;

/// <summary>A point of phase space.</summary>
internal sealed class NutsPoint(int dimension)
{
    public double[] Position { get; } = new double[dimension];

    public double[] Momentum { get; } = new double[dimension];

    public double[] Gradient { get; } = new double[dimension];

    public double LogDensity { get; set; }

    public NutsPoint Copy()
    {
        var copy = new NutsPoint(Position.Length) { LogDensity = LogDensity };
        Position.CopyTo(copy.Position, 0);
        Momentum.CopyTo(copy.Momentum, 0);
        Gradient.CopyTo(copy.Gradient, 0);
        return copy;
    }
}
