using System.Globalization;
using System.Text.Json.Nodes;

namespace ProbML.Cli.Tests;

public sealed class PredictTests : IDisposable
{
    private const string Predict = "predict --model {m.zip} --data {n.csv} --out {s.csv} ";
    private readonly Tool tool = new();

    public PredictTests()
    {
        tool.Write("d.csv", Samples.Counts());
        tool.Write("n.csv", "city,x\nRome,1\nOslo,0.5\n");
        tool.Succeed("fit --data {d.csv} --label y --family poisson --features x,city --out {m.zip}");
    }

    public void Dispose() => tool.Dispose();

    [Fact]
    public void There_is_a_row_for_each_row()
    {
        Assert.Equal("", tool.Succeed(Predict));
        string[] lines = File.ReadAllLines(tool["s.csv"]);
        Assert.Equal("Score,ScoreStandardDeviation,ScoreStandardError,LowerBound,UpperBound", lines[0]);
        Assert.Equal(3, lines.Length);
        double[] first = [.. lines[1].Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
        Assert.InRange(first[0], first[3], first[4]);
    }

    [Fact]
    public void Predictions_are_the_fits_means()
    {
        var means = tool.Json("summary {m.zip}")["mean_first_rows"]!.AsArray().Select(mean => (double)mean!).ToArray();
        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {s.csv}");
        double[] scores = [.. File.ReadLines(tool["s.csv"]).Skip(1).Select(line => double.Parse(line.Split(',')[0], CultureInfo.InvariantCulture))];
        Assert.Equal(60, scores.Length);
        for (int i = 0; i < means.Length; i++)
            Assert.Equal(means[i], scores[i], 1e-5);
    }

    [Fact]
    public void The_level_changes_the_interval_alone()
    {
        tool.Succeed(Predict);
        string[] wide = File.ReadAllLines(tool["s.csv"])[1].Split(',');
        tool.Succeed(Predict + "--level 0.3");
        string[] narrow = File.ReadAllLines(tool["s.csv"])[1].Split(',');
        Assert.Equal(wide[..3], narrow[..3]);
        Assert.True(Width(narrow) < Width(wide));

        static double Width(string[] row) =>
            double.Parse(row[4], CultureInfo.InvariantCulture) - double.Parse(row[3], CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Input_columns_are_kept_as_they_were()
    {
        tool.Write("n.csv", "note,city,x\n\"a, \"\"b\"\"\",Rome,1.50\n\" two\nlines \",Oslo,2\n");
        tool.Succeed(Predict + "--keep");
        string text = File.ReadAllText(tool["s.csv"]);
        Assert.StartsWith("note,city,x,Score,", text, StringComparison.Ordinal);
        Assert.Contains("\"a, \"\"b\"\"\",Rome,1.50,", text, StringComparison.Ordinal);
        Assert.Contains("\n\" two\nlines \",Oslo,2,", text, StringComparison.Ordinal);
        tool.Write("n.csv", "Score,city,x\n1,Rome,1\n");
        tool.Fail(1, Predict + "--keep", "column 'Score' already");
    }

    [Fact]
    public void A_level_that_was_not_in_training_stops_it_or_leaves_a_row_empty()
    {
        tool.Write("n.csv", "city,x\nRome,1\nParis,0.5\n,1\n");
        tool.Fail(1, Predict, "row 2 of 'city' is 'Paris'", "not in training", "--unseen missing");
        var answer = tool.Run(Predict + "--unseen missing");
        Assert.Equal(0, answer.Code);
        Assert.Contains("2 of 3 rows get no prediction", answer.Error, StringComparison.Ordinal);
        Assert.Contains("'city' = 'Paris'", answer.Error, StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(tool["s.csv"]);
        Assert.Equal(",,,,", lines[2]);
        Assert.Equal(",,,,", lines[3]);
        Assert.NotEqual(",,,,", lines[1]);
    }

    [Fact]
    public void Bad_cells_are_named()
    {
        tool.Write("n.csv", "city,x\nRome,1\nOslo,\"0,5\"\n");
        tool.Fail(1, Predict, "row 2 of 'x' is '0,5'; numbers use a point");
        tool.Write("n.csv", "city\nRome\n");
        tool.Fail(1, Predict, "no column 'x'");
        tool.Write("n.csv", "city,x\n");
        tool.Fail(1, Predict, "no rows");
    }

    [Fact]
    public void An_exposure_is_asked_for_again()
    {
        tool.Succeed("fit --data {d.csv} --label y --family poisson --features x,city --exposure time --out {m.zip}");
        tool.Fail(1, Predict, "no column 'time'");
        tool.Write("n.csv", "city,x,time\nRome,1,1\nRome,1,3\n");
        tool.Succeed(Predict);
        double[] scores = [.. File.ReadLines(tool["s.csv"]).Skip(1).Select(line => double.Parse(line.Split(',')[0], CultureInfo.InvariantCulture))];
        Assert.Equal(3 * scores[0], scores[1], 1e-4);
    }

    [Fact]
    public void Two_classes_have_a_probability_and_their_own_names()
    {
        tool.Succeed("fit --data {d.csv} --label big --family bernoulli --link cloglog --features x,city --out {m.zip}");
        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {s.csv}");
        string[][] lines = [.. File.ReadLines(tool["s.csv"]).Select(line => line.Split(','))];
        Assert.Equal(["PredictedLabel", "Score", "Probability", "ScoreStandardError", "ProbabilityLowerBound", "ProbabilityUpperBound"], lines[0]);
        foreach (string[] line in lines.Skip(1))
            Assert.Equal(double.Parse(line[2], CultureInfo.InvariantCulture) > 0.5 ? "yes" : "no", line[0]);
    }

    [Fact]
    public void Files_that_are_no_models_are_refused()
    {
        byte[] whole = File.ReadAllBytes(tool["m.zip"]);
        File.WriteAllBytes(tool["m.zip"], whole[..(whole.Length / 2)]);
        tool.Fail(1, Predict, "m.zip is not a model that can be read");
        tool.Fail(1, "summary {m.zip}", "m.zip is not a model that can be read");
        tool.Write("m.zip", "hello");
        tool.Fail(1, Predict, "m.zip is not a model that can be read");
        tool.Write("m.zip", "");
        tool.Fail(1, Predict, "m.zip is not a model that can be read");
        using (var zip = System.IO.Compression.ZipFile.Open(tool["z.zip"], System.IO.Compression.ZipArchiveMode.Create))
            zip.CreateEntry("readme.txt");
        tool.Fail(1, "summary {z.zip}", "z.zip is not a model that can be read");
        File.Delete(tool["m.zip"]);
        tool.Fail(1, Predict, "there is no file");
        tool.Fail(1, "summary {.}", "is a folder");
    }

    [Fact]
    public void A_model_of_another_kind_is_refused()
    {
        var ml = new Microsoft.ML.MLContext();
        var data = new CsvDataView(CsvFile.Open(tool["d.csv"]), [ViewColumn.Number("x")], omitMissing: true);
        ml.Model.Save(Microsoft.ML.TransformExtensionsCatalog.CopyColumns(ml.Transforms, "z", "x").Fit(data), data.Schema, tool["m.zip"]);
        tool.Fail(1, Predict, "does not end in a GLM");
    }

    [Fact]
    public void Outputs_must_not_be_inputs()
    {
        tool.Fail(2, "predict --model {m.zip} --data {n.csv} --out {n.csv}", "a file that is read");
        tool.Fail(2, "predict --model {m.zip} --data {n.csv} --out {m.zip}", "a file that is read");
    }

    [Fact]
    public void Many_rows_stay_in_order()
    {
        tool.Write("n.csv", "city,x\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => FormattableString.Invariant($"Rome,{i / 5000.0}\n"))));
        tool.Succeed(Predict);
        double[] scores = [.. File.ReadLines(tool["s.csv"]).Skip(1).Select(line => double.Parse(line.Split(',')[0], CultureInfo.InvariantCulture))];
        Assert.Equal(5000, scores.Length);
        Assert.Equal(scores.Order(), scores);
    }

    [Fact]
    public void Evaluating_the_training_rows_gives_the_fits_deviance()
    {
        var fit = tool.Json("summary {m.zip}");
        var report = tool.Json("evaluate --model {m.zip} --data {d.csv}");
        Assert.Equal((double)fit["deviance"]!, (double)report["deviance"]!, 1e-9);
        Assert.Equal(60, (int)report["rows"]!);
        Assert.InRange((double)report["interval_coverage"]!, 0.9, 1);
        Assert.InRange((double)report["r_squared"]!, 0.1, 1);
        Assert.Contains("Root mean squared error", tool.Succeed("evaluate --model {m.zip} --data {d.csv} --level 0.5"), StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluating_two_classes()
    {
        var fit = tool.Json("fit --data {d.csv} --label big --family bernoulli --features x,city --out {m.zip}");
        var report = tool.Json("evaluate --model {m.zip} --data {d.csv}");
        Assert.Equal((double)fit["deviance"]!, (double)report["deviance"]!, 1e-9);
        Assert.Equal(60, (int)report["positives"]! + (int)report["negatives"]!);
        foreach (string measure in (string[])["auc", "accuracy", "log_loss", "brier_score", "calibration_error"])
            Assert.InRange((double)report[measure]!, 0, 1);
        Assert.True((double)report["auc"]! > 0.6);
        tool.Write("n.csv", "big,city,x\nmaybe,Rome,1\n");
        tool.Fail(1, "evaluate --model {m.zip} --data {n.csv}", "row 1 of 'big' is 'maybe'", "'no' and 'yes'");
    }

    [Fact]
    public void Evaluating_leaves_out_what_has_no_prediction()
    {
        tool.Write("n.csv", "y,city,x\n1,Rome,1\n2,Paris,1\n3,Oslo,\n");
        tool.Fail(1, "evaluate --model {m.zip} --data {n.csv}", "row 2 of 'city' is 'Paris'");
        var answer = tool.Run("evaluate --model {m.zip} --data {n.csv} --unseen missing --json");
        Assert.Contains("2 of 3 rows are left out", answer.Error, StringComparison.Ordinal);
        Assert.Equal(1, (int)JsonNode.Parse(answer.Output)!["rows"]!);
        tool.Write("n.csv", "y,city,x\n-1,Rome,1\n");
        tool.Fail(1, "evaluate --model {m.zip} --data {n.csv}", "row 1 of 'y' is '-1'");
    }
}
