namespace ProbML.DensityRatios;

/// <summary>A pass over rows one by one, in their order.</summary>
internal static class RowPass
{
    /// <summary>What is done with a row: its features, response and weight.</summary>
    public delegate void RowAction(ReadOnlySpan<double> x, double y, double w);

    /// <summary>Does it with each row of positive weight.</summary>
    public static void EachRow(this Design design, TrainingMonitor monitor, RowAction action)
    {
        var buffer = design.RentBuffer();
        using (var reader = design.OpenReader())
        {
            while (reader.Read(buffer))
            {
                monitor.ThrowIfCancelled();
                var block = buffer.Block;
                for (int i = 0; i < block.Count; i++)
                    if (block.Weight(i) > 0)
                        action(block.Row(i), block.Response[i], block.Weight(i));
            }
        }
        design.ReturnBuffer(buffer);
    }
}
