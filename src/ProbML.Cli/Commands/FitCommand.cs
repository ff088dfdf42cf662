using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.Sharding;

namespace ProbML.Cli;

/// <summary><c>probml fit</c>: from a file of rows to a model file.</summary>
internal sealed class FitCommand(Terminal terminal, CancellationToken stop)
{
    private const int FirstRows = 20;
    private const string Features = "Features", Nothing = "(nothing)";

    public int Run(FitRequest request)
    {
        terminal.IsQuiet = request.Json;
        var spec = ModelChoice.Of(request);
        return spec switch
        {
            GlmSpec glm => Fit(request, spec, new GlmFit(glm.Options, spec.Inference)),
            BayesianLinearSpec linear => Fit(request, spec, new BayesianLinearFit(linear.Options)),
            GpSpec process => Fit(request, spec, new GpFit(process.Options)),
            RatioSpec ratio => Fit(request, spec, new RatioFit(ratio.Options)),
            RatioNetworkSpec network => Fit(request, spec, new RatioNetworkFit(network.Request, network.Seed)),
            BayesianGlmSpec bayes => Fit(request, spec, new BayesianGlmFit(bayes.Options)),
            HierarchicalSpec hierarchical => Fit(request, spec, new HierarchicalFit(hierarchical.Options)),
            MultinomialSpec multinomial => Fit(request, spec, new MultinomialFit(multinomial.Options, spec.Inference)),
            OrdinalSpec ordinal => Fit(request, spec, new OrdinalFit(ordinal.Options, spec.Inference)),
            _ => Fit(request, spec, new TobitFit(((TobitSpec)spec).Options, spec.Inference)),
        };
    }

    private int Fit<TModel>(FitRequest request, ModelSpec spec, FamilyFit<TModel> family)
        where TModel : class, IScoringModel<TModel>
    {
        using var output = ReplacedFile.Create(request.Out, [.. request.Files]);
        var plan = FitPlan.Make(request, spec, rows => Reading(request.Files[0], rows));
        if (plan.Scan.MissingNote("are left out") is string missing)
            terminal.Warn(missing);
        if (plan.LabelNote is string note)
            terminal.Note(note);

        family.Prepare(request, plan);
        if (request.Cluster is not null)
            family.Clusters = plan.Clusters;
        var ml = new MLContext(request.Seed);
        var view = plan.View();
        var rows = Hold(ml, view, plan.Scan);
        var pipeline = request.Shards.Count > 0
            ? FitShards(ml, request, family, plan)
            : Pipeline(ml, request, family, plan.Terms, terminal.Warn).Fit(rows);
        var model = pipeline.LastTransformer.Model;
        var test = request.DropTest is string column ? Test(ml, request, family, plan, rows, model, column) : null;
        var facts = new FitFacts(request, plan, Head(ml, request, family, pipeline, rows));
        var report = family.Report(model, facts, test);
        ModelFile.Write(ml, pipeline, view.Schema, report, output.Stream);
        stop.ThrowIfCancellationRequested();
        output.Commit();
        terminal.ClearProgress();
        if (request.Json)
            terminal.Print(report);
        else
            family.Print(terminal, model, report);
        return 0;
    }

    /// <summary>Fits every file where it lies, as many at a time as there are cores.</summary>
    private TransformerChain<ProbabilisticTransformer<TModel>> FitShards<TModel>(
        MLContext ml, FitRequest request, FamilyFit<TModel> family, FitPlan plan)
        where TModel : class, IScoringModel<TModel>
    {
        var matrix = Matrix(ml, plan.Terms).Fit(plan.View());
        var trainer = Trainer(ml, request, family, terminal.Warn);
        IShard[] shards =
        [
            .. plan.Scan.Files.Select(file => trainer.CreateShard(
                file.Path, matrix.Transform(Hold(ml, plan.View(file), plan.Scan)), threads: 1)),
        ];
        var model = trainer.Fit(
            shards,
            matrix.Transform(plan.View()).Schema,
            new() { Concurrency = Environment.ProcessorCount, Timeout = Timeout.InfiniteTimeSpan, Attempts = 1 });
        return new(matrix, model);
    }

    private EstimatorChain<ProbabilisticTransformer<TModel>> Pipeline<TModel>(
        MLContext ml, FitRequest request, FamilyFit<TModel> family, IEnumerable<DesignTerm> terms, Action<string>? warn)
        where TModel : class, IScoringModel<TModel> =>
        Matrix(ml, terms).Append(Trainer(ml, request, family, warn));

    private static DesignMatrixEstimator Matrix(MLContext ml, IEnumerable<DesignTerm> terms) =>
        ml.Transforms.DesignMatrix(Features, [.. terms]);

    private ProbabilisticTrainer<TModel> Trainer<TModel>(
        MLContext ml, FitRequest request, FamilyFit<TModel> family, Action<string>? warn)
        where TModel : class, IScoringModel<TModel>
    {
        var monitor = new TrainingMonitor
        {
            Cancellation = stop,
            Warning = warn,
            Progress = terminal.Training("objective"),
        };
        try
        {
            return family.Trainer(ml, new(request.Label, Features, request.Weight, request.Offset, request.Exposure), monitor);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.ReplaceLineEndings(" "));
        }
    }

    private DropTest<TModel> Test<TModel>(
        MLContext ml,
        FitRequest request,
        FamilyFit<TModel> family,
        FitPlan plan,
        IDataView rows,
        TModel full,
        string column)
        where TModel : class, IScoringModel<TModel>
    {
        var kept = plan.Terms.Where(term => term.Column != column).ToList();
        var data = rows;
        if (kept.Count == 0)
        {
            // a model needs a feature, and one that is always zero has no coefficient
            data = Hold(ml, plan.View(Nothing), plan.Scan);
            kept.Add(DesignTerm.Numeric(Nothing));
        }
        var reduced = Pipeline(ml, request, family, kept, warn: null).Fit(data).LastTransformer.Model;
        var (size, fullSize) = (family.Size(reduced), family.Size(full));
        if (!size.Converged)
            terminal.Warn($"the model without '{column}' did not converge: beware of the test.");
        string[] dropped =
            [.. fullSize.Coefficients.Where(c => !c.IsAliased && IsOf(column, c.Name, size)).Select(c => c.Name)];
        if (fullSize.Parameters == size.Parameters)
        {
            throw new BadDataException(
                $"--drop-test {column}: the model without it is the same, the other columns make up for it.");
        }
        return new(column, dropped, reduced, family.Compare(reduced, full));
    }

    /// <summary>Rows that fit into a quarter of the memory are read once; others anew for each pass.</summary>
    internal static IDataView Hold(MLContext ml, CsvDataView view, DataScan scan)
    {
        double bytes = 16.0 * scan.CompleteRows * view.Schema.Count;
        return bytes < GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4.0 ? ml.Data.Cache(view) : view;
    }

    /// <summary>Whether a coefficient is one of a column's: by its name, and the reduced model has none such.</summary>
    private static bool IsOf(string column, string coefficient, FitSize reduced)
    {
        if (reduced.Coefficients.Any(c => c.Name == coefficient))
            return false;
        // of several classes "class: column", where the class is any text
        return Matches(coefficient) || Enumerable.Range(0, coefficient.Length)
            .Any(i => coefficient.AsSpan(i).StartsWith(": ") && Matches(coefficient[(i + 2)..]));

        bool Matches(string name) => name == column || name.StartsWith(column + "=", StringComparison.Ordinal);
    }

    /// <summary>η and the mean of the first rows, in double precision.</summary>
    private static List<(double? Eta, JsonNode? Mean)> Head<TModel>(
        MLContext ml,
        FitRequest request,
        FamilyFit<TModel> family,
        TransformerChain<ProbabilisticTransformer<TModel>> pipeline,
        IDataView rows)
        where TModel : class, IScoringModel<TModel>
    {
        var model = pipeline.LastTransformer.Model;
        var first = ml.Data.TakeRows(rows, FirstRows);
        double[][] features =
            [.. pipeline.First().Transform(first).GetColumn<VBuffer<double>>(Features).Select(Dense)];
        double[] offsets = request.Offset is string offset ? [.. first.GetColumn<double>(offset)]
            : request.Exposure is string exposure ? [.. first.GetColumn<double>(exposure).Select(e => Math.Log(e))]
            : new double[features.Length];
        return [.. features.Zip(offsets, (x, o) => family.At(model, x, o))];
    }

    private static double[] Dense(VBuffer<double> row) => [.. row.DenseValues()];

    private void Reading(string path, long rows)
    {
        stop.ThrowIfCancellationRequested();
        terminal.Progress(string.Create(CultureInfo.InvariantCulture, $"reading {Path.GetFileName(path)}: {rows:N0} rows"));
    }
}
