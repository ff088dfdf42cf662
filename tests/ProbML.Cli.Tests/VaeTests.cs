using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Cli.Tests;

/// <summary>Variational autoencoders: rows of numbers and texts with empty cells, without a label.</summary>
public sealed class VaeTests : IDisposable
{
    private const string Quick = "--latent 2 --hidden 8 --epochs 3 --batch 32 --device cpu --out {m.zip} ";
    private const string Fit = "fit --model vae --data {d.csv} --ignore id " + Quick;
    private const string Plain = "fit --model vae --data {d.csv} --ignore id --epochs 1 --out {m.zip} ";
    private const int Rows = 200;
    private readonly Tool tool = new();

    public VaeTests() => tool.Write("d.csv", Mixed());

    public void Dispose() => tool.Dispose();

    [Fact]
    public void A_mixed_file_with_empty_cells_goes_from_fit_to_summary_and_predict()
    {
        var fit = JsonNode.Parse(tool.Succeed(Fit + "--likelihood visits=poisson --seed 3 --json"))!;
        Assert.Equal("vae", (string?)fit["model"]);
        Assert.Equal(
            ["gaussian: height, weight", "bernoulli: smoker", "poisson: visits", "categorical: city=Bonn, city=Oslo, city=Rome"],
            fit["likelihoods"]!.AsArray().Select(group => $"{group!["likelihood"]}: {string.Join(", ", group["columns"]!.AsArray())}"));
        Assert.Equal(
            (2, "diagonal", 3, 3, Rows, 3, "cpu", "completed"),
            ((int)fit["latent_size"]!, (string?)fit["posterior"], (int)fit["epochs"]!, (int)fit["best_epoch"]!,
                (int)fit["rows"]!, (int)fit["seed"]!, (string?)fit["device"], (string?)fit["status"]));
        Assert.Matches("^[0-9a-fA-F]{64}$", (string)fit["data_hash"]!);
        Assert.Equal((20, 20), ((int)fit["data"]!["missing"]!["height"]!, (int)fit["data"]!["missing"]!["city"]!));
        double[] history = [.. fit["elbo_per_epoch"]!.AsArray().Select(elbo => (double)elbo!)];
        Assert.True(history[0] < history[2]);
        Assert.Equal(history[2], (double)fit["elbo_per_row"]!);
        Assert.Null(fit["anomaly"]);
        Assert.True((double)fit["seconds"]! > 0);

        Assert.True(JsonNode.DeepEquals(fit, tool.Json("summary {m.zip}")));
        string summary = tool.Succeed("summary {m.zip}");
        foreach (string text in (string[])["latent size 2", "poisson", "city=Bonn", "ELBO", (string)fit["data_hash"]!])
            Assert.Contains(text, summary, StringComparison.Ordinal);

        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {s.csv} --keep");
        string[] lines = File.ReadAllLines(tool["s.csv"]);
        Assert.Equal(Rows + 1, lines.Length);
        Assert.Equal(
            "id,height,weight,smoker,visits,city,Latent.1,Latent.2,LatentStandardDeviation.1,LatentStandardDeviation.2,Elbo",
            lines[0]);
        double[][] given = Numbers("s.csv", 6);
        Assert.All(given, row => Assert.All(row, value => Assert.True(double.IsFinite(value))));
        Assert.All(given, row => Assert.True(row[2] > 0 && row[3] > 0));
    }

    [Theory]
    [InlineData("planar")]
    [InlineData("sylvester")]
    [InlineData("iaf")]
    public void A_posterior_can_be_a_flow(string posterior)
    {
        var fit = JsonNode.Parse(tool.Succeed($"{Fit} --posterior {posterior} --json"))!;
        Assert.Equal(posterior, (string?)fit["posterior"]);
        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {s.csv}");
        Assert.All(Numbers("s.csv", 0), row => Assert.All(row, value => Assert.True(double.IsFinite(value))));
        tool.Succeed("export --model {m.zip} --out {m.onnx} --columns Latent,LatentStandardDeviation");
    }

    [Fact]
    public void Predictions_are_those_of_the_saved_pipeline()
    {
        tool.Succeed(Fit + "--posterior full");
        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {s.csv}");
        var ml = new MLContext();
        var model = ml.Model.Load(tool["m.zip"], out var schema);
        var columns = schema.Select(column => ViewColumnOf(column)).ToList();
        var scored = model.Transform(new CsvDataView(CsvFile.Open(tool["d.csv"]), columns, omitMissing: false));
        float[][] latent = [.. scored.GetColumn<float[]>("Latent")];
        float[] elbo = [.. scored.GetColumn<float>("Elbo")];
        double[][] given = Numbers("s.csv", 0);
        for (int i = 0; i < Rows; i++)
        {
            Assert.Equal([latent[i][0], latent[i][1]], given[i][..2].Select(value => (float)value));
            Assert.Equal(elbo[i], (float)given[i][4]);
        }

        static ViewColumn ViewColumnOf(DataViewSchema.Column column) => column.Type is TextDataViewType
            ? ViewColumn.Text(column.Name, [])
            : ViewColumn.Number(column.Name);
    }

    [Fact]
    public void The_same_seed_gives_the_same_model_and_another_another()
    {
        double[] elbo = [.. new[] { "1", "1", "2" }.Select(seed =>
            (double)JsonNode.Parse(tool.Succeed(Fit + $"--seed {seed} --json"))!["elbo_per_row"]!)];
        Assert.Equal(elbo[0], elbo[1]);
        Assert.NotEqual(elbo[0], elbo[2]);
    }

    [Fact]
    public void A_detector_calls_rows_anomalies_by_its_threshold()
    {
        var fit = tool.Json(Fit + "--anomaly --false-alarm-rate 0.1");
        Assert.Equal(Rows, (int)fit["rows"]! + (int)fit["validation_rows"]!);
        Assert.True((int)fit["validation_rows"]! > 0);
        Assert.Equal(0.1, (double)fit["anomaly"]!["false_alarm_rate"]!);
        double threshold = (double)fit["anomaly"]!["threshold"]!;
        Assert.Contains("anomaly", tool.Succeed("summary {m.zip}"), StringComparison.Ordinal);

        string[] rows = Mixed().TrimEnd().Split('\n');
        tool.Write("new.csv", string.Join('\n', [.. rows, "a,100,70,0,1,Oslo", "b,1.7,70,7,1,Oslo"]) + "\n");
        tool.Succeed("predict --model {m.zip} --data {new.csv} --out {s.csv}");
        string[] lines = File.ReadAllLines(tool["s.csv"]);
        Assert.Equal("PredictedLabel,Score", lines[0]);
        foreach (string[] cells in lines[1..^1].Select(line => line.Split(',')))
            Assert.Equal(float.Parse(cells[1], CultureInfo.InvariantCulture) > (float)threshold ? "true" : "false", cells[0]);
        Assert.StartsWith("true,", lines[^2], StringComparison.Ordinal);
        Assert.Equal("true,inf", lines[^1]);          // no Bernoulli column is 7
        Assert.InRange(lines[1..^2].Count(line => line[0] == 't'), 0, Rows / 3);
    }

    [Fact]
    public void A_level_that_was_not_in_training_is_refused_or_read_as_unobserved()
    {
        tool.Succeed(Fit);
        string rows = "height,weight,smoker,visits,city\n1.7,70,0,1,Paris\n1.7,70,0,1,\n";
        tool.Write("new.csv", rows);
        tool.Fail(1, "predict --model {m.zip} --data {new.csv} --out {s.csv}", "row 1 of 'city' is 'Paris'");
        var answer = tool.Run("predict --model {m.zip} --data {new.csv} --out {s.csv} --unseen missing");
        Assert.Equal(0, answer.Code);
        Assert.Contains("'city' = 'Paris' in 1", answer.Error, StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(tool["s.csv"]);
        Assert.Equal(lines[1], lines[2]);
    }

    [Fact]
    public void A_text_that_does_not_vary_is_left_out_with_a_warning()
    {
        tool.Write("d.csv", "id,x,kind\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},{i % 7},same\n")));
        var answer = tool.Run(Fit + "--json");
        Assert.Equal(0, answer.Code);
        Assert.Contains("kind=same", answer.Error, StringComparison.Ordinal);
        Assert.Equal("constant(1)", (string?)JsonNode.Parse(answer.Output)!["likelihoods"]![1]!["likelihood"]);
    }

    [Theory]
    [InlineData("--likelihood cauchy", 2, "no likelihood 'cauchy'", "negative-binomial")]
    [InlineData("--likelihood categorical", 2, "--categorical")]
    [InlineData("--likelihood poisson --likelihood gaussian", 2, "two distributions")]
    [InlineData("--likelihood visits=auto", 2, "auto is for all columns")]
    [InlineData("--likelihood visit=poisson", 1, "no column 'visit'")]
    [InlineData("--likelihood id=poisson", 2, "--likelihood id", "not a feature")]
    [InlineData("--likelihood city=poisson", 2, "--likelihood city", "text")]
    [InlineData("--likelihood visits=poisson --categorical visits", 2, "'visits' is both")]
    [InlineData("--likelihood poisson", 1, "poisson", "row 1 of 'height' is 1.5")]
    [InlineData("--likelihood visits=bernoulli", 1, "bernoulli", "row 3 of 'visits' is 2")]
    [InlineData("--device tpu", 2, "--device 'tpu'", "cuda")]
    [InlineData("--device cuda:77", 1, "'cuda:77' was asked for")]
    [InlineData("--posterior round", 2, "'diagonal', 'full', 'planar', 'sylvester' or 'iaf', not 'round'")]
    [InlineData("--false-alarm-rate 0.1", 2, "--false-alarm-rate needs --anomaly")]
    [InlineData("--anomaly --false-alarm-rate 1", 2, "--false-alarm-rate must be between 0 and 1")]
    [InlineData("--label city", 2, "--model vae has no label")]
    [InlineData("--family poisson", 2, "--family is not for --model vae")]
    [InlineData("--weight city", 1, "row 1 of 'city'")]
    [InlineData("--features city", 2, "--features and --ignore")]
    [InlineData("--ignore height,weight,smoker,visits,city", 1, "no column left to encode")]
    public void Bad_input_is_refused(string options, int code, params string[] messages) =>
        tool.Fail(code, Plain + options, messages);

    [Theory]
    [InlineData("--epochs 0", "--epochs must be a whole number")]
    [InlineData("--latent 1.5", "--latent must be a whole number")]
    [InlineData("--hidden 8,x", "--hidden 'x'")]
    [InlineData("--learning-rate 0", "--learning-rate must be greater than 0")]
    public void A_number_out_of_its_range_is_refused(string options, string message) =>
        tool.Fail(2, "fit --model vae --data {d.csv} --ignore id --out {m.zip} " + options, message);

    [Fact]
    public void What_needs_a_label_is_refused()
    {
        tool.Fail(2, "fit --data {d.csv} --out {m.zip}", "'--label' is required");
        tool.Fail(2, "fit --data {d.csv} --label smoker --out {m.zip} --latent 2", "--latent needs --model vae");
        tool.Succeed(Fit);
        tool.Fail(2, "evaluate --model {m.zip} --data {d.csv}", "has none: use predict");
        tool.Fail(2, "predict --model {m.zip} --data {d.csv} --out {s.csv} --level 0.9", "--level");
    }

    [Theory]
    [InlineData("id,height,empty\n1,2,\n2,3,\n", "'empty' has no value in any row")]
    [InlineData("id,a,a=b\n1,x,2\n2,y,3\n", "column 'a=b' is called like a level of 'a'")]
    [InlineData("id,a\n1,2\n2,x\n", "row 2 of 'a' is 'x'")]
    [InlineData("id,a\n", "no rows")]
    [InlineData("id,a\n1,2\n2,2\n", "No feature varies")]
    public void A_file_that_cannot_be_encoded_is_refused(string rows, string message)
    {
        tool.Write("d.csv", rows);
        tool.Fail(1, Fit, message);
    }

    private double[][] Numbers(string name, int skip) =>
    [
        .. File.ReadLines(tool[name]).Skip(1).Select(line => line.Split(',')[skip..]
            .Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()),
    ];

    /// <summary>Heights, weights that go with them, whether one smokes, visits and a city; every tenth height and city is empty.</summary>
    private static string Mixed()
    {
        var random = new Random(5);
        var text = new StringBuilder("id,height,weight,smoker,visits,city\n");
        string[] cities = ["Oslo", "Bonn", "Rome"];
        for (int i = 1; i <= Rows; i++)
        {
            double height = i == 1 ? 1.5 : Math.Round(1.51 + (0.3 * random.NextDouble()), 2);
            double weight = Math.Round(60 * height - 30 + (10 * random.NextDouble()), 1);
            int visits = i == 3 ? 2 : i < 3 ? 1 : random.Next(5);
            text.Append(CultureInfo.InvariantCulture, $"{i},{(i % 10 == 7 ? "" : height)},{weight},{random.Next(2)},{visits},");
            text.Append(CultureInfo.InvariantCulture, $"{(i % 10 == 4 ? "NA" : cities[random.Next(3)])}\n");
        }
        return text.ToString();
    }
}
