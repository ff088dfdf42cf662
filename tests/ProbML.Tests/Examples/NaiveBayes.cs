namespace ProbML.Examples;

/// <summary>Gaussian naive Bayes, P(k | x) ∝ π_k Π_j N(x_j; μ_kj, σ²_kj).</summary>
internal sealed record NaiveBayes(int BlockSize = 1, int? Threads = null) : IClassFitter<NaiveBayesModel>
{
    public IReadOnlyList<OutputColumn> OutputsFor(int classCount) => NaiveBayesModel.Columns(classCount);

    public IFitter<NaiveBayesModel> FitterFor(IReadOnlyList<string> classNames) => new Fitter(this, classNames);

    private sealed class Fitter(NaiveBayes options, IReadOnlyList<string> classNames) : IFitter<NaiveBayesModel>
    {
        public IReadOnlyList<OutputColumn> Outputs => NaiveBayesModel.Columns(classNames.Count);

        public NaiveBayesModel Fit(Design design, TrainingMonitor monitor)
        {
            var (count, d) = (classNames.Count, design.FeatureCount);
            var moments = design.Sum(() => new ClassMoments(count, d), monitor, options.Threads);
            monitor.Report(new("Moments", 1, 0, 0, TimeSpan.Zero));
            var classes = Enumerable.Range(0, count).ToList();
            int empty = classes.FindIndex(k => moments.Weight(k) == 0);
            if (empty >= 0)
                throw new InvalidOperationException(
                    $"No row of '{design.ResponseName}' is of class '{classNames[empty]}'. Leave it out of the key.");
            double total = classes.Sum(moments.Weight);
            return new(
                options.BlockSize,
                [.. classes.Select(k => Math.Log(moments.Weight(k) / total))],
                [.. classes.Select(k => Enumerable.Range(0, d).Select(j => moments.Mean(k, j)).ToArray())],
                [.. classes.Select(k => Enumerable.Range(0, d).Select(j => moments.Variance(k, j)).ToArray())]);
        }
    }
}

/// <summary>Gives the probabilities of the classes, ln p(x, k) of each, and ln P(label | x).</summary>
[ModelKey("ExampleNaiveBayes")]
internal sealed record NaiveBayesModel(int BlockSize, double[] LogPriors, double[][] Means, double[][] Variances)
    : IScoringModel<NaiveBayesModel>
{
    public int FeatureCount => Means[0].Length;

    public IReadOnlyList<OutputColumn> Outputs => Columns(LogPriors.Length);

    public static IReadOnlyList<OutputColumn> Columns(int classCount) =>
    [
        new(ColumnNames.LogDensity),
        new(ColumnNames.Score, classCount, IsNormalized: true),
        new("LogJoint", classCount),
    ];

    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        int count = LogPriors.Length;
        Span<double> joint = stackalloc double[count];
        for (int i = 0; i < rows.Count; i++)
        {
            double largest = double.NegativeInfinity, sum = 0;
            for (int k = 0; k < count; k++)
                largest = Math.Max(largest, joint[k] = LogJoint(k, rows.Row(i)));
            foreach (double one in joint)
                sum += Math.Exp(one - largest);
            double evidence = largest + Math.Log(sum), y = rows.ResponseOrNaN(i);
            var row = outputs.Row(i);
            row[0] = (float)(double.IsNaN(y) ? double.NaN : joint[(int)y] - evidence);
            for (int k = 0; k < count; k++)
                (row[1 + k], row[1 + count + k]) = ((float)Math.Exp(joint[k] - evidence), (float)joint[k]);
        }
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(BlockSize);
        writer.Write(LogPriors.Length);
        writer.Write(FeatureCount);
        foreach (var numbers in new[] { LogPriors }.Concat(Means).Concat(Variances))
            foreach (double number in numbers)
                writer.Write(number);
    }

    public static NaiveBayesModel Read(BinaryReader reader)
    {
        int block = reader.ReadInt32(), count = reader.ReadInt32(), d = reader.ReadInt32();
        if (count < 2 || d < 0 || (long)count * (2L * d + 1) > reader.BaseStream.Length / sizeof(double))
            throw new FormatException($"{count} classes of {d} features cannot be in so few bytes.");
        double[] Numbers(int length) => [.. Enumerable.Range(0, length).Select(_ => reader.ReadDouble())];
        double[][] Rows() => [.. Enumerable.Range(0, count).Select(_ => Numbers(d))];
        return new(block, Numbers(count), Rows(), Rows());
    }

    private double LogJoint(int k, ReadOnlySpan<double> x)
    {
        double joint = LogPriors[k];
        for (int j = 0; j < x.Length; j++)
        {
            double z = x[j] - Means[k][j], variance = Variances[k][j];
            joint -= 0.5 * (z * z / variance + Math.Log(2 * Math.PI * variance));
        }
        return joint;
    }
}
