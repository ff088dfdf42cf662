namespace ProbML.Cli.Tests;

/// <summary>What is wrong with a file is said in one line that names column and row; the code is 1.</summary>
public sealed class BadDataTests : IDisposable
{
    private const string Fit = "fit --data {d.csv} --label y --family poisson --features x,city --out {m.zip}";
    private readonly Tool tool = new();

    public void Dispose() => tool.Dispose();

    private void Refuses(string data, params string[] messages) => RefusesLine(Fit, data, messages);

    private void RefusesLine(string line, string data, params string[] messages)
    {
        tool.Write("d.csv", data);
        tool.Fail(1, line, messages);
    }

    [Fact]
    public void A_missing_file() => tool.Fail(1, Fit, "there is no file", "d.csv");

    [Fact]
    public void A_folder() => tool.Fail(1, Fit.Replace("{d.csv}", "{.}", StringComparison.Ordinal), "is a folder");

    [Fact]
    public void An_empty_file() => Refuses("", "d.csv is empty");

    [Fact]
    public void Blank_lines_alone() => Refuses("\n\n  \n", "d.csv is empty");

    [Fact]
    public void A_header_alone() => Refuses("y,x,city\n", "has a header but no rows");

    [Fact]
    public void A_missing_column() =>
        RefusesLine(Fit.Replace("x,city", "X,city", StringComparison.Ordinal), Samples.Counts(), "no column 'X'", "There is 'x'");

    [Fact]
    public void A_missing_column_with_nothing_like_it() =>
        RefusesLine(Fit.Replace("x,city", "z", StringComparison.Ordinal), Samples.Counts(), "no column 'z'", "'y', 'x', 'city', 'time'");

    [Fact]
    public void Two_columns_of_one_name() => Refuses("y,x,x\n1,2,3\n", "2 columns named 'x'");

    [Fact]
    public void Too_few_fields() => Refuses("y,x,city\n1,2,a\n3,4\n", "row 2 of d.csv has 2 fields, the header has 3");

    [Fact]
    public void Too_many_fields() => Refuses("y,x,city\n1,2,a\n3,4,b,c\n", "row 2 of d.csv has 4 fields, the header has 3");

    [Fact]
    public void A_quote_that_is_never_closed() => Refuses("y,x,city\n1,2,a\n3,4,\"b\n5,6,c\n", "row 2 of d.csv has a broken quote");

    [Theory]
    [InlineData("y,x,\"city\n1,2,a\n")]
    [InlineData("y,x,\"city\"s\n1,2,a\n")]
    [InlineData("y,x,city\n1,2,\"a\n")]
    [InlineData("y,x,city\n1,2,\"a\"b\n")]
    public void A_quote_that_is_broken_at_the_start(string data) => Refuses(data, "d.csv", "quot");

    [Fact]
    public void Text_after_a_quote() => Refuses("y,x,city\n1,2,a\n3,4,\"b\"c\n", "row 2 of d.csv has a broken quote in column 'city'");

    [Fact]
    public void A_field_that_swallows_the_rest() =>
        Refuses("y,x,city\n1,2,\"" + new string('b', 20_000_000), "row 1 of d.csv does not end");

    [Fact]
    public void Text_that_is_not_utf8()
    {
        File.WriteAllBytes(tool["d.csv"], [.. "y,x,city\n1,2,K"u8, 0xF6, .. "ln\n"u8]);
        tool.Fail(1, Fit, "is not UTF-8");
    }

    [Fact]
    public void A_decimal_comma_in_a_feature() =>
        Refuses(Samples.With(17, 1, "\"3,5\""), "row 17 of 'x' is '3,5'; numbers use a point, as in 3.5");

    [Fact]
    public void Decimal_commas_in_a_whole_column() =>
        Refuses("y;x;city\n1;0,5;a\n2;1,5;b\n3;2,5;a\n", "row 1 of 'x' is '0,5'; numbers use a point");

    [Fact]
    public void A_decimal_comma_in_the_label() =>
        Refuses("y;x;city\n1;5;a\n2,5;1;b\n", "row 2 of 'y' is '2,5'; numbers use a point");

    [Fact]
    public void Thousands_separators() => Refuses("y,x,city\n1,5,a\n\"1,234.5\",1,b\n", "row 2 of 'y'", "no thousands separators");

    [Fact]
    public void Text_among_numbers() =>
        Refuses(Samples.With(5, 1, "tall"), "row 5 of 'x' is 'tall'", "59 other rows are numbers", "--categorical x");

    [Fact]
    public void A_number_among_texts() =>
        Refuses(Samples.With(5, 2, "12"), "row 5 of 'city' is '12'", "--categorical city");

    [Fact]
    public void An_infinite_number() => Refuses(Samples.With(3, 0, "Infinity"), "row 3 of 'y' is 'Infinity'; numbers must be finite");

    [Fact]
    public void A_negative_count() => Refuses(Samples.With(5, 0, "-1"), "row 5 of 'y' is '-1'", "poisson response must be");

    [Fact]
    public void Zero_for_Gamma() => RefusesLine(
        Fit.Replace("poisson", "gamma", StringComparison.Ordinal), Samples.With(4, 0, "0"), "of 'y' is '0'", "gamma response must be");

    [Fact]
    public void A_negative_weight() => RefusesLine(Fit + " --weight time", Samples.With(9, 3, "-2"), "row 9 of 'time' is '-2'", "weight");

    [Fact]
    public void An_exposure_of_zero() => RefusesLine(Fit + " --exposure time", Samples.With(9, 3, "0"), "row 9 of 'time' is '0'", "exposure");

    [Fact]
    public void A_label_of_one_class() => RefusesLine(
        "fit --data {d.csv} --label big --family bernoulli --features x --out {m.zip}",
        Samples.Counts().Replace("yes", "no", StringComparison.Ordinal),
        "every label in 'big' is 'no'");

    [Fact]
    public void A_label_of_three_classes() => RefusesLine(
        "fit --data {d.csv} --label city --family bernoulli --features x --out {m.zip}",
        Samples.Counts(),
        "'city' holds 3 different labels", "--positive");

    [Fact]
    public void A_positive_label_that_does_not_occur() => RefusesLine(
        "fit --data {d.csv} --label big --family bernoulli --positive maybe --features x --out {m.zip}",
        Samples.Counts(),
        "no label in 'big' is 'maybe'");

    [Fact]
    public void A_name_in_every_row() => RefusesLine(
        "fit --data {d.csv} --label y --out {m.zip}",
        "y,name\n" + string.Join('\n', Enumerable.Range(0, 30).Select(i => $"{i},n{i}")),
        "'name' holds 30 different texts", "--ignore name");

    [Fact]
    public void No_complete_row() => Refuses("y,x,city\n1,,a\n2,,b\n", "every row of d.csv lacks a value", "'x' in 2 of 2 rows");

    [Fact]
    public void No_feature_left() => RefusesLine("fit --data {d.csv} --label y --out {m.zip}", "y\n1\n2\n", "no column left to predict 'y' from");

    [Fact]
    public void Features_that_do_not_vary() => Refuses("y,x,city\n1,1,a\n2,1,a\n".Replace(",1,", ",b,", StringComparison.Ordinal), "no feature varies");

    [Fact]
    public void A_folder_that_is_not_there()
    {
        tool.Write("d.csv", Samples.Counts());
        tool.Fail(1, Fit.Replace("{m.zip}", "{none/m.zip}", StringComparison.Ordinal), "there is no folder", "Create it first");
    }

    [Fact]
    public void A_folder_as_output()
    {
        tool.Write("d.csv", Samples.Counts());
        tool.Fail(1, Fit.Replace("{m.zip}", "{.}", StringComparison.Ordinal), "is a folder");
    }

    [Fact]
    public void A_place_that_cannot_be_written()
    {
        tool.Write("d.csv", Samples.Counts());
        Assert.SkipUnless(Directory.Exists("/proc"), "A folder that nobody can write to is needed.");
        tool.Fail(1, Fit.Replace("{m.zip}", "/proc/m.zip", StringComparison.Ordinal), "cannot be written");
    }
}
