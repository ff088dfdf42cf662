using System.Numerics.Tensors;

namespace ProbML.GaussianProcesses;

/// <summary>All rows of a design in memory, as a process that needs them at once is given them: scaled, and limited in number.</summary>
internal sealed class GaussianProcessRows
{
    public GaussianProcessRows(InputColumns x, double[] y, double[] weights, double[] offsets, GaussianProcessScaling scaling) =>
        (X, Y, Weights, Offsets, Scaling) = (x, y, weights, offsets, scaling);

    /// <summary>The inputs, scaled, [n, d].</summary>
    public InputColumns X { get; }

    /// <summary>The response, scaled, less the offset unless that is f's, [n].</summary>
    public double[] Y { get; }

    /// <summary>[n]; empty: all one.</summary>
    public double[] Weights { get; }

    /// <summary>What is added to f, [n]; empty: nothing, or it was taken from the response.</summary>
    public double[] Offsets { get; }

    /// <summary>Σ weights.</summary>
    public double WeightSum => Weights.Length == 0 ? Count : TensorPrimitives.Sum<double>(Weights);

    /// <summary>How they were scaled.</summary>
    public GaussianProcessScaling Scaling { get; }

    /// <summary>n.</summary>
    public int Count => Y.Length;

    /// <summary>The smallest and the largest standard deviation of a feature that varies.</summary>
    public (double Least, double Most) Spread
    {
        get
        {
            double least = double.PositiveInfinity, most = 0;
            for (int j = 0; j < X.Features; j++)
            {
                var column = X.Column(j);
                if (TensorPrimitives.Min(column) == TensorPrimitives.Max(column))
                    continue;
                double deviation = GaussianProcessScaling.Moments(column).Deviation;
                (least, most) = (Math.Min(least, deviation), Math.Max(most, deviation));
            }
            return most > 0 ? (least, most) : (1, 1);
        }
    }

    /// <summary>The variance of the scaled target; 1 where it is constant.</summary>
    public double TargetVariance => Math.Pow(GaussianProcessScaling.Moments(Y).Deviation, 2);

    /// <summary>Whether all targets are equal, up to rounding.</summary>
    public required bool IsConstant { get; init; }

    /// <summary>Reads the rows of positive weight.</summary>
    /// <param name="design">Where they come from.</param>
    /// <param name="options">Whether they are scaled, and how much memory there is.</param>
    /// <param name="standardizeTarget">Whether the target may be scaled at all.</param>
    /// <param name="matrices">How many n × n matrices of Double the inference needs at once; 0: none.</param>
    /// <param name="monitor">Cancellation.</param>
    /// <param name="likelihood">What responses must suit; null: a normal one.</param>
    /// <exception cref="InvalidOperationException">There are no rows, too many, or one that is not finite.</exception>
    public static GaussianProcessRows Read(
        Design design, GaussianProcessOptions options, bool standardizeTarget, int matrices, TrainingMonitor monitor,
        LatentLikelihood? likelihood = null)
    {
        _ = options.Kernel.ForFeatures(design.FeatureCount);   // says what it looks at and is not there
        List<double> x = [], y = [], weights = [], offsets = [];
        bool isLatent = likelihood is { ScalesTarget: false };
        int d = design.FeatureCount;
        long most = MostRows(options, matrices), count = 0;
        var buffer = design.RentBuffer();
        using (var reader = design.OpenReader())
        {
            while (reader.Read(buffer))
            {
                monitor.ThrowIfCancelled();
                var rows = buffer.Block;
                for (int i = 0; i < rows.Count; i++)
                {
                    if (!(rows.Weight(i) > 0) || ++count > most)
                        continue;
                    Check(design.FeatureNames, design.ResponseName, rows, i, likelihood, options.Kernel);
                    x.AddRange(rows.Row(i));
                    y.Add(rows.Response[i] - (isLatent ? 0 : rows.Offset(i)));
                    offsets.Add(rows.Offset(i));
                    weights.Add(rows.Weight(i));
                }
            }
        }
        design.ReturnBuffer(buffer);
        if (count == 0)
            throw new InvalidOperationException(
                "No valid training instances found, all instances have missing features, label or weight, or weight zero.");
        if (count > most)
            throw TooMany(count, most, options, matrices);
        double[] features = [.. x], target = [.. y];
        double least = target.Min(), largest = target.Max();
        bool isConstant = largest - least <= 1e-14 * Math.Max(Math.Abs(least), Math.Abs(largest));
        var scaling = GaussianProcessScaling.Of(
            features, target, d, options.StandardizeFeatures, standardizeTarget && options.StandardizeLabel, options.IndexDims);
        scaling.Apply(features);
        for (int i = 0; i < target.Length; i++)
            target[i] = scaling.Target(target[i]);
        return new(InputColumns.FromRows(features, d), target, weights.TrueForAll(w => w == 1) ? [] : [.. weights],
            isLatent && !offsets.TrueForAll(offset => offset == 0) ? [.. offsets] : [], scaling)
        {
            IsConstant = isConstant,
        };
    }

    /// <summary>A random subset of the rows, in their order.</summary>
    public GaussianProcessRows Subset(int count, Random random)
    {
        int[] places = [.. Enumerable.Range(0, Count)];
        random.Shuffle(places);
        Array.Sort(places, 0, count);
        int d = X.Features;
        double[] rows = new double[count * d], y = new double[count], weights = new double[Weights.Length == 0 ? 0 : count];
        var offsets = new double[Offsets.Length == 0 ? 0 : count];
        for (int i = 0; i < count; i++)
        {
            X.CopyRow(places[i], rows.AsSpan(i * d, d));
            y[i] = Y[places[i]];
            if (weights.Length > 0)
                weights[i] = Weights[places[i]];
            if (offsets.Length > 0)
                offsets[i] = Offsets[places[i]];
        }
        return new(InputColumns.FromRows(rows, d), y, weights, offsets, Scaling) { IsConstant = IsConstant };
    }

    /// <summary>The most rows whose matrices fit into the memory that there is.</summary>
    private static long MostRows(GaussianProcessOptions options, int matrices) => matrices == 0 ? Array.MaxLength : Math.Min(
        (long)Math.Sqrt(Available(options) / (8.0 * matrices)), (long)Math.Sqrt(Array.MaxLength));

    private static long Available(GaussianProcessOptions options)
    {
        if (options.MemoryLimit is { } limit)
            return limit;
        var info = GC.GetGCMemoryInfo();
        return Math.Max(info.TotalAvailableMemoryBytes - info.MemoryLoadBytes, info.TotalAvailableMemoryBytes / 8);
    }

    private static InvalidOperationException TooMany(long count, long most, GaussianProcessOptions options, int matrices) => new(
        FormattableString.Invariant(
            $"A Gaussian process of {count} rows needs {8.0 * matrices * count * count / 1e9:G3} GB for its covariance, ")
        + FormattableString.Invariant($"but {Available(options) / 1e9:G3} GB are free: {most} rows fit. ")
        + "Take fewer rows, raise MemoryLimit, or choose a sparse inference (SGPR; SVGP, which streams).");

    /// <summary>That all responses are equal.</summary>
    public static InvalidOperationException Constant(Design design, long rows) => new(
        $"All {rows} responses in '{design.ResponseName}' are equal: their variance is zero, and the marginal likelihood has "
        + "no maximum. Check the label column, or give the hyperparameters and set Optimize to false.");

    /// <summary>Throws where a row is not finite, its response does not suit the likelihood, or its features not the kernel.</summary>
    public static void Check(
        IReadOnlyList<string> features, string response, in RowBlock rows, int i, LatentLikelihood? likelihood, Kernel kernel)
    {
        var row = rows.Row(i);
        for (int j = 0; j < row.Length; j++)
        {
            if (!double.IsFinite(row[j]))
                throw new InvalidOperationException(
                    $"Features must be finite, but row {rows.RowNumber(i)} of '{features[j]}' is {row[j]}. Remove such rows.");
        }
        if (kernel.Fault(row) is { } wrong)
            throw new InvalidOperationException(
                $"The feature '{features[wrong.Feature]}' {wrong.Must}, but row {rows.RowNumber(i)} has {row[wrong.Feature]}.");
        if (!double.IsFinite(rows.Response[i] - rows.Offset(i)))
            throw new InvalidOperationException(
                $"Responses must be finite, but row {rows.RowNumber(i)} of '{response}' is {rows.Response[i]}. "
                + "Remove such rows.");
        if (likelihood?.Fault(rows.Response[i]) is { } fault)
            throw new InvalidOperationException(
                $"Responses of the likelihood {likelihood} {fault}, but row {rows.RowNumber(i)} of '{response}' is "
                + $"{rows.Response[i]}. Remove such rows, or choose another likelihood.");
    }
}
