using ProbML.Fitting;

namespace ProbML.GaussianProcesses;

/// <summary>Ordered classes of one latent function: P(Y ≤ j) = E F(τⱼ − f).</summary>
internal sealed class OrdinalPredictor(LatentPosterior posterior, OrdinalLikelihood likelihood) : ClassPredictor
{
    public const string Name = "ordinal";
    private const int FormatVersion = 1;

    private static readonly double[] Nodes = [.. Enumerable.Range(-85, 171).Select(k => 0.1 * k)];

    public override Kernel Kernel => posterior.Kernel;

    public override int ClassCount => likelihood.ClassCount;

    public override int Features => posterior.Features;

    public override string Likelihood => likelihood.ToString();

    public override void Predict(InputColumns x, Span<double> probabilities, Span<double> squares)
    {
        int classes = ClassCount;
        double[] mean = new double[x.Rows], variance = new double[x.Rows], row = new double[Features], each = new double[classes];
        posterior.Predict(x, mean, variance, threads: 1);
        probabilities.Clear();
        squares.Clear();
        for (int i = 0; i < x.Rows; i++)
        {
            x.CopyRow(i, row);
            double sigma = Math.Sqrt(variance[i] + Kernel.WhiteDiagonal(row));
            var rule = GaussianRule.For(sigma);
            Span<double> p = probabilities.Slice(i * classes, classes), square = squares.Slice(i * classes, classes);
            for (int k = 0; k < rule.Count; k++)
            {
                likelihood.Probabilities(mean[i] + sigma * rule.Node(k), each);
                for (int c = 0; c < classes; c++)
                {
                    p[c] += rule.Weight(k) * each[c];
                    square[c] += rule.Weight(k) * each[c] * each[c];
                }
            }
        }
    }

    public override (OnnxReal Probabilities, OnnxReal Squares) Emit(OnnxScope scope, OnnxReal x)
    {
        var (mean, variance, white) = posterior.Emit(scope, x, wantsVariance: true);
        var f = mean + (variance!.Value + white!.Value).Sqrt() * scope.Constant(Nodes, 1, Nodes.Length);
        var weights = scope.Constant([.. Nodes.Select(z => 0.1 * NormalDistribution.Density(z))], Nodes.Length, 1);
        var (p, squares) = (new OnnxReal[ClassCount], new OnnxReal[ClassCount]);
        OnnxReal below = 0 * f, above = 0 * f + 1;        // P(Y < k), P(Y ≥ k)
        for (int k = 0; k < ClassCount; k++)
        {
            var upper = k + 1 < ClassCount
                ? likelihood.Link.Inverse(likelihood.Thresholds[k] - f)
                : new OnnxMean(0 * f + 1, 0 * f, 0 * f);
            var each = scope.Choose(below < 0.5, upper.Mean - below, above - upper.Complement);
            (p[k], squares[k]) = (each.Times(weights), (each * each).Times(weights));
            (below, above) = (upper.Mean, upper.Complement);
        }
        return (scope.Join(p), scope.Join(squares));
    }

    public override void Write(BinaryWriter writer)
    {
        writer.Write(Name);
        writer.Write(FormatVersion);
        writer.Write(likelihood.Link.Name);
        writer.WriteArray([.. likelihood.Thresholds]);
        posterior.Write(writer);
    }

    public static OrdinalPredictor ReadBody(BinaryReader reader)
    {
        reader.ReadVersion(FormatVersion, "Gaussian process");
        var link = Links.Parse(reader.ReadString());
        double[] thresholds = reader.ReadDoubleArray("thresholds");
        try
        {
            return new(LatentPosterior.Read(reader), new OrdinalLikelihood(KernelVector.Create<double>(thresholds), link));
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"The Gaussian process's thresholds are damaged: {e.Message}", e);
        }
    }
}
