using System.Globalization;
using System.Text.Json.Nodes;
using ProbML.GaussianProcesses;

namespace ProbML.Cli;

/// <summary>Several outputs of a Gaussian process, which a column names: the kernel becomes one of coregionalisation.</summary>
internal static class GpOutputs
{
    private static readonly WhiteKernel white = new();

    /// <exception cref="UsageException">Several outputs do not go with what was asked for.</exception>
    public static void Check(FitRequest request, GaussianProcessOptions options)
    {
        if (request.Gp.Outputs is not string column)
            return;
        ModelChoice.Check(
            request.Gp.OutputRank is not null && Of(options.Kernel).Any(), "--output-rank does not go with a --kernel that has a coregion of its own.");
        ModelChoice.Check(
            options.Likelihood is HeteroscedasticLikelihood,
            $"--outputs {column} does not go with --family heteroscedastic, whose noise has one kernel.");
    }

    /// <summary>The options for the outputs that the file has.</summary>
    /// <remarks>
    /// k(x, x′) B_ij and, where the noise is exact inference's own, a noise variance for each output. B has the scale, so that of a single
    /// kernel is held. A kernel with a coregion of its own stays as it is.
    /// </remarks>
    /// <exception cref="BadDataException">There is a single output.</exception>
    /// <exception cref="UsageException">The kernel is for other outputs.</exception>
    public static GaussianProcessOptions For(FitRequest request, FitPlan plan, GaussianProcessOptions options)
    {
        if (request.Gp.Outputs is not string column)
            return options;
        int count = plan.Terms[^1].Levels!.Count, dim = plan.Terms.Sum(Slots) - 1;
        if (count < 2)
            throw new BadDataException($"--outputs {column}: that column names one output, '{plan.Terms[^1].Levels![0]}', in every row.");
        var own = Of(options.Kernel).ToList();
        if (own.Find(one => one.Outputs != count || one.Dim != dim || one.First != 0) is { } other)
        {
            throw new UsageException(
                $"--kernel has {other}, but '{column}' names {count} outputs and is feature {dim}: write coregion(outputs={count}, dim={dim}).");
        }
        if (own.Count > 0)
            return options;
        KernelVector<int> places = [.. Enumerable.Range(0, dim)];
        bool isSeparate = ModelChoice.Normal(request.Family ?? "gaussian") == "gaussian"
            && options.Inference == GaussianProcessInference.Exact;
        string prefix = isSeparate ? "parts[0]." : "";
        List<string> held = [.. options.Hyperparameters.Fixed];
        if (options.Kernel.ParameterNames.Contains("variance"))
            held.Add($"{prefix}parts[0].variance");
        var kernel = options.Kernel.Over(places) * new CoregionalisationKernel(count, request.Gp.OutputRank ?? 1) { Dim = dim };
        if (isSeparate)
        {
            double start = request.Gp.Noise ?? 0.1;
            kernel += white * new CoregionalisationKernel(count, rank: 0)
            {
                Dim = dim, Variances = KernelVector.Create<double>([.. Enumerable.Repeat(start, count)]),
            };
            held.Add("parts[1].parts[0].variance");
        }
        return options with
        {
            Kernel = kernel,
            Likelihood = isSeparate ? GaussianProcessLikelihood.Gaussian(0, isFixed: true) : options.Likelihood,
            Hyperparameters = options.Hyperparameters with { Fixed = held },
            Inference = options.Inference is StochasticVariationalInference { Selection: InducingSelection.KMeans } batches
                ? batches with { Selection = InducingSelection.GreedyVariance }          // a mean of outputs is none
                : options.Inference,
        };
    }

    /// <summary>The outputs, and the covariance and correlation of the functions behind them.</summary>
    public static JsonObject Report(string column, FitPlan plan, Kernel kernel)
    {
        double[] b = Of(kernel).First().Covariance();
        int count = plan.Terms[^1].Levels!.Count;
        return new()
        {
            ["column"] = column,
            ["names"] = Json.Array(plan.Terms[^1].Levels!),
            ["covariance"] = Matrix((i, j) => b[i * count + j]),
            ["correlation"] = Matrix((i, j) => i == j ? 1 : b[i * count + j] / Math.Sqrt(b[i * count + i] * b[j * count + j])),
        };

        JsonArray Matrix(Func<int, int, double> at) => new([.. Enumerable.Range(0, count).Select(
            i => new JsonArray([.. Enumerable.Range(0, count).Select(j => (JsonNode?)Json.Number(at(i, j)))]))]);
    }

    /// <summary>The correlations as a table.</summary>
    public static void Print(Terminal terminal, JsonNode outputs)
    {
        string[] names = [.. outputs["names"]!.AsArray().Select(name => (string)name!)];
        int width = Math.Max(7, names.Max(name => name.Length));
        terminal.Output.WriteLine();
        terminal.Output.WriteLine($"Correlation of the outputs that '{(string)outputs["column"]!}' names:");
        for (int i = 0; i < names.Length; i++)
        {
            var row = outputs["correlation"]![i]!.AsArray().Take(i + 1).Select(
                value => ((double)value!).ToString("F3", CultureInfo.InvariantCulture).PadLeft(8));
            terminal.Output.WriteLine($"  {names[i].PadRight(width)}{string.Concat(row)}");
        }
    }

    private static int Slots(DesignTerm term) =>
        term.IsCode || term.Levels is not { } levels ? 1 : levels.Count - (term.Baseline.IsNone ? 0 : 1);

    /// <summary>The kernels of outputs in a kernel, from the left.</summary>
    private static IEnumerable<CoregionalisationKernel> Of(Kernel kernel) => kernel switch
    {
        CoregionalisationKernel one => [one],
        CompositeKernel many => many.Parts.SelectMany(Of),
        ChangePointKernel change => Of(change.Before).Concat(Of(change.After)),
        _ => [],
    };
}
