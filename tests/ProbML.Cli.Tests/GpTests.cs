namespace ProbML.Cli.Tests;

/// <summary>Gaussian processes from the command line.</summary>
public sealed class GpTests : IDisposable
{
    private const string Fit = "fit --model gp --data {d.csv} --label y --features x,city --out {m.zip} ";
    private readonly Tool tool = new();

    public GpTests() => tool.Write("d.csv", Samples.Counts());

    public void Dispose() => tool.Dispose();

    [Fact]
    public void It_fits_predicts_evaluates_exports_and_is_summarised()
    {
        var report = tool.Json(Fit + "--restarts 1", ["--kernel", "matern52(ard) + linear"]);
        Assert.Equal("gp", (string)report["model"]!);
        Assert.Equal("exact", (string)report["inference"]!);
        Assert.StartsWith("matern52(", (string)report["kernel"]!, StringComparison.Ordinal);
        Assert.Equal("converged", (string)report["status"]!);
        Assert.Equal(60, (int)report["n_positive_weight"]!);
        Assert.True((double)report["log_marginal_likelihood"]! < 0);
        Assert.True((double)report["leave_one_out_log_density"]! < 0);
        Assert.Equal(2, report["starts"]!.AsArray().Count);
        Assert.Contains(report["hyperparameters"]!.AsArray(), one => (string)one!["name"]! == "parts[0].lengthscale[0]");
        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {p.csv} --level 0.9");
        string[] lines = File.ReadAllLines(tool["p.csv"]);
        Assert.Equal("Score,ScoreStandardDeviation,EpistemicStandardDeviation,AleatoricStandardDeviation,LowerBound,UpperBound", lines[0]);
        Assert.Equal(61, lines.Length);
        double[] first = [.. lines[1].Split(',').Select(cell => double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal((double)report["mean_first_rows"]![0]!, first[0], 1e-4);
        Assert.Equal(1.6449 * first[1], (first[5] - first[4]) / 2, 1e-3);
        Assert.Contains("noise_variance", tool.Succeed("summary {m.zip}"), StringComparison.Ordinal);
        Assert.True((double)tool.Json("evaluate --model {m.zip} --data {d.csv}")["r_squared"]! > 0.2);
        tool.Succeed("export --model {m.zip} --out {m.onnx}");
        Assert.True(new FileInfo(tool["m.onnx"]).Length > 1000);
    }

    [Theory]
    [InlineData("sgpr --inducing 12", "SGPR")]
    [InlineData("fitc --inducing 12", "FITC")]
    [InlineData("svgp --inducing 5", "SVGP")]
    [InlineData("cg", "conjugate gradients")]
    public void It_fits_by_inferences_for_many_rows(string words, string name)
    {
        var report = tool.Json(Fit + "--restarts 0 --inference " + words);
        Assert.Equal(name, (string)report["inference"]!);
        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {p.csv}");
        Assert.Equal(61, File.ReadAllLines(tool["p.csv"]).Length);
        Assert.Contains(name, tool.Succeed("summary {m.zip}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--inference cg")]
    public void On_a_device_it_is_the_same_fit(string words)
    {
        double managed = (double)tool.Json(Fit + "--restarts 0 " + words)["log_marginal_likelihood"]!;
        var report = tool.Json(Fit + "--restarts 0 --device cpu " + words);
        Assert.Equal(managed, (double)report["log_marginal_likelihood"]!, 1e-5);
        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {p.csv}");
        Assert.Equal(61, File.ReadAllLines(tool["p.csv"]).Length);
    }

    [Theory]
    [InlineData("--device tpu", 2, "there is no such device")]
    [InlineData("--device mps", 2, "64-bit")]
    [InlineData("--device cpu --inference sgpr", 2, "A device serves exact inference")]
    [InlineData("--device cpu --family poisson", 2, "A device serves exact inference")]
    [InlineData("--device cuda:99", 1, "'cuda:99' was asked for")]
    public void A_device_that_does_not_do_is_refused(string words, int code, string message)
    {
        tool.Fail(code, Fit + words, message);
        Assert.False(File.Exists(tool["m.zip"]));
    }

    [Theory]
    [InlineData("poisson", "laplace")]
    [InlineData("negative-binomial", "vi")]
    [InlineData("student-t", "laplace")]
    [InlineData("poisson", "svgp --inducing 6")]
    [InlineData("heteroscedastic", "vi --noise-kernel rbf(dims=[0])")]
    [InlineData("student-t", "svgp --inducing 6")]
    public void It_fits_numbers_that_are_not_normal(string family, string inference)
    {
        var report = tool.Json($"{Fit}--restarts 0 --family {family} --inference {inference}");
        Assert.Equal("converged", (string)report["status"]!);
        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {p.csv}");
        string[] lines = File.ReadAllLines(tool["p.csv"]);
        Assert.StartsWith("Score,ScoreStandardDeviation,EpistemicStandardDeviation", lines[0], StringComparison.Ordinal);
        Assert.Equal(61, lines.Length);
        Assert.All(lines.Skip(1), line => Assert.DoesNotContain("NaN", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("laplace")]
    [InlineData("ep")]
    [InlineData("vi")]
    [InlineData("svgp --inducing 10")]
    public void It_fits_two_classes(string inference)
    {
        tool.Write("d.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{(i / 10 % 2 == 0 ? "yes" : "no")}\n")));
        tool.Json("fit --model gp --family bernoulli --positive yes --data {d.csv} --label y --features x --out {m.zip} --restarts 0 --inference " + inference);
        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {p.csv}");
        string[] lines = File.ReadAllLines(tool["p.csv"]);
        int at = Array.IndexOf(lines[0].Split(','), "Probability");
        double[] p = [.. lines.Skip(1).Select(line => double.Parse(line.Split(',')[at], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.All(Enumerable.Range(0, 40).Where(i => i % 10 is > 1 and < 8), i => Assert.Equal(i / 10 % 2 == 0, p[i] > 0.5));
        Assert.True((double)tool.Json("evaluate --model {m.zip} --data {d.csv}")["accuracy"]! > 0.9);
    }

    [Fact]
    public void Acquisitions_are_columns()
    {
        tool.Json(Fit + "--restarts 0 --direction maximise --best 4", ["--acquisition", "ei(0.1),ucb(1)", "--kernel", "rbf"]);
        tool.Succeed("predict --model {m.zip} --data {d.csv} --out {p.csv}");
        string[] lines = File.ReadAllLines(tool["p.csv"]);
        Assert.EndsWith("LowerBound,UpperBound,ExpectedImprovement,UpperConfidenceBound", lines[0], StringComparison.Ordinal);
        double[] first = [.. lines[1].Split(',').Select(cell => double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(first[0] + first[2], first[7], 1e-3);
    }

    [Theory]
    [InlineData("", "parts[0].parts[1].loading[0,0]", "parts[1].parts[1].variance[0]")]
    [InlineData("--inference sgpr --inducing 20", "parts[1].loading[0,0]", "noise_variance")]
    [InlineData("--inference svgp --inducing 20", "parts[1].loading[0,0]", "noise_variance")]
    public void A_column_names_several_outputs_and_one_learns_from_another(string words, string loading, string noise)
    {
        tool.Write("d.csv", TwoOutputs());
        var report = tool.Json("fit --model gp --data {d.csv} --label y --features t --outputs place --out {m.zip} --seed 1 --restarts 1 " + words);
        var outputs = report["outputs"]!;
        Assert.Equal(["east", "west"], outputs["names"]!.AsArray().Select(name => (string)name!));
        Assert.Equal((double)outputs["correlation"]![0]![1]!, (double)outputs["correlation"]![1]![0]!);
        Assert.True((double)outputs["correlation"]![0]![1]! < -0.8, $"{outputs["correlation"]}");     // the west is minus twice the east
        Assert.Equal("code", (string)report["design"]!["terms"]![1]!["encoding"]!);
        string[] names = [.. report["hyperparameters"]!.AsArray().Select(one => (string)one!["name"]!)];
        Assert.Contains(loading, names);
        Assert.Contains(noise, names);
        Assert.Contains("Correlation of the outputs that 'place' names", tool.Succeed("summary {m.zip}"), StringComparison.Ordinal);
        tool.Write("new.csv", "t,place\n6,west\n6,east\n");
        tool.Succeed("predict --model {m.zip} --data {new.csv} --out {p.csv}");
        double[] west = Cells(1), east = Cells(2);
        Assert.Equal(-2 * Math.Sin(6), west[0], 0.5);                                                  // west was seen up to 4
        Assert.Equal(Math.Sin(6), east[0], 0.2);
        Assert.True(west[2] > east[2], "less is known of the west at 6");
        tool.Write("odd.csv", "t,place\n6,north\n");
        tool.Fail(1, "predict --model {m.zip} --data {odd.csv} --out {p.csv}", "that level was not in training, where they were 'east', 'west'");
        tool.Succeed("export --model {m.zip} --out {m.onnx}");

        double[] Cells(int line) => [.. File.ReadAllLines(tool["p.csv"])[line].Split(',').Select(cell => double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture))];
    }

    [Fact]
    public void Outputs_that_do_not_go_with_the_file_are_refused()
    {
        const string Outputs = "fit --model gp --data {d.csv} --label y --out {m.zip} --outputs place ";
        tool.Write("d.csv", TwoOutputs());
        tool.Fail(2, Outputs + "--family heteroscedastic", "--outputs place does not go with --family heteroscedastic");
        tool.Fail(2, Outputs.Replace("--outputs place", "", StringComparison.Ordinal) + "--output-rank 2", "--output-rank needs --outputs");
        tool.Fail(2, Outputs.Replace("place", "y", StringComparison.Ordinal), "--outputs y: that column is something else already");
        tool.Fail(1, Outputs.Replace("place", "plaice", StringComparison.Ordinal), "plaice");
        tool.Fail(2, Outputs + "--output-rank 2 --kernel rbf(dims=[0])*coregion(outputs=2,dim=1)", "a coregion of its own");
        tool.Fail(2, Outputs + "--kernel rbf(dims=[0])*coregion(outputs=3,dim=1)", "write coregion(outputs=2, dim=1)");
        tool.Write("d.csv", "t,place,y\n1,east,2\n2,east,3\n3,east,1\n");
        tool.Fail(1, Outputs, "names one output, 'east', in every row");
    }

    [Fact]
    public void Hyperparameters_can_be_fixed_limited_and_given_priors()
    {
        var report = tool.Json(
            Fit + "--restarts 0 --standardize none --noise 2 --fix noise_variance",
            ["--kernel", "rbf(lengthscale=0.5) + 3", "--prior", "lengthscale=gamma(4,2)", "--bounds", "parts[1].variance=1:4"]);
        double Value(string name) => (double)report["hyperparameters"]!.AsArray().Single(one => (string)one!["name"]! == name)!["value"]!;
        Assert.Equal(2, Value("noise_variance"), 1e-12);
        Assert.InRange(Value("parts[1].variance"), 1, 4);
    }

    [Theory]
    [InlineData("--kernel rbff", "'rbff' is no kernel; there are rbf,")]
    [InlineData("--kernel rbf(ard", "at the end")]
    [InlineData("--prior normal(0,1)", "hyperparameter=")]
    [InlineData("--prior lengthscale=cauchy(0,1)", "'cauchy' is no prior")]
    [InlineData("--bounds lengthscale=3", "lower:upper")]
    [InlineData("--bounds lengthscale=3:1", "the lower one first")]
    [InlineData("--standardize all", "not 'all'")]
    [InlineData("--inference laplace", "inference laplace does not go with the likelihood")]
    [InlineData("--inference bp", "no inference 'bp' of --model gp")]
    [InlineData("--inducing 5", "--inducing needs --inference sgpr, fitc or svgp")]
    [InlineData("--inference svgp --inducing 0", "--inducing")]
    [InlineData("--l2 1", "--l2 is not for --model gp")]
    [InlineData("--family gamma", "no family 'gamma' of --model gp")]
    [InlineData("--family poisson --noise 1", "--noise is for --family gaussian")]
    [InlineData("--noise-kernel rbf", "--noise-kernel is for --family heteroscedastic")]
    [InlineData("--family heteroscedastic --inference ep", "inference ep does not go with the likelihood")]
    [InlineData("--family poisson --inference exact", "inference exact does not go with the likelihood")]
    [InlineData("--family student-t --inference ep", "not log-concave")]
    [InlineData("--family poisson --inference sgpr", "inference SGPR does not go with the likelihood")]
    [InlineData("--noise 0", "greater than 0")]
    [InlineData("--acquisition ie", "'ie' is no acquisition; there are")]
    [InlineData("--acquisition ei --direction up", "not 'up'")]
    [InlineData("--best 3", "--best needs --acquisition")]
    [InlineData("--acquisition ei --family poisson", "Acquisitions are of a response's own mean")]
    public void What_does_not_go_with_it_is_refused(string options, string message) => tool.Fail(2, Fit + options, message);

    [Theory]
    [InlineData("--fix lenghtscale", "no hyperparameter 'lenghtscale'; there are")]
    [InlineData("--kernel rbf(dims=[9])", "feature 9")]
    public void What_does_not_go_with_the_file_is_refused(string options, string message) => tool.Fail(1, Fit + options, message);

    /// <summary>Two places: east is sin t up to 8, west minus twice that, up to 4.</summary>
    private static string TwoOutputs()
    {
        var random = new Random(5);
        return "t,place,y\n" + string.Concat(Enumerable.Range(0, 120).Where(i => i % 2 == 0 || i < 60).Select(i => string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{i / 15.0:F4},{(i % 2 == 0 ? "east" : "west")},{(i % 2 == 0 ? 1 : -2) * Math.Sin(i / 15.0) + 0.1 * (random.NextDouble() - 0.5):F4}\n")));
    }

    [Fact]
    public void Its_options_need_the_model() =>
        tool.Fail(2, Fit.Replace("--model gp ", "", StringComparison.Ordinal) + "--kernel rbf", "--kernel needs --model gp");
}
