namespace ProbML.Cli.Tests;

/// <summary>A command line that cannot work is refused with code 2, whatever the data.</summary>
public sealed class UsageTests : IDisposable
{
    private const string Fit = "fit --data {d.csv} --label y --features x --out {m.zip} ";
    private readonly Tool tool = new();

    public UsageTests() => tool.Write("d.csv", Samples.Counts());

    public void Dispose() => tool.Dispose();

    [Theory]
    [InlineData("", "command")]
    [InlineData("fti --data x", "no command 'fti'")]
    [InlineData("fit --label y --features x --out {m.zip}", "--data")]
    [InlineData("fit --data {d.csv} --label y", "--out")]
    [InlineData("summary", "argument")]
    [InlineData("summary m.zip n.zip", "'n.zip' is not understood")]
    [InlineData(Fit + "--nope", "'--nope' is not understood")]
    [InlineData(Fit + "--model gpx", "no model 'gpx'")]
    [InlineData(Fit + "--family normal", "no family 'normal'")]
    [InlineData(Fit + "--link lgoit", "no link 'lgoit'")]
    [InlineData(Fit + "--family poisson --link logit", "--link logit", "bernoulli")]
    [InlineData(Fit + "--family gamma --exposure time", "--exposure needs --link log, not inverse")]
    [InlineData(Fit + "--family poisson --theta 2", "--theta is for --family negative-binomial")]
    [InlineData(Fit + "--family poisson --power 1.5", "--power is for")]
    [InlineData(Fit + "--family tweedie --power 2", "between 1 and 2")]
    [InlineData(Fit + "--link power", "--link power needs --power")]
    [InlineData(Fit + "--positive yes", "--positive is for --family bernoulli")]
    [InlineData(Fit + "--levels a,b", "--levels is for --family multinomial and ordinal, not gaussian")]
    [InlineData(Fit + "--family ordinal --robust hc2", "for --family ordinal use hc0 or hc1")]
    [InlineData(Fit + "--family tobit --lower 0 --firth", "--firth is for --family bernoulli, not tobit")]
    [InlineData(Fit + "--family ordinal --path", "--path is not for --family ordinal")]
    [InlineData(Fit + "--robust hc9", "hc0, hc1, hc2 or hc3, not 'hc9'")]
    [InlineData(Fit + "--robust hc1 --cluster city", "--robust and --cluster")]
    [InlineData(Fit + "--robust hc1 --l1 1", "--l1 and --robust")]
    [InlineData(Fit + "--cluster y", "'y' is both --label and --cluster")]
    [InlineData(Fit + "--profile --l1 1", "--l1 and --profile")]
    [InlineData(Fit + "--firth --family poisson", "--firth is for --family bernoulli, not poisson")]
    [InlineData(Fit + "--firth --family bernoulli --l2 1", "--firth and --l1 or --l2")]
    [InlineData(Fit + "--firth --family bernoulli --drop-test x", "--firth and --drop-test")]
    [InlineData(Fit + "--path --l1 1", "--path and --l1 or --l2")]
    [InlineData(Fit + "--path --robust hc1", "--path and --robust")]
    [InlineData(Fit + "--path --family negative-binomial", "--path needs --theta")]
    [InlineData(Fit + "--path --alpha 2", "--alpha must be between 0 and 1")]
    [InlineData(Fit + "--path --cv 1", "--cv must be a whole number, 2 or more")]
    [InlineData(Fit + "--path --lambda-rule best", "'min' or '1se', not 'best'")]
    [InlineData(Fit + "--alpha 0.5", "--alpha needs --path")]
    [InlineData(Fit + "--cv 5", "--cv needs --path")]
    [InlineData(Fit + "--lambda-rule min", "--lambda-rule needs --path")]
    [InlineData(Fit + "--family ordinal --levels a", "two levels or more")]
    [InlineData(Fit + "--family ordinal --levels a,b,a", "'a' twice")]
    [InlineData(Fit + "--family ordinal --link cauchit", "logit, probit, cloglog and loglog, not cauchit")]
    [InlineData(Fit + "--family ordinal --no-intercept", "thresholds")]
    [InlineData(Fit + "--family ordinal --coding symmetric", "--coding is for --family multinomial")]
    [InlineData(Fit + "--family multinomial --coding middle", "'reference' or 'symmetric', not 'middle'")]
    [InlineData(Fit + "--family multinomial --offset time", "--offset is not for --family multinomial")]
    [InlineData(Fit + "--family multinomial --l1 1", "--l1 is not for --family multinomial")]
    [InlineData(Fit + "--family multinomial --l2 -1", "--l2 must be at least 0")]
    [InlineData(Fit + "--family multinomial --link log", "softmax")]
    [InlineData(Fit + "--family tobit", "needs a limit")]
    [InlineData(Fit + "--family tobit --lower 5 --upper 2", "--lower must be below --upper, but 5")]
    [InlineData(Fit + "--family tobit --lower 0 --link log", "identity link")]
    [InlineData(Fit + "--family tobit --lower x", "--lower 'x'")]
    [InlineData(Fit + "--family poisson --lower 0", "--lower and --upper are for --family tobit")]
    [InlineData(Fit + "--ignore time", "--features and --ignore")]
    [InlineData(Fit + "--family poisson --offset time --exposure time", "--offset and --exposure")]
    [InlineData(Fit + "--weight y", "'y' is both --label and --weight")]
    [InlineData(Fit + "--penalise-intercept", "needs --l1 or --l2")]
    [InlineData(Fit + "--l2 1 --penalise-intercept --no-intercept", "contradicts --no-intercept")]
    [InlineData(Fit + "--l2 1 --drop-test x", "--drop-test")]
    [InlineData(Fit + "--drop-test city", "--drop-test city", "not a feature")]
    [InlineData(Fit + "--categorical city", "--categorical city", "not a feature")]
    [InlineData(Fit + "--baseline x=1", "--baseline x", "numbers")]
    [InlineData(Fit + "--categorical x --baseline x=77", "--baseline x=77", "levels of 'x'")]
    [InlineData(Fit + "--baseline x", "write column=level")]
    [InlineData(Fit + "--baseline z=1", "'z' is not a feature")]
    [InlineData(Fit + "--l1 -1", "--l1 must be at least 0")]
    [InlineData(Fit + "--l2 1,5", "--l2 '1,5'", "point")]
    [InlineData(Fit + "--level 95", "--level must be between 0 and 1")]
    [InlineData(Fit + "--theta 0", "--theta must be greater than 0")]
    [InlineData(Fit + "--seed x", "--seed must be a whole number")]
    [InlineData("fit --data {d.csv} --label y --features x,x --out {m.zip}", "'x' twice")]
    [InlineData("fit --data {d.csv} --label y --features x,y --out {m.zip}", "'y' is the label")]
    [InlineData("fit --data {d.csv} --label y --features x --out {d.csv}", "a file that is read")]
    [InlineData("predict --model m.zip --data {d.csv} --out {s.csv} --unseen ignore", "--unseen")]
    public void Is_refused(string line, params string[] messages) => tool.Fail(2, line, messages);

    [Theory]
    [InlineData("--help", "predict")]
    [InlineData("fit --help", "--drop-test")]
    [InlineData("predict --help", "--unseen")]
    [InlineData("--version", ".")]
    public void Help_is_given(string line, string text) => Assert.Contains(text, tool.Succeed(line), StringComparison.Ordinal);

    [Theory]
    [InlineData("--link power --power 0.5")]
    [InlineData("--link power(0.5)")]
    [InlineData("--family inverse_gaussian --link 1/mu^2")]
    [InlineData("--family Tweedie --power 1.7")]
    [InlineData("--family gamma --link log")]
    public void Names_are_understood_as_people_write_them(string options)
    {
        string positive = string.Join('\n', Samples.Counts().Split('\n').Select(line => line.StartsWith("0,", StringComparison.Ordinal) ? "1" + line[1..] : line));
        tool.Write("d.csv", positive);
        Assert.Equal(0, tool.Run(Fit + options).Code);
    }
}
