using System.Globalization;
using ProbML.Sharding;

namespace ProbML.Fitting;

/// <summary>The weight of each class, and the first row whose label is none of them.</summary>
internal sealed class ClassCounts(int classes) : IBlockSum<ClassCounts>, IShardSum
{
    public const string Kind = "class-counts";

    private long badRow;
    private double badLabel;

    /// <summary>Σw of each class, [K].</summary>
    public double[] Weights { get; } = new double[classes];

    /// <summary>Counts the rows of a design.</summary>
    /// <exception cref="InvalidOperationException">A label is not a class, or a class has no rows.</exception>
    public static double[] Of(Design design, IReadOnlyList<string> names, TrainingMonitor monitor, int? threads)
    {
        var sum = design.Sum(() => new ClassCounts(names.Count), monitor, threads);
        string y = design.ResponseName;
        if (sum.badRow > 0)
            throw new InvalidOperationException(
                $"Labels must be class indices from 0 to {names.Count - 1}, but {design.DescribeRow(sum.badRow)} of '{y}' is "
                + (design.DescribeResponse(sum.badLabel) ?? sum.badLabel.ToString("R", CultureInfo.InvariantCulture))
                + ". Remove such rows, or name all the classes.");
        if (sum.Weights.All(w => w == 0))
            throw new InvalidOperationException(
                "No valid training instances found, all instances have missing features, label or weight, or weight zero.");
        string[] empty = [.. names.Where((_, k) => sum.Weights[k] == 0)];
        if (empty.Length > 0)
            throw new InvalidOperationException(
                $"Class '{string.Join("', '", empty)}' of '{y}' has no rows (or only rows of weight zero): its probability "
                + "cannot be estimated. Leave the class out of the classes, or add rows of it.");
        return sum.Weights;
    }

    /// <summary>The log-likelihood of the classes' shares.</summary>
    public static double LogLikelihood(double[] weights) => weights.Sum(w => w * Math.Log(w / weights.Sum()));

    /// <summary>Checks the names given to a fitter.</summary>
    /// <exception cref="ArgumentException">Fewer than two, or one twice.</exception>
    public static string[] Check(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count < 2)
            throw new ArgumentException(
                $"A model of classes needs two or more of them, but {names.Count} were named.", nameof(names));
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"Class '{twice.Key}' is named {twice.Count()} times.", nameof(names));
        return [.. names];
    }

    public void Clear()
    {
        (badRow, badLabel) = (0, 0);
        Array.Clear(Weights);
    }

    public void Add(in RowBlock rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            double y = rows.Response[i];
            if (!(y >= 0 && y < Weights.Length && y == Math.Floor(y)))
            {
                if (badRow == 0)
                    (badRow, badLabel) = (rows.RowNumber(i), y);
                continue;
            }
            if (rows.Weight(i) > 0)
                Weights[(int)y] += rows.Weight(i);
        }
    }

    public void Merge(ClassCounts other)
    {
        if (badRow == 0)
            (badRow, badLabel) = (other.badRow, other.badLabel);
        for (int k = 0; k < Weights.Length; k++)
            Weights[k] += other.Weights[k];
    }

    string IShardSum.Kind => Kind;

    public static Func<ClassCounts> ReadQuestion(BinaryReader reader, int features)
    {
        int classes = reader.ReadCount("classes");
        return () => new(classes);
    }

    public void WriteQuestion(BinaryWriter writer) => writer.Write(Weights.Length);

    public void WriteAnswer(BinaryWriter writer)
    {
        writer.Write(badRow);
        writer.Write(badLabel);
        writer.WriteArray(Weights);
    }

    public void ReadAnswer(BinaryReader reader)
    {
        (badRow, badLabel) = (reader.ReadInt64(), reader.ReadDouble());
        reader.ReadDoubles(Weights.Length, "weights of classes").CopyTo(Weights, 0);
    }
}
