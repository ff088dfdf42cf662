using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Laws;

/// <summary>However rows are read - together, singly, in parallel, shuffled - they score the same.</summary>
public static class CursorLaws
{
    public static void Blocks_score_as_single_rows(Component component)
    {
        var (context, model, data) = Fitted(component);
        Scores.ReadRowByRow(model, data).AssertEqual(Scores.Read(model.Transform(data)), component.Tolerance);
        var few = context.Data.TakeRows(data, 3);
        Scores.ReadRowByRow(model, few).AssertEqual(Scores.Read(model.Transform(few)), component.Tolerance);
        Assert.Empty(Scores.Read(model.Transform(context.View([]))).Rows);
    }

    public static void Columns_of_the_same_names_are_hidden(Component component)
    {
        var (context, model, data) = Fitted(component);
        var named = context.Transforms.CopyColumns(component.Score, "A")
            .Append(context.Transforms.CopyColumns(ColumnNames.PredictedLabel, "Category"))
            .Append(context.Transforms.CopyColumns(ColumnNames.ScoreStandardDeviation, "B")).Fit(data).Transform(data);
        var scored = model.Transform(named);
        Scores.ReadRowByRow(model, named).AssertEqual(Scores.Read(scored), component.Tolerance);
        DataLaws.AssertSameScores(component, Scores.Read(model.Transform(data)), Scores.Read(scored));
        Scores.Read(model.Transform(scored)).AssertEqual(Scores.Read(scored), component.Tolerance);
        var ids = scored.GetColumn<int>("Id");
        Assert.Equal(Enumerable.Range(0, 400), ids);
        var hidden = scored.Schema.First(column => column.Name == component.Score);
        Assert.Equal(data.GetColumn<float>("A"), scored.GetColumn<float>(hidden));
    }

    public static void Parallel_cursors_give_the_rows_of_one(Component component)
    {
        var (context, model, data) = Fitted(component, count: 700);
        var expected = Scores.Read(model.Transform(data));
        AssertSetGives(expected, model.Transform(data), 1, component.Tolerance);
        AssertSetGives(expected, model.Transform(context.Data.Cache(data)), 2, component.Tolerance);
        AssertSetGives(expected, model.Transform(Uncached(context, data)), 5, component.Tolerance);
    }

    public static void Later_stages_keep_the_order(Component component)
    {
        var (context, model, data) = Fitted(component, count: 700);
        var expected = Scores.Read(model.Transform(data));
        var scored = model.Transform(Uncached(context, data));
        var later = context.Transforms.Concatenate("Again", component.Score, "A").Fit(scored).Transform(scored);
        Assert.Equal(Enumerable.Range(0, 700), later.GetColumn<int>("Id"));
        Assert.Equal(expected[component.Score].Count, later.GetColumn<float[]>("Again").Count());
        DataLaws.AssertSameScores(component, expected, Scores.Read(later));
        DataLaws.AssertSameScores(component, expected, Scores.Read(context.Data.Cache(scored)));
    }

    public static void Shuffled_rows_keep_their_scores(Component component)
    {
        var (context, model, data) = Fitted(component);
        var expected = Scores.Read(model.Transform(data))[component.Score];
        var shuffled = context.Data.ShuffleRows(model.Transform(data), seed: 5);
        var ids = shuffled.GetColumn<int>("Id").ToArray();
        var scores = Scores.Read(shuffled)[component.Score];
        Assert.NotEqual(Enumerable.Range(0, ids.Length), ids);
        for (int i = 0; i < ids.Length; i++)
            Scores.AssertClose(expected[ids[i]], scores[i], component.Tolerance, $"score of row {ids[i]}");
    }

    public static void Each_column_can_be_read_alone(Component component)
    {
        var (_, model, data) = Fitted(component);
        var scored = model.Transform(data);
        var all = Scores.Read(scored);
        foreach (var column in Scores.Columns(scored.Schema))
        {
            using var cursor = scored.GetRowCursor([column]);
            var alone = Scores.Read(cursor, [column], cursor.MoveNext);
            var places = all.Names.Index().Where(name => name.Item == column.Name).Select(name => name.Index).ToList();
            for (int i = 0; i < all.Rows.Count; i++)
                Assert.Equal(places.Select(k => all.Rows[i][k]), alone.Rows[i]);
        }
        Assert.Equal(Enumerable.Range(0, 400), scored.GetColumn<int>("Id"));
    }

    private static (MLContext Context, ITransformer Model, IDataView Data) Fitted(Component component, int count = 400)
    {
        var context = new MLContext(1);
        var data = context.View(LawData.Rows(component, count));
        return (context, component.Fit(context, data), data);
    }

    /// <summary>A view whose cursor is split into parallel ones.</summary>
    private static IDataView Uncached(MLContext context, IDataView data) =>
        context.Transforms.Concatenate("Joined", "A", "B").Fit(data).Transform(data);

    private static void AssertSetGives(Scores expected, IDataView scored, int n, double tolerance)
    {
        var id = scored.Schema["Id"];
        var columns = Scores.Columns(scored.Schema);
        var found = new float[expected.Rows.Count][];
        int count = 0;
        var threads = scored.GetRowCursorSet([.. columns, id], n).Select(cursor => new Thread(() =>
        {
            using (cursor)
            {
                var getter = cursor.GetGetter<int>(id);
                var ids = new List<int>();
                var scores = Scores.Read(cursor, columns, () =>
                {
                    if (!cursor.MoveNext())
                        return false;
                    int at = 0;
                    getter(ref at);
                    ids.Add(at);
                    return true;
                });
                for (int i = 0; i < ids.Count; i++)
                    found[ids[i]] = scores.Rows[i];
                Interlocked.Add(ref count, ids.Count);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(expected.Rows.Count, count);
        for (int i = 0; i < found.Length; i++)
            for (int k = 0; k < found[i].Length; k++)
                Scores.AssertClose(expected.Rows[i][k], found[i][k], tolerance, $"{expected.Names[k]} of row {i}");
    }
}
