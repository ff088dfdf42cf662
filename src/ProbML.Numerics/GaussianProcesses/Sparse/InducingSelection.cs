namespace ProbML.GaussianProcesses;

/// <summary>How inducing inputs are chosen from the rows.</summary>
public enum InducingSelection
{
    /// <summary>The centres of k-means, started by k-means++: where the rows are.</summary>
    KMeans,

    /// <summary>
    /// Rows, each of the greatest variance conditional on those before: where the kernel varies. Burt, Rasmussen &amp; van der Wilk
    /// (2020), Convergence of Sparse Variational Inference in Gaussian Processes Regression, §4.1.
    /// </summary>
    GreedyVariance,

    /// <summary>Rows drawn at random.</summary>
    Random,
}

/// <summary>Chooses inducing inputs.</summary>
public static class InducingInputs
{
    /// <summary>Inducing inputs for a kernel, from rows: as many as wanted, or fewer where the rows have no more to tell.</summary>
    /// <param name="rows">The rows, or a sample of them, [n, d]; equal rows are welcome.</param>
    /// <param name="count">How many are wanted, m.</param>
    /// <param name="selection">How they are chosen.</param>
    /// <param name="kernel">The kernel, at which <see cref="InducingSelection.GreedyVariance"/> looks.</param>
    /// <param name="random">Of k-means++ and of random rows.</param>
    /// <param name="monitor">Asked for cancellation.</param>
    /// <exception cref="ArgumentException">There are no rows, or the kernel does not fit their features.</exception>
    /// <exception cref="OperationCanceledException">The monitor says so.</exception>
    public static InputColumns Choose(
        InputColumns rows, int count, InducingSelection selection, Kernel kernel, Random random, TrainingMonitor? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfZero(rows.Rows, nameof(rows));
        monitor ??= TrainingMonitor.None;
        if (selection == InducingSelection.KMeans && kernel.IndexDims.Any())
            throw new ArgumentException(
                $"The centres of k-means name no output of {kernel}: choose InducingSelection.GreedyVariance, or Random.", nameof(selection));
        return selection switch
        {
            InducingSelection.KMeans => KMeans.Centres(rows, count, random, monitor),
            InducingSelection.GreedyVariance => Rows(
                rows, PivotedCholesky.Of(kernel.ForFeatures(rows.Features), rows, count, tolerance: 0, monitor).Pivots),
            InducingSelection.Random => Rows(rows, Distinct(rows, random, count)),
            _ => throw new ArgumentOutOfRangeException(nameof(selection), selection, "There is no such selection."),
        };
    }

    private static int[] Distinct(InputColumns rows, Random random, int count)
    {
        int[] order = [.. Enumerable.Range(0, rows.Rows)];
        random.Shuffle(order);
        var row = new double[rows.Features];
        var seen = new HashSet<string>();
        return
        [
            .. order.Where(i =>
            {
                rows.CopyRow(i, row);
                return seen.Add(Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(row)));
            }).Take(count),
        ];
    }

    private static InputColumns Rows(InputColumns rows, int[] chosen)
    {
        int d = rows.Features;
        var values = new double[chosen.Length * d];
        for (int k = 0; k < chosen.Length; k++)
            rows.CopyRow(chosen[k], values.AsSpan(k * d, d));
        return InputColumns.FromRows(values, d);
    }
}
