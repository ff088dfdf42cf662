using Microsoft.ML;
using Microsoft.ML.Data;
using ProbML.DensityRatios;
using ProbML.TwoSample;

namespace ProbML.Drift;

/// <summary>Sketches of data views say of drift what the rows themselves say.</summary>
public sealed class DriftSketchTests
{
    private sealed class Typed
    {
        public string City { get; set; } = "";

        [VectorType(2)]
        public float[] Pair { get; set; } = [];

        public int Whole { get; set; }
    }

    /// <summary>Where all rows were drawn nothing is lost: the same tests, attribution and rows; a mean may be rounded otherwise.</summary>
    [Theory]
    [InlineData(""), InlineData("Income"), InlineData("City"), InlineData("missing"), InlineData("pair")]
    public void Sketches_that_drew_all_rows_give_the_report_of_the_rows(string planted)
    {
        var context = new MLContext(1);
        IDataView before = DriftTests.View(context, 600, 3), now = DriftTests.View(context, 500, 4, planted);
        DriftReport rows = context.Data.DetectDrift(before, now), sketches = context.Data.DetectDrift(
            context.Data.CreateDriftSketch(before, "before"), TableSketch.Read(context.Data.CreateDriftSketch(now, "now").ToBytes()));
        Assert.Equal((rows.IsDrift, rows.PValue, rows.ComparedRows), (sketches.IsDrift, sketches.PValue, sketches.ComparedRows));
        Assert.Equal((rows.ReferenceRows, rows.CurrentRows), (sketches.ReferenceRows, sketches.CurrentRows));
        Assert.Equal(rows.Classifier, sketches.Classifier);
        Assert.Equal(rows.Divergences, sketches.Divergences);
        Assert.Equal(rows.Rows, sketches.Rows);
        foreach (var (one, other) in rows.Features.Zip(sketches.Features))
        {
            Assert.Equal(one with { ReferenceMean = null, CurrentMean = null }, other with { ReferenceMean = null, CurrentMean = null });
            Assert.Equal(one.ReferenceMean ?? 0, other.ReferenceMean ?? 0, 1e-12 * Math.Abs(one.ReferenceMean ?? 0));
            Assert.Equal(one.CurrentMean ?? 0, other.CurrentMean ?? 0, 1e-12 * Math.Abs(one.CurrentMean ?? 0));
        }
    }

    [Fact]
    public void Any_split_of_the_rows_gives_the_same_sketch_and_report()
    {
        var context = new MLContext(1);
        var options = new DriftSketchOptions { Ignore = ["IsMember"], Sketch = new() { SampleRows = 200 } };
        var rows = context.Data.CreateEnumerable<DriftTests.Row>(DriftTests.View(context, 900, 5, "Income"), reuseRowObject: false).ToList();
        var whole = Part(0, 900);
        var merged = Part(650, 900).Merge(Part(0, 100).Merge(Part(100, 650)));
        Assert.Equal(whole.ToBytes(), merged.ToBytes());
        var reference = context.Data.CreateDriftSketch(DriftTests.View(context, 700, 6), "before", options);
        var report = context.Data.DetectDrift(reference, merged);
        Assert.Equal(context.Data.DetectDrift(reference, whole).ToJson(), report.ToJson());
        Assert.Equal("Income", report.Features[0].Name);
        Assert.Equal((700, 900, (200, 200)), (report.ReferenceRows, report.CurrentRows, report.ComparedRows));

        TableSketch Part(int from, int to) => context.Data.CreateDriftSketch(
            context.Data.LoadFromEnumerable(rows[from..to]), "now", options with { FirstRow = from + 1 });
    }

    /// <summary>A column that one row in ten of many sources reveals is named first, and its rows by source and number.</summary>
    [Fact]
    public void A_planted_column_of_many_sources_is_named_first_and_its_rows_by_source()
    {
        var context = new MLContext(1);
        TableSketch before = Many("", 10), now = Many("Height", 20);
        var report = context.Data.DetectDrift(before, now, new() { Ignore = ["Age"] });
        Assert.True(report.IsDrift);
        Assert.Equal("Height", report.Features[0].Name);
        Assert.Equal(4, report.Features.Count);
        Assert.All(report.Rows, row => Assert.Matches("^part-[0-3]$", row.Source));
        Assert.All(report.Rows, row => Assert.InRange(row.Row, 1, 1000));
        Assert.Contains($"\"source\": \"{report.Rows[0].Source}\"", report.ToJson(), StringComparison.Ordinal);
        Assert.Contains($"<td>{report.Rows[0].Source}: {report.Rows[0].Row}</td>", report.ToHtml(), StringComparison.Ordinal);
        Assert.Equal((4000, 400), (report.CurrentRows, report.ComparedRows.Current));

        TableSketch Many(string planted, int seed) => Enumerable.Range(0, 4)
            .Select(k => context.Data.CreateDriftSketch(
                DriftTests.View(context, 1000, seed + k, planted), $"part-{k}", new() { Sketch = new() { SampleRows = 400 } }))
            .Aggregate((one, other) => one.Merge(other));
    }

    /// <summary>A level of one row in 200 that vanishes: a tenth of the rows is too few to see it, and all are counted.</summary>
    [Fact]
    public void Levels_and_missing_values_are_of_all_rows()
    {
        var context = new MLContext(1);
        TableSketch before = Rare(4000, 20, "a"), now = Rare(4000, 0, "b");
        var report = context.Data.DetectDrift(before, now);
        Assert.Equal(ChiSquareTest.Test([20, 3980], [0, 4000]).PValue, report.Features[0].PValue, 1e-12);
        Assert.True(report.IsDrift);

        TableSketch Rare(int rows, int times, string source)
        {
            var builder = new TableSketchBuilder([new("code", true)], source, new() { SampleRows = 100 });
            for (int i = 0; i < rows; i++)
                builder.Add([], [(i < times ? "rare" : "usual").AsMemory()]);
            return builder.Build();
        }
    }

    /// <summary>Real concrete (UCI), the current one young mostly: age, the vector's last slot, is named first.</summary>
    [Fact]
    public void The_age_of_real_concrete_is_named_first()
    {
        var context = new MLContext(1);
        var (source, target, _) = ShiftedRows.Concrete(context, 1);
        var options = new DriftSketchOptions { Columns = ["Features"], Sketch = new() { SampleRows = 150 } };
        var report = context.Data.DetectDrift(
            context.Data.CreateDriftSketch(source, "before", options), context.Data.CreateDriftSketch(target, "now", options));
        Assert.True(report.IsDrift);
        Assert.Equal("Features.7", report.Features[0].Name);
        Assert.Equal(8, report.Features.Count);
    }

    /// <summary>Of 40 pairs of equal distributions about two are thought different: at most seven, four binomial standard errors.</summary>
    [Fact]
    public void Nothing_is_found_where_nothing_is()
    {
        var context = new MLContext(1);
        var options = new DriftSketchOptions { Sketch = new() { SampleRows = 60 } };
        int alarms = Enumerable.Range(0, 40).Count(k => context.Data.DetectDrift(
            context.Data.CreateDriftSketch(DriftTests.View(context, 200, 300 + k), "a", options),
            context.Data.CreateDriftSketch(DriftTests.View(context, 200, 400 + k), "b", options),
            new() { Seed = k }).IsDrift);
        Assert.InRange(alarms, 0, 7);
    }

    [Fact]
    public void Keys_vectors_and_whole_numbers_are_read()
    {
        var context = new MLContext(1);
        var rows = context.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(i => new Typed
        {
            City = i % 5 == 0 ? "" : i % 2 == 0 ? "Oslo" : "Rome", Pair = [i, i % 3 == 0 ? float.NaN : -i], Whole = i,
        }).ToList());
        var view = context.Transforms.Conversion.MapValueToKey("Key", "City").Fit(rows).Transform(rows);
        var sketch = context.Data.CreateDriftSketch(view, "rows");
        Assert.Equal(["City", "Pair.0", "Pair.1", "Whole", "Key"], sketch.Columns.Select(column => column.Name));
        Assert.Equal(sketch.Levels("City").Counts!.OrderBy(one => one.Key), sketch.Levels("Key").Counts!.OrderBy(one => one.Key));
        Assert.Equal((24, 6), (sketch.Levels("Key").Count, sketch.Levels("Key").Missing));
        Assert.Equal((20, 10, 0 - 29.0), (sketch.Numbers("Pair.1").Count, sketch.Numbers("Pair.1").Missing, sketch.Numbers("Pair.1").Minimum));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (double)i), sketch.SampledNumbers("Whole"));
        Assert.Equal(14.5, sketch.Numbers("Pair.0").Mean);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        var context = new MLContext(1);
        var rows = DriftTests.View(context, 50, 14);
        var sketch = context.Data.CreateDriftSketch(rows, "rows");
        Refused("no column 'Nothing'", () => context.Data.CreateDriftSketch(rows, "rows", new() { Columns = ["Nothing"] }));
        Refused("No column can be sketched", () => context.Data.CreateDriftSketch(
            rows, "rows", new() { Ignore = ["Age", "Income", "Height", "City", "IsMember"] }));
        Refused("SampleRows", () => context.Data.CreateDriftSketch(rows, "rows", new() { Sketch = new() { SampleRows = 1 } }));
        Refused("FirstRow", () => context.Data.CreateDriftSketch(rows, "rows", new() { FirstRow = 0 }));
        Refused("source", () => context.Data.CreateDriftSketch(rows, ""));
        Refused("'Age' is not in the current sketch", () => context.Data.DetectDrift(
            sketch, context.Data.CreateDriftSketch(rows, "rows", new() { Ignore = ["Age"] })));
        Refused("'Nothing' is in neither sketch", () => context.Data.DetectDrift(sketch, sketch, new() { Columns = ["Nothing", "Age"] }));
        Refused("No column is left", () => context.Data.DetectDrift(sketch, sketch, new() { Columns = ["Age"], Ignore = ["Age"] }));
        Refused("has 2 rows; 4 or more", () => context.Data.DetectDrift(
            sketch, context.Data.CreateDriftSketch(DriftTests.View(context, 2, 15), "few")));
        Refused("has 0 rows; 4 or more", () => context.Data.DetectDrift(
            context.Data.CreateDriftSketch(context.Data.FilterRowsByColumn(rows, "Age", upperBound: -1e9), "none"), sketch));
        Assert.False(context.Data.DetectDrift(sketch, sketch).IsDrift);
        Assert.Throws<OperationCanceledException>(() => context.Data.CreateDriftSketch(
            DriftTests.View(context, 5000, 16), "rows", monitor: new() { Cancellation = new(canceled: true) }));

        static void Refused(string message, Action action) =>
            Assert.Contains(message, Assert.ThrowsAny<Exception>(action).Message, StringComparison.Ordinal);
    }
}
