using Microsoft.ML;

namespace ProbML.Laws;

/// <summary>A cancelled fit throws, and leaves the trainer and its context as they were.</summary>
public static class CancellationLaws
{
    public static void A_cancelled_token_ends_the_fit(Component component)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component));
        var monitor = new TrainingMonitor { Cancellation = new CancellationToken(canceled: true) };
        Assert.ThrowsAny<OperationCanceledException>(() => component.Fit(context, data, monitor: monitor));
    }

    public static void Cancelled_while_it_reads_it_ends_and_leaves_nothing(Component component)
    {
        var context = new MLContext(1);
        var rows = LawData.Rows(component, component.ManyRows);
        using var source = new CancellationTokenSource();
        IEnumerable<LawRow> CancelHalfway()
        {
            foreach (var row in rows)
            {
                if (row.Id == rows.Count / 2)
                    source.Cancel();
                yield return row;
            }
        }
        var trainer = component.Create(
            context, new(component.Roles, new TrainingMonitor { Cancellation = source.Token }));
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Fit(context.View(CancelHalfway())));

        var data = context.View(rows);
        var again = component.Fit(context, data);
        var fresh = component.Fit(new MLContext(1), data);
        var some = context.View(rows[..100]);
        Scores.Read(fresh.Transform(some)).AssertEqual(Scores.Read(again.Transform(some)), component.Tolerance);
    }

    public static void Progress_is_told(Component component)
    {
        var context = new MLContext(1);
        var told = new List<TrainingProgress>();
        component.Fit(
            context, context.View(LawData.Rows(component)), monitor: new() { Progress = new Listener(told.Add) });
        Assert.NotEmpty(told);
    }

    /// <summary>Listens on the calling thread, as Progress does not.</summary>
    private sealed class Listener(Action<TrainingProgress> tell) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => tell(value);
    }
}
