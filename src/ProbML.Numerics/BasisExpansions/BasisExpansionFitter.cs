using System.Diagnostics;
using ProbML.Fitting;

namespace ProbML;

/// <summary>Fits basis expansions: one pass for means and ranges, and for the centres that a basis takes from the data.</summary>
public sealed class BasisExpansionFitter : IFitter<BasisExpansionModel>
{
    private readonly string output;
    private readonly BasisExpansion basis;
    private readonly int? threads;

    /// <summary>A fitter for a basis.</summary>
    /// <param name="output">The column to add.</param>
    /// <param name="basis">The functions.</param>
    /// <param name="threads">How many threads share the pass; null: one a core. The result is the same to the last bit.</param>
    public BasisExpansionFitter(string output, BasisExpansion basis, int? threads = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(output);
        ArgumentNullException.ThrowIfNull(basis);
        (this.output, this.basis, this.threads) = (output, basis, threads);
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutputColumn> Outputs => [new(output, basis.Count)];

    /// <inheritdoc/>
    public BasisExpansionModel Fit(Design design, TrainingMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(monitor);
        if (basis.Dimension != 0 && basis.Dimension != design.FeatureCount)
            throw new InvalidOperationException(
                $"The basis is for {basis.Dimension} features, but there are {design.FeatureCount}: {string.Join(", ", design.FeatureNames.Take(10))}. "
                + "Say how many there are where the basis is made.");
        var watch = Stopwatch.StartNew();
        var sum = design.Sum(() => new RangeSum(design.FeatureCount, basis.SampleSize, basis.Seed), monitor, threads);
        monitor.Report(new("Ranges", 1, 0, sum.Rows, watch.Elapsed));
        if (sum.Rows == 0)
            throw new InvalidOperationException(
                "No valid training instances found, all instances have missing features or weight, or weight zero.");
        var ranges = sum.Ranges();
        try
        {
            return new(output, basis, ranges, basis.Prepare(ranges, sum.Sample()));
        }
        catch (ArgumentException e)
        {
            throw new InvalidOperationException(
                $"The basis does not fit the {design.FeatureCount} features ({string.Join(", ", design.FeatureNames.Take(10))}): {e.Message}", e);
        }
    }
}
