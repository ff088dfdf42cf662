namespace ProbML.Vae;

/// <summary>
/// How an encoder's numbers make a Gaussian, [μ | ln of the factor's squared diagonal | its rows below it], and what a flow
/// takes of them: the rest.
/// </summary>
internal readonly record struct PosteriorNumbers(PosteriorCovariance Covariance, int Dimension, int ContextSize = 0)
{
    private const double LogTwoPi = 1.837877066409345483560659472811;

    /// <summary>How many there are.</summary>
    public int Width => GaussianWidth + ContextSize;

    /// <summary>How many of them are of the Gaussian.</summary>
    public int GaussianWidth => 2 * Dimension + BelowDiagonal;

    private int BelowDiagonal => Covariance == PosteriorCovariance.Full ? Dimension * (Dimension - 1) / 2 : 0;

    /// <summary>z = μ + L ε; returns ln q(z).</summary>
    public double Draw(ReadOnlySpan<float> numbers, ReadOnlySpan<double> noise, Span<float> z)
    {
        double sum = Dimension * LogTwoPi;
        for (int i = 0, below = 2 * Dimension; i < Dimension; i++)
        {
            double logVariance = numbers[Dimension + i], value = numbers[i] + Math.Exp(0.5 * logVariance) * noise[i];
            for (int j = 0; j < i && Covariance == PosteriorCovariance.Full; j++)
                value += numbers[below++] * noise[j];
            z[i] = (float)value;
            sum += noise[i] * noise[i] + logVariance;
        }
        return -0.5 * sum;
    }

    /// <summary>The standard deviation of each dimension, the length of its row of L.</summary>
    public void StandardDeviation(ReadOnlySpan<float> numbers, Span<float> deviation)
    {
        for (int i = 0, below = 2 * Dimension; i < Dimension; i++)
        {
            double variance = Math.Exp(numbers[Dimension + i]);
            for (int j = 0; j < i && Covariance == PosteriorCovariance.Full; j++, below++)
                variance += (double)numbers[below] * numbers[below];
            deviation[i] = (float)Math.Sqrt(variance);
        }
    }

    /// <summary>KL(q ‖ N(0, I)) = ½ (Σ Lᵢⱼ² + |μ|² − k) − Σ ln Lᵢᵢ.</summary>
    public double KlToStandardNormal(ReadOnlySpan<float> numbers)
    {
        double sum = 0;
        for (int i = 0; i < Dimension; i++)
            sum += (double)numbers[i] * numbers[i] + Math.Exp(numbers[Dimension + i]) - 1 - numbers[Dimension + i];
        foreach (float entry in numbers[(2 * Dimension)..GaussianWidth])
            sum += (double)entry * entry;
        return 0.5 * sum;
    }

    /// <summary>ln N(z; μ, diag σ²) of numbers [μ | ln σ²].</summary>
    public static double LogDensity(ReadOnlySpan<float> numbers, ReadOnlySpan<float> z)
    {
        double sum = z.Length * LogTwoPi;
        for (int i = 0; i < z.Length; i++)
        {
            double residual = (double)z[i] - numbers[i], logVariance = numbers[z.Length + i];
            sum += residual * residual * Math.Exp(-logVariance) + logVariance;
        }
        return -0.5 * sum;
    }

    /// <summary>ln N(z; 0, I).</summary>
    public static double LogStandardNormal(ReadOnlySpan<float> z)
    {
        double sum = z.Length * LogTwoPi;
        foreach (float value in z)
            sum += (double)value * value;
        return -0.5 * sum;
    }

    /// <summary>The standard deviations as ONNX operators, [n, k].</summary>
    public OnnxValue EmitStandardDeviation(IOnnxGraph graph, OnnxValue numbers)
    {
        var logVariance = Part(graph, numbers, Dimension, Dimension);
        if (BelowDiagonal == 0)
            return graph.Node("Exp", [graph.Node("Mul", [logVariance, graph.Constant([0.5f], [])])]);
        var entries = Part(graph, numbers, 2 * Dimension, BelowDiagonal);
        var squares = EmitRowSums(graph, graph.Node("Mul", [entries, entries]));
        return graph.Node("Sqrt", [graph.Node("Add", [graph.Node("Exp", [logVariance]), squares])]);
    }

    /// <summary>The means as ONNX operators, [n, k].</summary>
    public OnnxValue EmitMean(IOnnxGraph graph, OnnxValue numbers) => Part(graph, numbers, 0, Dimension);

    /// <summary>μ + L ε as ONNX operators, [n, k], for one ε, [k].</summary>
    public OnnxValue EmitDraw(IOnnxGraph graph, OnnxValue numbers, OnnxValue noise)
    {
        var half = graph.Node("Mul", [Part(graph, numbers, Dimension, Dimension), graph.Constant([0.5f], [1])]);
        var step = graph.Node("Mul", [graph.Node("Exp", [half]), noise]);
        if (BelowDiagonal > 0)
        {
            var columns = new List<long>();
            for (int i = 0; i < Dimension; i++)
            {
                for (int j = 0; j < i; j++)
                    columns.Add(j);
            }
            var factors = graph.Node("Gather", [noise, graph.Constant(columns.ToArray(), [BelowDiagonal])]);
            var products = graph.Node("Mul", [Part(graph, numbers, 2 * Dimension, BelowDiagonal), factors]);
            step = graph.Node("Add", [step, EmitRowSums(graph, products)]);
        }
        return graph.Node("Add", [EmitMean(graph, numbers), step]);
    }

    /// <summary>What a flow takes, as ONNX operators, [n, c].</summary>
    public OnnxValue EmitContext(IOnnxGraph graph, OnnxValue numbers) => Part(graph, numbers, GaussianWidth, ContextSize);

    /// <summary>Sums of entries below the diagonal over each row of L, [n, k].</summary>
    private OnnxValue EmitRowSums(IOnnxGraph graph, OnnxValue entries)
    {
        var rows = new float[BelowDiagonal * Dimension];                   // which entry lies in which row of L
        for (int i = 0, below = 0; i < Dimension; i++)
        {
            for (int j = 0; j < i; j++, below++)
                rows[below * Dimension + i] = 1;
        }
        return graph.Node("MatMul", [entries, graph.Constant(rows, [BelowDiagonal, Dimension])]);
    }

    private static OnnxValue Part(IOnnxGraph graph, OnnxValue numbers, long start, long count) => graph.Node(
        "Slice",
        [numbers, graph.Constant([start], [1]), graph.Constant([start + count], [1]), graph.Constant([1L], [1])]);
}
