namespace ProbML.Fitting;

/// <summary>Draws of everything, chain after chain.</summary>
/// <param name="Count">S.</param>
/// <param name="Border">[S, r + p]: the coefficients of the other factors' groups, then the fixed ones.</param>
/// <param name="Main">[S, J q]: those of the main factor's groups.</param>
/// <param name="Scales">[S, θ]: L of each factor, Σ = LLᵀ, for z as it is scaled, in the order of θ.</param>
/// <param name="LogDispersions">[S], or empty: φ is known.</param>
internal sealed record HierarchicalDraws(int Count, double[] Border, double[] Main, double[] Scales, double[] LogDispersions)
{
    public void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        foreach (double[] part in (double[][])[Border, Main, Scales, LogDispersions])
            writer.WriteArray(part);
    }

    public static HierarchicalDraws Read(BinaryReader reader, MixedLayout layout)
    {
        var draws = new HierarchicalDraws(
            reader.ReadCount("draws"),
            reader.ReadDoubleArray("draws"),
            reader.ReadDoubleArray("draws"),
            reader.ReadDoubleArray("draws"),
            reader.ReadDoubleArray("draws"));
        long s = draws.Count;
        return s > 0 && draws.Border.Length == s * layout.Border && draws.Main.Length == s * layout.Main.Count
            && draws.Scales.Length == s * layout.ThetaCount && (draws.LogDispersions.Length == 0 || draws.LogDispersions.Length == s)
            ? draws
            : throw new FormatException("The draws do not fit each other: the model is damaged.");
    }
}
