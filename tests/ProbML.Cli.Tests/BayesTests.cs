namespace ProbML.Cli.Tests;

/// <summary>Posteriors from the command line.</summary>
public sealed class BayesTests : IDisposable
{
    private const string Fit = "fit --model bayes --data {d.csv} --label y --features x,city --out {m.zip} ";
    private readonly Tool tool = new();

    public BayesTests() => tool.Write("d.csv", Samples.Counts());

    public void Dispose() => tool.Dispose();

    [Theory]
    [InlineData("", "evidence"), InlineData("--inference ard", "ard"), InlineData("--inference conjugate", "conjugate")]
    [InlineData("--inference map", "map"), InlineData("--inference laplace", "laplace"), InlineData("--inference nuts --warmup 100 --draws 50", "nuts")]
    [InlineData("--family poisson", "laplace"), InlineData("--family poisson --inference vi", "vi")]
    [InlineData("--family poisson --inference vi-diagonal", "vi-diagonal"), InlineData("--family poisson --inference ep", "ep")]
    [InlineData("--family poisson --inference vi-flow", "vi-flow")]
    public void Every_inference_fits_predicts_and_is_summarised(string options, string inference)
    {
        var report = tool.Json(Fit + options);
        Assert.Equal("bayes", (string)report["model"]!);
        Assert.Equal(inference, (string)report["inference"]!);
        Assert.Equal(4, report["means"]!.AsArray().Count);
        for (int i = 0; i < 4; i++)
        {
            double lower = (double)report["quantiles"]!["0.025"]![i]!, upper = (double)report["quantiles"]!["0.975"]![i]!;
            Assert.InRange((double)report["means"]![i]!, lower, upper);
        }
        Assert.Equal(inference == "nuts", report["diagnostics"] is not null);
        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {p.csv}");
        string[] lines = File.ReadAllLines(tool["p.csv"]);
        Assert.Equal("Score,ScoreStandardDeviation,EpistemicStandardDeviation,AleatoricStandardDeviation,LowerBound,UpperBound", lines[0]);
        Assert.Equal(61, lines.Length);
        Assert.Contains("(Intercept)", tool.Succeed("summary {m.zip}"), StringComparison.Ordinal);
        Assert.True((double)tool.Json("evaluate --model {m.zip} --data {d.csv}")["r_squared"]! > 0.2);
    }

    [Fact]
    public void Two_classes_have_probabilities()
    {
        const string Binary = "fit --model bayes --data {d.csv} --label big --features x,city --family bernoulli --out {m.zip} ";
        var laplace = tool.Json(Binary);
        var probit = tool.Json(Binary + "--link probit --inference ep");
        Assert.Equal("laplace", (string)laplace["inference"]!);
        Assert.True((double)probit["log_evidence"]! < 0);
        tool.Run("predict --model {m.zip} --data {d.csv} --out {p.csv}");
        Assert.Equal(
            "PredictedLabel,Score,Probability,ScoreStandardError,ProbabilityLowerBound,ProbabilityUpperBound,"
            + "EpistemicStandardDeviation,AleatoricStandardDeviation",
            File.ReadAllLines(tool["p.csv"])[0]);
        Assert.True((double)tool.Json("evaluate --model {m.zip} --data {d.csv}")["auc"]! > 0.6);
    }

    [Fact]
    public void Priors_are_taken_by_name_and_one_seed_gives_one_model()
    {
        const string Options = Fit + "--family poisson --inference nuts --warmup 100 --draws 50 --seed 4 ";
        string[] priors = ["--prior", "normal(0,1)", "--prior", "x=normal(5,0.001)", "--prior", "(Intercept)=cauchy(0,10)"];
        var report = tool.Json(Options, priors);
        Assert.Equal(5, (double)report["means"]![1]!, 0.05);
        Assert.Equal("normal(5,0.001)", (string)report["priors"]!["x"]!);
        Assert.Equal(report["means"]!.ToJsonString(), tool.Json(Options, priors)["means"]!.ToJsonString());
    }

    [Theory]
    [InlineData("--inference sampling", "there is no inference")]
    [InlineData("--prior gauss(0,1)", "There is no prior 'gauss(0,1)'")]
    [InlineData("--family poisson --inference evidence", "--family gaussian")]
    [InlineData("--inference laplace --prior laplace(0,1)", "Inference.Nuts")]
    [InlineData("--prior normal(0,1)", "Leave Priors out")]
    [InlineData("--l2 1", "--prior")]
    [InlineData("--family ordinal", "not for --model bayes")]
    [InlineData("--draws 10", "--inference nuts")]
    [InlineData("--family poisson --dispersion-prior fixed(1)", "no free dispersion")]
    public void Options_that_contradict_each_other_are_refused(string options, string message) => tool.Fail(2, Fit + options, message);

    [Theory]
    [InlineData("--family poisson --prior age=normal(0,1)", "'age'")]
    [InlineData("--family poisson --features x,city,time,z --prior flat --prior (Intercept)=flat", "improper")]
    public void Data_that_do_not_suit_the_priors_are_refused(string options, string message)
    {
        string[] lines = Samples.Counts(5).TrimEnd().Split('\n');
        tool.Write("d.csv", string.Join('\n', lines.Select((line, i) => line + (i == 0 ? ",z" : $",{i * i}"))) + "\n");
        string line = options.Contains("--features", StringComparison.Ordinal) ? Fit.Replace("--features x,city ", "", StringComparison.Ordinal) : Fit;
        tool.Fail(1, line + options, message);
    }

    [Fact]
    public void Model_options_need_the_model() =>
        tool.Fail(2, Fit.Replace("--model bayes ", "", StringComparison.Ordinal) + "--inference laplace", "--model bayes");
}
