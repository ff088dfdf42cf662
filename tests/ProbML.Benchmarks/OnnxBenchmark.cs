using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Benchmarks;

/// <summary>Rows a second through ML.NET: managed code against ONNX Runtime, in blocks against row by row, 1 thread against 2.</summary>
internal static class OnnxBenchmark
{
    private const int Classes = 5, Hidden = 400, Latent = 20;

    public static int Run(string[] args)
    {
        int rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        var mlContext = new MLContext(seed: 1);
        Console.WriteLine($"{Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Trim()}, {rows} rows; "
            + "rows/s by the clock, in parentheses rows a second of processor time");
        var data = SyntheticRows.Create(rows, 50, seed: 1);
        var glm = mlContext.BinaryClassification.Trainers.LogisticRegression("Binary").Fit(View(mlContext, data)).Model;
        Compare("logistic, 50 features", mlContext, data, glm);
        var keys = mlContext.Transforms.Conversion.MapValueToKey("Class").Fit(View(mlContext, data)).Transform(View(mlContext, data));
        var multinomial = mlContext.MulticlassClassification.Trainers.MultinomialRegression("Class").Fit(keys).Model;
        Compare($"multinomial, 50 features, {Classes} classes", mlContext, data, multinomial);

        var images = SyntheticRows.Create(rows / 5, 784, seed: 2);
        byte[] network = Network(784);
        foreach (int threads in new[] { 1, 2 })
        {
            using var model = new OnnxScoringModel(network, [new(ColumnNames.Score, Size: Latent)], threads: threads);
            Measure($"network 784-{Hidden}-{Hidden}-{Latent}, ONNX Runtime, {threads} thread(s)", mlContext, images, model);
        }
        return 0;
    }

    private static void Compare<TModel>(string name, MLContext mlContext, SyntheticRows data, TModel model)
        where TModel : class, IScoringModel<TModel>, IOnnxModel
    {
        Measure($"{name}, managed", mlContext, data, model);
        bool[] wanted = [.. model.Outputs.Select(column => column.Name != ColumnNames.LogDensity)];
        byte[] graph = model.ToOnnx(wanted: wanted);
        foreach (int threads in new[] { 1, 2 })
        {
            using var scoring = new OnnxScoringModel(graph, [.. model.Outputs.Where((_, k) => wanted[k])], threads: threads);
            Measure($"{name}, ONNX Runtime, {threads} thread(s)", mlContext, data, scoring);
        }
    }

    private static void Measure<TModel>(string name, MLContext mlContext, SyntheticRows data, TModel model)
        where TModel : class, IScoringModel<TModel>
    {
        var view = View(mlContext, data);
        var step = ProbabilisticTrainer.Create(mlContext.Transforms, new Given<TModel>(model), new ColumnRoles()).Fit(view);
        var scored = step.Transform(view);
        string batched = Time(3, data.Rows, () => Read(scored));
        string rowwise = model.Outputs[0].Size == 0
            ? RowByRow<Number>(mlContext, step, data)
            : RowByRow<Numbers>(mlContext, step, data);
        Console.WriteLine($"{name,-60} in blocks {batched}   row by row {rowwise}");
    }

    private static string RowByRow<TResult>(MLContext mlContext, ITransformer step, SyntheticRows data)
        where TResult : class, new()
    {
        using var engine = mlContext.Model.CreatePredictionEngine<Row, TResult>(
            step, inputSchemaDefinition: Definition(data.Features));
        var row = new Row { Features = data.X[..data.Features] };
        var result = new TResult();
        int count = Math.Min(data.Rows, 5000);
        return Time(3, count, () =>
        {
            for (int i = 0; i < count; i++)
                engine.Predict(row, ref result);
        });
    }

    /// <summary>Reads the scores of every row, and all that belongs to them.</summary>
    private static void Read(IDataView scored)
    {
        var schema = scored.Schema;
        var columns = schema.Where(column => column.Index >= 3 && !column.IsHidden).ToList();
        using var cursor = scored.GetRowCursor(columns);
        var numbers = columns.Where(column => column.Type is NumberDataViewType).Select(cursor.GetGetter<float>).ToArray();
        var vectors = columns.Where(column => column.Type is VectorDataViewType).Select(cursor.GetGetter<VBuffer<float>>).ToArray();
        float number = 0;
        VBuffer<float> vector = default;
        while (cursor.MoveNext())
        {
            foreach (var get in numbers)
                get(ref number);
            foreach (var get in vectors)
                get(ref vector);
        }
    }

    private static string Time(int runs, int rows, Action action)
    {
        action();
        double best = double.PositiveInfinity, busy = double.PositiveInfinity;
        for (int run = 0; run < runs; run++)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            var watch = Stopwatch.StartNew();
            action();
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
            busy = Math.Min(busy, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        }
        return string.Create(CultureInfo.InvariantCulture, $"{rows / best,9:F0} ({rows / busy,9:F0})");
    }

    /// <summary>The encoder that a variational autoencoder of images has.</summary>
    private static byte[] Network(int width)
    {
        var graph = new OnnxGraph();
        var value = graph.Input(OnnxScoringModel.FeaturesInput, OnnxElement.Single, width);
        value = graph.Node("Relu", [Dense(graph, value, width, Hidden)]);
        value = graph.Node("Relu", [Dense(graph, value, Hidden, Hidden)]);
        graph.Output(ColumnNames.Score, Dense(graph, value, Hidden, Latent), Latent);
        return graph.ToBytes();
    }

    private static OnnxValue Dense(OnnxGraph graph, OnnxValue value, int from, int to)
    {
        var random = new Random(from + to);
        float[] weights = new float[from * to];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = (float)((2 * random.NextDouble() - 1) / Math.Sqrt(from));
        return graph.Node("Gemm", [value, graph.Constant(weights, [from, to]), graph.Constant(new float[to], [to])]);
    }

    private static IDataView View(MLContext mlContext, SyntheticRows data)
    {
        var rows = new Row[data.Rows];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new Row
            {
                Features = data.X.AsSpan(i * data.Features, data.Features).ToArray(),
                Binary = data.Binary[i] == 1,
                Class = Math.Min(data.Counts[i], Classes - 1),
            };
        }
        return mlContext.Data.LoadFromEnumerable(rows, Definition(data.Features));
    }

    private static SchemaDefinition Definition(int features)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        return schema;
    }

    /// <summary>A model that is there already.</summary>
    private sealed record Given<TModel>(TModel Model) : IFitter<TModel>
        where TModel : class, IScoringModel<TModel>
    {
        public IReadOnlyList<OutputColumn> Outputs => Model.Outputs;

        public TModel Fit(Design design, TrainingMonitor monitor) => Model;
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public bool Binary { get; set; }

        public float Class { get; set; }
    }

    private sealed class Number
    {
        public float Score { get; set; }
    }

    private sealed class Numbers
    {
        public float[] Score { get; set; } = [];
    }
}
