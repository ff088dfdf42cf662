using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;

namespace ProbML.Drift;

public sealed class DriftTests
{
    private static readonly string[] Cities = ["Basel", "Bern", "Genf"];

    internal sealed class Row
    {
        public float Age { get; set; }

        public double Income { get; set; }

        public float Height { get; set; }

        public string City { get; set; } = "";

        public bool IsMember { get; set; }
    }

    private sealed class OtherRow
    {
        public float Age { get; set; }

        public string Income { get; set; } = "";
    }

    [Theory]
    [InlineData("Income"), InlineData("City"), InlineData("Height")]
    public void The_planted_column_is_named_first(string planted)
    {
        var context = new MLContext(1);
        var report = context.Data.DetectDrift(View(context, 600, 3), View(context, 500, 4, planted));
        Assert.True(report.IsDrift);
        Assert.Equal(planted, report.Features[0].Name);
        Assert.True(report.Features[0].AdjustedPValue < 1e-3);
        Assert.True(report.Features[0].Share > 0.5);
        Assert.All(report.Features.Skip(1), other => Assert.True(other.AdjustedPValue > 1e-3));
        Assert.Equal(10, report.Rows.Count);
        Assert.Equal(planted, report.Rows[0].Feature);
        Assert.Equal(report.Rows.Select(row => row.LogRatio), report.Rows.Select(row => row.LogRatio).OrderDescending());
        Assert.Equal((600, 500), report.ComparedRows);

        using var json = JsonDocument.Parse(report.ToJson());
        Assert.True(json.RootElement.GetProperty("isDrift").GetBoolean());
        Assert.Equal(planted, json.RootElement.GetProperty("features")[0].GetProperty("name").GetString());
        Assert.Contains($"<td>{planted}</td>", report.ToHtml(), StringComparison.Ordinal);
        Assert.StartsWith("Drift at level", report.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Of 40 pairs of equal distributions about two are thought different: at most seven, four binomial standard errors.</summary>
    [Fact]
    public void Nothing_is_found_where_nothing_is()
    {
        var context = new MLContext(1);
        int alarms = Enumerable.Range(0, 40).Count(k =>
            context.Data.DetectDrift(View(context, 60, 100 + k), View(context, 60, 200 + k), new() { Seed = k }).IsDrift);
        Assert.InRange(alarms, 0, 7);
        var same = View(context, 100, 5);
        Assert.False(context.Data.DetectDrift(same, same).IsDrift);
    }

    [Fact]
    public void A_change_of_what_is_missing_is_drift()
    {
        var context = new MLContext(1);
        var report = context.Data.DetectDrift(View(context, 400, 6), View(context, 400, 7, "missing"));
        Assert.True(report.IsDrift);
        Assert.Equal("Age", report.Features[0].Name);
    }

    [Fact]
    public void A_hidden_pair_is_seen_by_the_classifier_alone()
    {
        var context = new MLContext(1);
        var report = context.Data.DetectDrift(View(context, 800, 8), View(context, 800, 9, "pair"));
        Assert.True(report.IsDrift);
        Assert.True(report.Classifier.PValue < 1e-3);
        Assert.Equal(["Age", "Height"], report.Features.Take(2).Select(one => one.Name).Order());
    }

    [Fact]
    public void A_monitor_alarms_after_a_change_and_not_before()
    {
        var context = new MLContext(1);
        var monitor = context.Data.CreateDriftMonitor(View(context, 500, 10), window: 200);
        var calm = monitor.Observe(View(context, 800, 11));
        Assert.False(calm.IsDrift);
        Assert.False(calm.IsChange);
        Assert.Equal(800, calm.Rows);
        var alarm = monitor.Observe(View(context, 400, 12, "Income"));
        Assert.True(alarm.IsDrift);
        Assert.True(alarm.IsChange);
        Assert.Equal("Income", alarm.Feature);
        Assert.InRange(alarm.ChangeRow!.Value, 760, 900);
        Assert.InRange(alarm.DriftRow!.Value, 801, 1200);
        Assert.Equal("Income", monitor.Report().Features[0].Name);
        monitor.Reset();
        Assert.Equal(0, monitor.Status.Rows);
        Assert.False(monitor.Observe(View(context, 300, 13)).IsDrift);
    }

    /// <summary>Saved anywhere, before, at and after an alarm, and loaded, it goes on as if it had never stopped.</summary>
    [Theory]
    [InlineData(0), InlineData(100), InlineData(420), InlineData(800)]
    public void A_saved_monitor_goes_on_bit_for_bit(int at)
    {
        var context = new MLContext(1);
        var rows = context.Data.CreateEnumerable<Row>(View(context, 400, 20), reuseRowObject: false)
            .Concat(context.Data.CreateEnumerable<Row>(View(context, 400, 21, "City"), reuseRowObject: false)).ToList();
        rows[17].Age = float.NaN;
        var monitor = context.Data.CreateDriftMonitor(View(context, 300, 22), window: 120);
        monitor.Observe(context.Data.LoadFromEnumerable(rows.Take(at)));
        using var file = new MemoryStream();
        monitor.Save(file);
        file.Position = 0;
        var loaded = new MLContext().Data.LoadDriftMonitor(file);
        Assert.Equal(monitor.Status, loaded.Status);
        var rest = context.Data.LoadFromEnumerable(rows.Skip(at));
        Assert.Equal(monitor.Observe(rest), loaded.Observe(rest));
        Assert.True(loaded.Status.IsChange);
        Assert.Equal("City", loaded.Status.Feature);
        Assert.Equal(monitor.Report().ToJson(), loaded.Report().ToJson());
        loaded.Reset();
        monitor.Reset();
        Assert.Equal(monitor.Observe(rest), loaded.Observe(rest));
    }

    /// <summary>Cut short, of another version, or with any one thing left out or out of its range: refused, and nothing is lost.</summary>
    [Fact]
    public void A_damaged_state_is_refused()
    {
        var context = new MLContext(1);
        var monitor = context.Data.CreateDriftMonitor(View(context, 30, 23), window: 20);
        monitor.Observe(View(context, 40, 24));
        using var file = new MemoryStream();
        monitor.Save(file);
        string text = Encoding.UTF8.GetString(file.ToArray());
        Refused(text[..^40], "damaged");
        Refused("", "damaged");
        Refused("[1, 2]", "no saved drift monitor");
        Refused("{}", "no saved drift monitor");
        var whole = JsonNode.Parse(text)!.AsObject();
        foreach (string name in whole.Select(property => property.Key).ToList())
            Refused(Changed(root => root.Remove(name)), name is "format" ? "no saved drift monitor" : name is "version" ? "version" : "damaged");
        Refused(Changed(root => root["version"] = 2), "version 2");
        Refused(Changed(root => root["columns"] = new JsonArray()), "no values");
        Refused(Changed(root => root["columns"]![0]!["levels"] = new JsonArray("a")), "no name");
        Refused(Changed(root => root["sample"]!["values"]!.AsArray().RemoveAt(3)), "cut short");
        Refused(Changed(root => root["sample"] = null), "damaged");
        Refused(Changed(root => root["histories"]!.AsArray().RemoveAt(0)), "histories");
        Refused(Changed(root => root["histories"]![1] = new JsonArray()), "too few");
        Refused(Changed(root => root["martingales"]![0]!["capitals"]![0] = 2), "capital");
        Refused(Changed(root => root["martingales"]![0]!["logCapital"] = "NaN"), "capital");
        Refused(Changed(root => root["last"]![0] = new JsonArray(1)), "last rows");
        Refused(Changed(root => root["driftRow"] = 1000), "row numbers");
        Refused(Changed(root => root["window"] = 2), "window");
        Refused(Changed(root => root["options"]!["level"] = 3), "Level");
        Assert.Equal(40, Load(text).Status.Rows);

        string Changed(Action<JsonObject> change)
        {
            var root = JsonNode.Parse(text)!.AsObject();
            change(root);
            return root.ToJsonString();
        }

        DriftMonitor Load(string json) => context.Data.LoadDriftMonitor(new MemoryStream(Encoding.UTF8.GetBytes(json)));

        void Refused(string json, string message) =>
            Assert.Contains(message, Assert.Throws<FormatException>(() => Load(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        var context = new MLContext(1);
        var rows = View(context, 50, 14);
        var other = context.Data.LoadFromEnumerable(new List<OtherRow> { new(), new(), new(), new() });
        Refused("'Height' is not in the current sample", () => context.Data.DetectDrift(rows, other));
        Refused("'Income' is Double in the reference and String", () => context.Data.DetectDrift(rows, other));
        Refused("'Nothing' is not in the reference", () => context.Data.DetectDrift(rows, rows, new() { Columns = ["Nothing"] }));
        Refused("has 2 rows; 4 or more", () => context.Data.DetectDrift(rows, View(context, 2, 15)));
        Refused("Level", () => context.Data.DetectDrift(rows, rows, new() { Level = 0 }));
        Refused("No column can be compared", () => context.Data.DetectDrift(
            rows, rows, new() { Ignore = ["Age", "Income", "Height", "City", "IsMember"] }));
        Refused("has 2 rows", () => context.Data.CreateDriftMonitor(View(context, 2, 16)));
        Refused("window", () => context.Data.CreateDriftMonitor(rows, window: 1));
        Refused("'Height' is not in the current sample", () => context.Data.CreateDriftMonitor(rows).Observe(other));
        Refused("'Income' is a column of number in the reference", () => context.Data.CreateDriftMonitor(rows).Observe(other));
        var few = context.Data.DetectDrift(View(context, 10, 17), rows);        // ten rows are few, and enough
        Assert.Equal(10, few.ReferenceRows);

        static void Refused(string message, Action action) =>
            Assert.Contains(message, Assert.ThrowsAny<Exception>(action).Message, StringComparison.Ordinal);
    }

    internal static IDataView View(MLContext context, int count, int seed, string planted = "")
    {
        var random = new Random(seed);
        var rows = new List<Row>();
        for (int i = 0; i < count; i++)
        {
            double age = Normal();
            rows.Add(new()
            {
                Age = planted == "missing" && random.Next(4) == 0 ? float.NaN : (float)(40 + 10 * age),
                Income = 1000 * Math.Exp(0.5 * Normal() + (planted == "Income" ? 0.6 : 0)),
                Height = (float)(170 + (planted == "pair" ? 10 * (0.8 * age + 0.6 * Normal()) : (planted == "Height" ? 18 : 10) * Normal())),
                City = planted == "City" && random.Next(2) == 0 ? "Zug" : Cities[random.Next(3)],
                IsMember = random.Next(3) == 0,
            });
        }
        return context.Data.LoadFromEnumerable(rows);

        double Normal() => NormalDistribution.Quantile(1 - random.NextDouble());
    }
}
