using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Cli.Tests;

public sealed class FitTests : IDisposable
{
    private const string Poisson = "fit --data {d.csv} --label y --family poisson --features x,city --out {m.zip}";
    private readonly Tool tool = new();

    public FitTests() => tool.Write("d.csv", Samples.Counts());

    public void Dispose() => tool.Dispose();

    [Fact]
    public void The_table_names_every_coefficient_and_is_plain()
    {
        string output = tool.Succeed(Poisson);
        foreach (string expected in (string[])["(Intercept)", "city=Oslo", "city=Rome", "y ~ x + city", "95 % from", "AIC", "60 rows"])
            Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
        Assert.Equal(["d.csv", "m.zip"], Directory.GetFiles(tool.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Json_is_one_object_and_all_that_is_printed()
    {
        var report = tool.Json(Poisson);
        Assert.Equal(["(Intercept)", "x", "city=Oslo", "city=Rome"], report["coefficient_names"]!.AsArray().Select(n => (string)n!));
        Assert.Equal(("poisson", "log", "converged"), ((string)report["family"]!, (string)report["link"]!, (string)report["status"]!));
        Assert.Equal(20, report["mean_first_rows"]!.AsArray().Count);
        Assert.Null(report["likelihood_ratio_test"]);
        Assert.Equal(60, (int)report["n_rows"]!);
        Assert.Equal("Bonn", (string)report["design"]!["terms"]![1]!["baseline"]!);
    }

    [Fact]
    public void The_summary_says_what_the_fit_said()
    {
        string table = tool.Succeed(Poisson);
        Assert.Equal(table, tool.Succeed("summary {m.zip}"));
        var report = tool.Json(Poisson);
        Assert.True(JsonNode.DeepEquals(report, tool.Json("summary {m.zip}")));
    }

    [Fact]
    public void The_file_is_an_ordinary_model()
    {
        tool.Succeed(Poisson);
        var ml = new MLContext();
        var pipeline = ml.Model.Load(tool["m.zip"], out var schema);
        Assert.Equal(NumberDataViewType.Double, schema["x"].Type);
        using var engine = ml.Model.CreatePredictionEngine<Row, Prediction>(pipeline);
        Assert.True(engine.Predict(new() { x = 1, city = "Rome" }).Score > 0);
        Assert.True(float.IsNaN(engine.Predict(new() { x = 1, city = "Paris" }).Score));
    }

    [Theory]
    [InlineData("d.tsv", "\t")]
    [InlineData("d.csv", ";")]
    [InlineData("d.txt", "\t")]
    [InlineData("d.txt", "|")]
    public void The_separator_is_found(string name, string separator)
    {
        var expected = tool.Json(Poisson);
        tool.Write(name, Samples.Counts(separator: separator));
        var report = tool.Json(Poisson.Replace("d.csv", name, StringComparison.Ordinal));
        Assert.True(JsonNode.DeepEquals(expected["covariance"], report["covariance"]));
    }

    [Fact]
    public void Line_ends_marks_blank_lines_blanks_and_quotes_change_nothing()
    {
        var expected = tool.Json(Poisson);
        string text = "\uFEFF" + Samples.Counts().Replace("\n", " \r\n", StringComparison.Ordinal)
            .Replace("Rome", "\"Rome\"", StringComparison.Ordinal) + "\r\n\r\n";
        tool.Write("d.csv", text);
        Assert.True(JsonNode.DeepEquals(expected["covariance"], tool.Json(Poisson)["covariance"]));
    }

    [Fact]
    public void Names_that_mean_something_elsewhere_mean_nothing_here()
    {
        string text = Samples.Counts().Replace("y,x,city", "#y,[red],a=b", StringComparison.Ordinal)
            .Replace("Rome", "#[/]", StringComparison.Ordinal).Replace("Oslo", "@x", StringComparison.Ordinal);
        tool.Write("d.csv", text);
        string output = tool.Succeed("fit --data {d.csv} --label #y --features [red],a=b --baseline a=b=@x --family poisson --out {m.zip}");
        Assert.Contains(" a=b=#[/] ", output, StringComparison.Ordinal);
        Assert.Contains(" [red] ", output, StringComparison.Ordinal);
        Assert.Contains("60 rows", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Separation_is_said_and_is_no_error()
    {
        tool.Write("d.csv", "y,x\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{(i < 10 ? 0 : 1)},{i}\n")));
        var answer = tool.Run("fit --data {d.csv} --label y --family bernoulli --features x --out {m.zip} --json");
        Assert.Equal(0, answer.Code);
        Assert.Equal("separated", (string)JsonNode.Parse(answer.Output)!["status"]!);
        Assert.Contains("warning: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("separation", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopped_fit_leaves_nothing()
    {
        using CancellationTokenSource stop = new();
        using StringWriter output = new(), error = new();
        stop.Cancel();
        string[] words = ["fit", "--data", tool["d.csv"], "--label", "y", "--features", "x", "--out", tool["m.zip"]];
        Assert.Equal(130, Program.Run(words, output, error, stop.Token));
        Assert.Equal(["d.csv"], Directory.GetFiles(tool.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Numbers_keep_all_their_digits()
    {
        double[] x = [0.1, 1d / 3, Math.PI, 1e-300, 123456789.123456789];
        tool.Write("n.csv", "y,x\n" + string.Join('\n', x.Select((value, i) => FormattableString.Invariant($"{i},{value:R}"))));
        var view = new CsvDataView(CsvFile.Open(tool["n.csv"]), [ViewColumn.Number("x")], omitMissing: true);
        Assert.Equal(x, view.GetColumn<double>("x"));
    }

    [Fact]
    public void Rows_with_a_missing_value_are_left_out_and_counted()
    {
        var expected = tool.Json(Poisson);
        string text = Samples.Counts() + "3,,Oslo,1,no\n2,NA,Oslo,1,no\n2,1,,1,no\nNaN,1,Rome,1,no\n";
        tool.Write("d.csv", text);
        var answer = tool.Run(Poisson + " --json");
        Assert.Equal(0, answer.Code);
        Assert.Contains("warning: 4 of 64 rows are left out", answer.Error, StringComparison.Ordinal);
        Assert.Contains("'x' in 2", answer.Error, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(expected["coefficients"], JsonNode.Parse(answer.Output)!["coefficients"]));
    }

    [Fact]
    public void Features_are_all_other_columns_in_order()
    {
        var report = tool.Json("fit --data {d.csv} --label y --weight time --out {m.zip}");
        Assert.Equal(["(Intercept)", "x", "city=Oslo", "city=Rome", "big=yes"], Names(report));
        Assert.Equal("gaussian", (string)report["family"]!);
        report = tool.Json("fit --data {d.csv} --label y --ignore big,x --out {m.zip}");
        Assert.Equal(["(Intercept)", "city=Oslo", "city=Rome", "time"], Names(report));
    }

    [Fact]
    public void Numbers_can_be_levels_and_baselines_chosen()
    {
        var report = tool.Json(
            "fit --data {d.csv} --label y --features time,city --categorical time --baseline time=3 --baseline city= --no-intercept --out {m.zip}");
        Assert.Equal(["time=1", "time=2", "time=4", "city=Bonn", "city=Oslo", "city=Rome"], Names(report));
        Assert.Null(report["design"]!["terms"]![1]!["baseline"]);
    }

    [Fact]
    public void An_exposure_is_the_log_of_itself_as_an_offset()
    {
        string[] lines = Samples.Counts().TrimEnd().Split('\n');
        tool.Write("o.csv", string.Join('\n', lines.Select((line, i) => line + "," + (i == 0 ? "log_time"
            : Math.Log(1 + ((i - 1) % 4)).ToString("R", System.Globalization.CultureInfo.InvariantCulture)))));
        var exposure = tool.Json(Poisson + " --exposure time");
        var offset = tool.Json("fit --data {o.csv} --label y --family poisson --features x,city --offset log_time --out {o.zip}");
        AssertClose(offset["coefficients"]!, exposure["coefficients"]!, 1e-12);
        AssertClose(offset["mean_first_rows"]!, exposure["mean_first_rows"]!, 1e-12);
    }

    [Fact]
    public void A_label_of_two_texts_is_understood_and_said()
    {
        var report = tool.Json("fit --data {d.csv} --label big --family bernoulli --features x --out {m.zip}");
        Assert.Equal("yes", (string)report["response"]!["positive_value"]!);
        var answer = tool.Run("fit --data {d.csv} --label big --family bernoulli --features x --positive no --out {n.zip} --json");
        var other = JsonNode.Parse(answer.Output)!;
        Assert.Equal((double)report["coefficients"]![1]!, -(double)other["coefficients"]![1]!, 1e-9);
        tool.Write("t.csv", Samples.Counts().Replace("yes", "tall", StringComparison.Ordinal).Replace("no\n", "short\n", StringComparison.Ordinal));
        answer = tool.Run("fit --data {t.csv} --label big --family bernoulli --features x --out {t.zip}");
        Assert.Contains("'tall' counts as 1 and 'short' as 0", answer.Error, StringComparison.Ordinal);
        Assert.Contains("'tall' counts as 1", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void One_label_can_be_set_against_all_others()
    {
        var answer = tool.Run("fit --data {d.csv} --label city --family bernoulli --positive Rome --features x --out {m.zip}");
        Assert.Equal(0, answer.Code);
        Assert.Contains("the 2 other labels as 0", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaving_a_column_out_is_tested()
    {
        var test = tool.Json(Poisson + " --drop-test city")["likelihood_ratio_test"]!;
        Assert.Equal((2, "city"), ((int)test["df"]!, (string)test["dropped_column"]!));
        var without = tool.Json("fit --data {d.csv} --label y --family poisson --features x --out {n.zip}");
        Assert.Equal((double)without["deviance"]!, (double)test["deviance_reduced"]!, 1e-9);
        var last = tool.Json("fit --data {d.csv} --label y --family poisson --features x --drop-test x --out {n.zip}");
        Assert.Equal((double)last["null_deviance"]!, (double)last["likelihood_ratio_test"]!["deviance_reduced"]!, 1e-9);
    }

    [Fact]
    public void Theta_is_estimated_or_given()
    {
        string line = Poisson.Replace("poisson", "negative-binomial", StringComparison.Ordinal) + " --theta 3";
        Assert.Equal(3, (double)tool.Json(line)["theta"]!);
        Assert.Contains("theta 3, as given", tool.Run(line).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_aliased_column_is_named()
    {
        string[] lines = Samples.Counts().TrimEnd().Split('\n');
        tool.Write("a.csv", string.Join('\n', lines.Select((line, i) => line + (i == 0 ? ",twice" : ",7"))));
        var answer = tool.Run("fit --data {a.csv} --label y --family poisson --features x,twice --out {m.zip} --json");
        var report = JsonNode.Parse(answer.Output)!;
        Assert.Equal(("rank_deficient", "twice"), ((string)report["status"]!, (string)report["aliased"]![0]!));
        Assert.Contains("warning:", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refit_replaces_the_file_and_a_failed_one_leaves_it()
    {
        tool.Succeed(Poisson);
        byte[] first = File.ReadAllBytes(tool["m.zip"]);
        tool.Fail(1, Poisson.Replace("label y", "label yy", StringComparison.Ordinal), "no column 'yy'");
        Assert.Equal(first, File.ReadAllBytes(tool["m.zip"]));
        tool.Succeed(Poisson + " --l2 3");
        Assert.NotEqual(first, File.ReadAllBytes(tool["m.zip"]));
    }

    internal static void AssertClose(JsonNode expected, JsonNode actual, double tolerance)
    {
        Assert.Equal(expected.AsArray().Count, actual.AsArray().Count);
        foreach (var (left, right) in expected.AsArray().Zip(actual.AsArray()))
        {
            if (left is JsonArray)
                AssertClose(left, right!, tolerance);
            else
                Assert.Equal((double)left!, (double)right!, tolerance * (1 + Math.Abs((double)left!)));
        }
    }

    private static IEnumerable<string> Names(JsonObject report) => report["coefficient_names"]!.AsArray().Select(n => (string)n!);

#pragma warning disable IDE1006 // the names of the file's columns
    private sealed class Row
    {
        public double x { get; set; }

        public string city { get; set; } = "";
    }
#pragma warning restore IDE1006

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
