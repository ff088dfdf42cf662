using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ProbML.Examples;
using ProbML.Laws;

namespace ProbML.Interop;

/// <summary>What a trainer joins of ML.NET and its user, and what it refuses from the start.</summary>
public sealed class TrainerTests
{
    [Fact]
    public void The_seed_follows_the_context_unless_the_user_has_one()
    {
        Assert.Equal(Seed(new MLContext(5)), Seed(new MLContext(5)));
        Assert.NotEqual(Seed(new MLContext(5)), Seed(new MLContext(6)));
        Assert.Equal(17, Seed(new MLContext(5), new() { Seed = 17 }));
        Assert.Null(Seed(new MLContext()));

        var context = new MLContext(5);
        var seeds = new List<int?>();
        var trainer = Trainer(context, (_, monitor) => seeds.Add(monitor.Seed));
        trainer.Fit(Data(context));
        trainer.Fit(Data(context));
        Assert.Single(seeds.Distinct());
    }

    [Fact]
    public void The_contexts_gpu_reaches_the_fit_unless_the_user_names_another()
    {
        var context = new MLContext(1) { GpuDeviceId = 2, FallbackToCpu = false };
        (int?, bool) Gpu(MLContext of, TrainingMonitor? monitor = null)
        {
            (int?, bool) found = default;
            Trainer(of, (_, joined) => found = (joined.GpuDeviceId, joined.FallbackToCpu), monitor).Fit(Data(of));
            return found;
        }
        Assert.Equal((2, false), Gpu(context));
        Assert.Equal((1, false), Gpu(context, new() { GpuDeviceId = 1 }));
        Assert.Null(Gpu(new MLContext(1)).Item1);
    }

    [Fact]
    public void Messages_reach_the_user_and_the_log()
    {
        var context = new MLContext(1);
        var log = new List<string>();
        context.Log += (_, e) =>
        {
            if (e.Kind is ChannelMessageKind.Info or ChannelMessageKind.Warning)
                log.Add($"{e.Kind} {e.Source}: {e.RawMessage}");
        };
        var told = new List<string>();
        var monitor = new TrainingMonitor { Information = told.Add, Warning = told.Add };
        Trainer(
            context,
            (_, joined) =>
            {
                joined.Information!("{0} braces are no holes");
                joined.Warning!("look");
            },
            monitor).Fit(Data(context));
        Assert.Equal(["{0} braces are no holes", "look"], told);
        Assert.Equal(["Info Spy; Training: {0} braces are no holes", "Warning Spy; Training: look"], log);
    }

    [Fact]
    public void A_cancelled_context_ends_the_fit()
    {
        var context = new MLContext(1);
        var trainer = Trainer(context, (_, monitor) =>
        {
            typeof(MLContext).GetMethod("CancelExecution", (System.Reflection.BindingFlags)(-1))!.Invoke(context, null);
            monitor.ThrowIfCancelled();
        });
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(Data(context)));
    }

    [Fact]
    public void A_catalog_is_as_good_as_a_context()
    {
        var context = new MLContext(1);
        var trainer = ProbabilisticTrainer.Create(
            context.Regression.Trainers, new SpyFitter((_, _) => { }), PredictionTask.Regression, new("Number"));
        Assert.Equal(4, trainer.Fit(Data(context)).Model.FeatureCount);
        Assert.False(trainer.Info.NeedNormalization);
        Assert.True(trainer.Info.WantCaching);
        Assert.Equal("Number", trainer.Roles.Label);
    }

    [Fact]
    public void Absent_arguments_and_blank_names_are_refused()
    {
        var context = new MLContext(1);
        var fitter = new SpyFitter((_, _) => { });
        Assert.Throws<ArgumentNullException>(() => Create(context, null!, new()));
        Assert.Throws<ArgumentNullException>(() => Create(context, fitter, null!));
        Assert.Throws<ArgumentNullException>(() => Create(null!, fitter, new()));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(context, fitter, new(Label: " ")));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(context, fitter, new(Features: "")));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(context, fitter, new(Weight: "")));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(context, fitter, new(Offset: " ")));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(context, fitter, new(Exposure: "")));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(context, fitter, new(), (PredictionTask)9));
        Assert.Throws<ArgumentNullException>(() => Trainer(context, (_, _) => { }).Fit(null!));
    }

    [Fact]
    public void A_model_must_have_a_key_of_its_own_and_columns_that_suit()
    {
        const PredictionTask Numbers = PredictionTask.Regression, Classes = PredictionTask.BinaryClassification;
        AssertRefused(() => Create<NamelessModel>(Numbers, "Score"), "needs a [ModelKey(");
        AssertRefused(() => Create<TwinModel>(Numbers, "Score"), "shares its model key 'ExampleTwin'");
        AssertRefused(() => Create<RidgeModel>(Classes, "Mean"), "must give a column 'Score'");
        AssertRefused(() => Create<RidgeModel>(Numbers, "Score", "Score"), "two columns 'Score'");
    }

    [Fact]
    public void An_anomaly_model_must_have_a_threshold()
    {
        var context = new MLContext(1);
        var fitter = new StandardizerFitter(ColumnNames.Score);
        var error = Assert.Throws<ArgumentException>(() => ProbabilisticTrainer.Create(
            context, fitter, PredictionTask.AnomalyDetection, new ColumnRoles()));
        Assert.Contains(nameof(IAnomalyModel), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fitter_must_keep_its_word()
    {
        var context = new MLContext(1);
        var fitter = new RidgeFitter<RidgeModel>([new("Score")], (gaussian, design) => new(gaussian, []));
        var trainer = Create(context, fitter, new("Number"));
        var error = Assert.Throws<InvalidOperationException>(() => trainer.Fit(Data(context)));
        Assert.Contains("does not give the columns", error.Message, StringComparison.Ordinal);
    }

    private static IDataView Data(MLContext context) => context.View(LawData.Rows(ExampleComponents.Ridge, count: 20));

    private static int? Seed(MLContext context, TrainingMonitor? monitor = null)
    {
        int? seed = null;
        Trainer(context, (_, joined) => seed = joined.Seed, monitor).Fit(Data(context));
        return seed;
    }

    private static ProbabilisticTrainer<RidgeModel> Trainer(
        MLContext context, Action<Design, TrainingMonitor> look, TrainingMonitor? monitor = null) =>
        ProbabilisticTrainer.Create(
            context, new SpyFitter(look), PredictionTask.Regression, new("Number"), monitor, "Spy");

    private static ProbabilisticTrainer<RidgeModel> Create(
        MLContext context,
        IFitter<RidgeModel> fitter,
        ColumnRoles roles,
        PredictionTask task = PredictionTask.Regression) =>
        ProbabilisticTrainer.Create(context, fitter, task, roles);

    private static ProbabilisticTrainer<TModel> Create<TModel>(PredictionTask task, params string[] outputs)
        where TModel : class, IScoringModel<TModel>
    {
        OutputColumn[] columns = [.. outputs.Select(name => new OutputColumn(name))];
        var fitter = new RidgeFitter<TModel>(columns, (_, _) => throw new NotSupportedException());
        return ProbabilisticTrainer.Create(new MLContext(1), fitter, task, new());
    }

    private static void AssertRefused(Action act, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(act).Message, StringComparison.Ordinal);
}

internal sealed class NamelessModel : IScoringModel<NamelessModel>
{
    public int FeatureCount => 1;

    public IReadOnlyList<OutputColumn> Outputs => [];

    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
    }

    public void Write(BinaryWriter writer)
    {
    }

    public static NamelessModel Read(BinaryReader reader) => new();
}

[ModelKey("ExampleTwin")]
internal sealed class TwinModel : IScoringModel<TwinModel>
{
    public int FeatureCount => 1;

    public IReadOnlyList<OutputColumn> Outputs => [];

    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
    }

    public void Write(BinaryWriter writer)
    {
    }

    public static TwinModel Read(BinaryReader reader) => new();

    [ModelKey("ExampleTwin")]
    internal sealed class Other : IScoringModel<Other>
    {
        public int FeatureCount => 1;

        public IReadOnlyList<OutputColumn> Outputs => [];

        public void Score(in RowBlock rows, in OutputBlock outputs)
        {
        }

        public void Write(BinaryWriter writer)
        {
        }

        public static Other Read(BinaryReader reader) => new();
    }
}
