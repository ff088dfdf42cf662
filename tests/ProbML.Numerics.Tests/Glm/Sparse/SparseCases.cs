namespace ProbML.Glm.Sparse;

/// <summary>The same rows dense and sparse: three one-hot columns, a sparse number, and two dense ones far from zero.</summary>
internal sealed class SparseCases
{
    private const int Rows = 1500;
    private static readonly int[] Levels = [70, 66, 3];
    private static readonly Dictionary<string, Func<double, Random, double>> Responses = new()
    {
        ["bernoulli"] = (eta, random) => random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0,
        ["poisson"] = (eta, random) => Poisson(Math.Exp(0.5 + eta), random),
        ["negative-binomial"] = (eta, random) => Poisson(Math.Exp(0.5 + eta) * Gamma(random), random),
        ["gamma"] = (eta, random) => Math.Exp(eta) * Gamma(random),
        ["inverse-gaussian"] = (eta, random) => Math.Exp(eta) * Gamma(random),
        ["tweedie"] = (eta, random) => random.NextDouble() < 0.3 ? 0 : Math.Exp(eta) * Gamma(random),
        ["gaussian"] = (eta, random) => eta + Gamma(random) - 1,
    };

    private SparseCases(MatrixDesign dense, SparseDesign sparse, double[] features) =>
        (Dense, Sparse, Features) = (dense, sparse, features);

    public MatrixDesign Dense { get; }

    public SparseDesign Sparse { get; }

    /// <summary>[n, d].</summary>
    public double[] Features { get; }

    public static SparseCases Create(string response, bool weights = false, bool offsets = false, int rows = Rows)
    {
        var random = new Random(3);
        var names = Levels.SelectMany((count, c) => Enumerable.Range(1, count).Select(k => $"c{c}={k}"))
            .Concat(["rare", "near", "far"]).ToArray();
        int d = names.Length;
        double[] effects = [.. names.Select(_ => 0.6 * (random.NextDouble() - 0.5))];
        var features = new double[rows * d];
        List<int> starts = [0], indices = [];
        List<double> entries = [];
        double[] y = new double[rows], w = new double[rows], o = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            var row = features.AsSpan(i * d, d);
            int first = 0;
            foreach (int count in Levels)
            {
                row[first + random.Next(count)] = 1;
                first += count;
            }
            row[d - 3] = random.Next(50) == 0 ? random.NextDouble() * 3 : 0;
            row[d - 2] = random.NextDouble() - 0.5;
            row[d - 1] = 2000 + 3 * random.NextDouble();
            double eta = -effects[d - 1] * 2000;
            for (int j = 0; j < d; j++)
            {
                eta += effects[j] * row[j];
                if (row[j] == 0)
                    continue;
                indices.Add(j);
                entries.Add(row[j]);
            }
            starts.Add(indices.Count);
            w[i] = random.Next(5) == 0 ? 0 : 0.5 + random.NextDouble();
            o[i] = offsets ? 0.4 * random.NextDouble() : 0;
            y[i] = Responses[response](eta + o[i], random);
        }
        double[]? weight = weights ? w : null, offset = offsets ? o : null;
        return new(
            new MatrixDesign(features, y, names, weight, offset),
            new SparseDesign(names, [.. starts], [.. indices], [.. entries], y, weight, offset),
            features);
    }

    private static double Gamma(Random random) =>
        -0.5 * (Math.Log(1 - random.NextDouble()) + Math.Log(1 - random.NextDouble()));

    private static double Poisson(double mean, Random random)
    {
        double limit = Math.Exp(-mean), product = random.NextDouble();
        int count = 0;
        for (; product > limit; count++)
            product *= random.NextDouble();
        return count;
    }
}
