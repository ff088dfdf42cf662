using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ProbML.GaussianProcesses;

namespace ProbML.Benchmarks;

/// <summary>
/// Sparse Gaussian processes on Friedman's function of 8 features, noise of standard deviation one, rows drawn as they are read;
/// peer_gp_sparse.py computes the same bounds and derivatives with PyTorch.
/// </summary>
/// <remarks>
/// Arguments: "fit" sgpr | svgp | cg | exact, rows, inducing inputs, steps (of SVGP), or "class", rows, inducing inputs, steps: two classes by
/// SVGP, or "step": seconds of one evaluation of the bounds with all
/// derivatives, of so many rows, inducing inputs and rows a batch; a folder takes the rows, for peer_gp_sparse.py.
/// </remarks>
internal static class GpSparseBenchmark
{
    private const int Features = 8, TestRows = 10_000, Repetitions = 7;

    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (args is ["fit", _, _, ..])
            return Fit(args[1], Number(args[2]), args.Length > 3 ? Number(args[3]) : 200, args.Length > 4 ? Number(args[4]) : 2000);
        if (args is ["class", ..])
            return Classify(args.Length > 1 ? Number(args[1]) : 100_000, args.Length > 2 ? Number(args[2]) : 100, args.Length > 3 ? Number(args[3]) : 500);
        if (args is ["step", ..])
            return Step(args.Length > 1 ? Number(args[1]) : 20_000, args.Length > 2 ? Number(args[2]) : 200, args.Length > 3 ? Number(args[3]) : 1024,
                args.Length > 4 ? args[4] : null);
        Console.Error.WriteLine("usage: ProbML.Benchmarks gp-sparse fit sgpr|svgp|cg|exact <rows> [inducing] [steps] | class [rows] [inducing] [steps] | step [rows] [inducing] [batch] [folder]");
        return 2;
    }

    private static int Fit(string inference, int rows, int inducing, int steps)
    {
        var options = new GaussianProcessOptions
        {
            Inference = inference switch
            {
                "sgpr" => new SparseVariationalInference { InducingInputs = inducing },
                "svgp" => new StochasticVariationalInference { InducingInputs = inducing, Steps = steps },
                "cg" => new ConjugateGradientInference(),
                _ => GaussianProcessInference.Exact,
            },
            Seed = 1,
        };
        var watch = Stopwatch.StartNew();
        var model = new GaussianProcessFitter(options).Fit(new FriedmanDesign(rows, 1), TrainingMonitor.None);
        double seconds = watch.Elapsed.TotalSeconds;
        var (x, y) = FriedmanDesign.Rows(TestRows, 2);
        var scores = new float[TestRows * model.Outputs.Count];
        watch.Restart();
        model.Score(new RowBlock(TestRows, Features, x, y), new OutputBlock(scores, model.Outputs.Count));
        double scoring = watch.Elapsed.TotalSeconds, squares = 0, density = 0;
        int width = model.Outputs.Count, place = model.Outputs.ToList().FindIndex(column => column.Name == ColumnNames.LogDensity);
        for (int i = 0; i < TestRows; i++)
        {
            squares += Math.Pow(scores[i * width] - y[i], 2) / TestRows;
            density += scores[i * width + place] / TestRows;
        }
        Print($"{model.Inference}, {rows} rows, {inducing} inducing inputs: {seconds:F1} s, {rows / seconds:F0} rows/s, "
            + $"peak {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB");
        Print($"test RMSE {Math.Sqrt(squares):F4} (1 is the noise), log density {density:F4} (-1.4189 is the truth's), "
            + $"{TestRows / scoring:F0} predictions with variance a second; {model.Summary.Evaluations} evaluations, "
            + $"log likelihood or bound {model.Summary.LogMarginalLikelihood:F1}");
        return 0;
    }

    private static int Classify(int rows, int inducing, int steps)
    {
        var options = new GaussianProcessOptions
        {
            Inference = new StochasticVariationalInference { InducingInputs = inducing, Steps = steps }, Seed = 1, Restarts = 0,
        };
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var model = new GaussianProcessFitter(options, PredictionTask.BinaryClassification)
            .Fit(new FriedmanDesign(rows, 1, ofClasses: true), TrainingMonitor.None);
        double seconds = watch.Elapsed.TotalSeconds, processor = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        var (x, _) = FriedmanDesign.Rows(TestRows, 2);
        var scores = new float[TestRows * model.Outputs.Count];
        model.Score(new RowBlock(TestRows, Features, x), new OutputBlock(scores, model.Outputs.Count));
        int width = model.Outputs.Count, place = model.Outputs.ToList().FindIndex(column => column.Name == ColumnNames.Probability);
        double loss = 0, least = 0, error = 0, bayes = 0;
        for (int i = 0; i < TestRows; i++)
        {
            // Expected over labels, so that the truth's figures have no noise of their own.
            double truth = FriedmanDesign.Probability(x.AsSpan(i * Features, Features)), p = scores[i * width + place];
            loss -= (truth * Math.Log(p) + (1 - truth) * Math.Log(1 - p)) / TestRows;
            least -= (truth * Math.Log(truth) + (1 - truth) * Math.Log(1 - truth)) / TestRows;
            error += (p > 0.5 ? 1 - truth : truth) / TestRows;
            bayes += Math.Min(truth, 1 - truth) / TestRows;
        }
        Print($"SVGP of two classes, {rows} rows, {inducing} inducing inputs, {steps} steps: {seconds:F1} s ({processor:F1} s of processor), "
            + $"peak {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB, {model.Summary.Evaluations - steps} passes at the end");
        Print($"expected log loss {loss:F4} (the truth's {least:F4}), error rate {error:F4} (the truth's {bayes:F4}), bound {model.Summary.LogMarginalLikelihood:F1}");
        return 0;
    }

    private static int Step(int rows, int inducing, int batch, string? folder)
    {
        var (x, y) = FriedmanDesign.Rows(rows, 1);
        var z = InputColumns.FromRows(x.AsSpan(0, inducing * Features), Features);
        var kernel = new RbfKernel { Lengthscale = KernelVector.Create<double>([.. Enumerable.Repeat(0.7, Features)]), Variance = 10 };
        var process = new SparseProcess { Kernel = kernel, InducingInputs = z, NoiseVariance = 1.5, Jitter = 1e-6 };
        var design = new MatrixDesign(x, y);
        double collapsed = 0, stochastic = 0;
        var sgpr = Times(() =>
        {
            var posterior = SparsePosterior.Condition(process, design);
            _ = posterior.Gradient(design);
            collapsed = posterior.LogLikelihood;
        });
        var likelihood = new GaussianLogDensity(1.5);
        var some = InputColumns.FromRows(x.AsSpan(0, batch * Features), Features);
        double[] someY = y[..batch], ones = [.. Enumerable.Repeat(1.0, batch)];
        int threads = Environment.ProcessorCount;
        var q = VariationalNormal.Prior(inducing, threads);
        var svgp = Times(() =>
        {
            var at = new VariationalBatch(
                InducingCovariance.Create(kernel, z, 1e-6, threads), some, someY, ones, 0, (double)rows / batch, threads);
            var moved = at.Step(likelihood, VariationalNormal.Prior(inducing, threads), 0.1);
            stochastic = at.Gradient(likelihood, moved).Bound;
        });
        Print($"ProbML   SGPR bound and derivatives {sgpr:F4} s ({collapsed:F6}); SVGP natural step and derivatives {svgp:F4} s ({stochastic:F6})");
        if (folder is null)
            return 0;
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "x.f64"), MemoryMarshal.AsBytes(x.AsSpan()));
        File.WriteAllBytes(Path.Combine(folder, "y.f64"), MemoryMarshal.AsBytes(y.AsSpan()));
        return 0;
    }

    private static double Times(Action action)
    {
        action();
        action();
        var seconds = new double[Repetitions];
        for (int i = 0; i < Repetitions; i++)
        {
            var watch = Stopwatch.StartNew();
            action();
            seconds[i] = watch.Elapsed.TotalSeconds;
        }
        return seconds.Order().ElementAt(Repetitions / 2);
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static void Print(string text) => Console.WriteLine(text);
}

/// <summary>10 sin(π x₁ x₂) + 20 (x₃ − ½)² + 10 x₄ + 5 x₅ + N(0, 1), x uniform, three features of no matter. Friedman (1991).</summary>
/// <remarks>Of classes: P(Y = 1) is the logistic function of that without noise, less 14.4.</remarks>
internal sealed class FriedmanDesign(int rows, int seed, bool ofClasses = false) : Design([.. Enumerable.Range(1, 8).Select(j => $"x{j}")], "y")
{
    public static (double[] X, double[] Y) Rows(int count, int seed)
    {
        double[] x = new double[count * 8], y = new double[count];
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
            y[i] = Draw(random, x.AsSpan(i * 8, 8));
        return (x, y);
    }

    public override IDesignReader OpenReader() => new Reader(rows, new Random(seed), ofClasses);

    public static double Probability(ReadOnlySpan<double> x) => 1 / (1 + Math.Exp(14.4 - Mean(x)));

    private static double Draw(Random random, Span<double> x)
    {
        foreach (ref double value in x)
            value = random.NextDouble();
        return Mean(x) + RandomNormal.Draw(random);
    }

    private static double Mean(ReadOnlySpan<double> x) =>
        10 * Math.Sin(Math.PI * x[0] * x[1]) + 20 * (x[2] - 0.5) * (x[2] - 0.5) + 10 * x[3] + 5 * x[4];

    private sealed class Reader(int rows, Random random, bool ofClasses) : IDesignReader
    {
        private int next;

        public bool Read(RowBuffer buffer)
        {
            buffer.Count = Math.Min(buffer.Capacity, rows - next);
            for (int i = 0; i < buffer.Count; i++)
            {
                var x = buffer.Features.AsSpan(i * 8, 8);
                double y = Draw(random, x);
                buffer.Response[i] = !ofClasses ? y : random.NextDouble() < Probability(x) ? 1 : 0;
                (buffer.Weights[i], buffer.Offsets[i], buffer.RowNumbers[i]) = (1, 0, next + i + 1);
            }
            next += buffer.Count;
            return buffer.Count > 0;
        }

        public void Dispose() => next = rows;
    }
}
