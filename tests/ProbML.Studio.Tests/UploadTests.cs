using System.Net;
using System.Text;

namespace ProbML.Studio.Tests;

/// <summary>Files that are too large, malformed, or written in another way.</summary>
public sealed class UploadTests
{
    private static readonly StudioOptions Small = new()
    {
        MaximumFileBytes = 100_000, MaximumRows = 500, MaximumColumns = 20, MaximumFieldLength = 200,
    };

    [Theory]
    [InlineData("", "not empty")]
    [InlineData("a,b\n", "no rows")]
    [InlineData("a,b\n1,2\n3\n", "Row 2 has 1 cell, the first line has 2")]
    [InlineData("a,b\n1,2\n3,4,5\n", "Row 2 has 3 cells")]
    [InlineData("a,b\n1,\"2\n3,4\n", "quote")]
    [InlineData("PK\u0003\u0004xxxx", "Excel")]
    [InlineData("a,b\n1,\0\n", "zero bytes")]
    public async Task What_cannot_be_read_is_refused_with_a_reason(string content, string reason)
    {
        await using var host = await StudioHost.StartAsync(Small);
        using var client = new StudioClient(host);
        var answer = await client.UploadAsync(content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(reason, answer.Text, StringComparison.OrdinalIgnoreCase);
        using var data = await client.GetAsync("/data");
        Assert.Equal("/", data.RequestMessage!.RequestUri!.AbsolutePath);
    }

    [Fact]
    public async Task Limits_of_rows_columns_and_cells_hold()
    {
        await using var host = await StudioHost.StartAsync(Small);
        using var client = new StudioClient(host);
        var rows = await client.UploadAsync("a,b\n" + string.Concat(Enumerable.Repeat("1,2\n", 501)));
        Assert.Contains("more than 500 rows", rows.Text, StringComparison.Ordinal);
        var columns = await client.UploadAsync(string.Join(',', Enumerable.Range(0, 21)) + "\n" + string.Join(',', Enumerable.Range(0, 21)));
        Assert.Contains("21 columns", columns.Text, StringComparison.Ordinal);
        var cell = await client.UploadAsync($"a,b\n1,{new string('x', 201)}\n");
        Assert.Contains("Row 1, column 2 holds 201 characters", cell.Text, StringComparison.Ordinal);
        Assert.All(new[] { rows, columns, cell }, answer => Assert.Equal(HttpStatusCode.BadRequest, answer.Status));
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_and_the_table_before_it_stays()
    {
        await using var host = await StudioHost.StartAsync(Small);
        using var client = new StudioClient(host);
        await client.UploadAsync("a,b\n1,2\n3,4\n", "first.csv");
        var answer = await client.UploadAsync("a,b\n" + new string('1', 120_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Contains("the most taken here", answer.Text, StringComparison.Ordinal);
        Assert.Contains("first.csv", await client.PageAsync("/data"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_beyond_the_servers_limit_is_refused()
    {
        await using var host = await StudioHost.StartAsync(Small with { MaximumFileBytes = 1000 });
        using var client = new StudioClient(host);
        try
        {
            var answer = await client.UploadAsync("a,b\n" + new string('1', 3 << 20));
            Assert.Contains(answer.Status, new[] { HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest });
        }
        catch (HttpRequestException)
        {
            // The server may close the connection while the client still sends.
        }
        Assert.Contains("A file of yours", await client.PageAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Separators_encodings_decimal_commas_and_missing_values_are_understood()
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        byte[] latin = Encoding.Latin1.GetBytes("Größe;Ort\n1,5;Köln\n2,25;?\n");
        Assert.Equal("/data", (await client.UploadAsync(latin, "maße.csv")).Path);
        string page = WebUtility.HtmlDecode(await client.PageAsync("/data"));
        Assert.Contains("Windows-1252", page, StringComparison.Ordinal);
        Assert.Contains("'Größe' was read with decimal commas", page, StringComparison.Ordinal);
        Assert.Contains("Köln", page, StringComparison.Ordinal);
        Assert.Contains("missing</span>", page, StringComparison.Ordinal);
        byte[] utf16 = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("a\tb\nä\t1\n")];
        await client.UploadAsync(utf16, "b.tsv");
        Assert.Contains("ä", WebUtility.HtmlDecode(await client.PageAsync("/data")), StringComparison.Ordinal);
        await client.UploadAsync("1,2\n3,4\n", "c.csv", ("noHeader", "true"));
        Assert.Contains("2 rows, 2 columns", await client.PageAsync("/data"), StringComparison.Ordinal);
        var again = await client.PostAsync("/data", "/data?handler=Read", ("delimiter", "bar"), ("noHeader", "false"));
        Assert.Contains("1 rows, 1 columns", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_of_a_file_is_no_path()
    {
        await using var host = await StudioHost.StartAsync();
        using var client = new StudioClient(host);
        var store = (SessionStore)host.Services.GetService(typeof(SessionStore))!;
        await client.UploadAsync("a,b\n1,2\n", "../../../../etc/passwd.csv");
        Assert.Contains("passwd.csv", await client.PageAsync("/data"), StringComparison.Ordinal);
        string only = Assert.Single(Directory.GetFiles(store.Folder, "*", SearchOption.AllDirectories));
        Assert.Equal("data", Path.GetFileName(only));
        Assert.DoesNotContain("..", UploadForm.ShownName("..\\..\\x\u202Egnp.csv"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "a", "a", "", "Score", "A" }, new[] { "a", "a (2)", "Column 3", "Score (input)", "A (3)" })]
    [InlineData(new[] { "x\u0000y", "\u202Ez", "Label" }, new[] { "x y", "z", "Label (input)" })]
    public void Names_of_columns_are_made_unique_and_visible(string[] headings, string[] names)
    {
        var notes = new List<string>();
        Assert.Equal(names, HeadingNames.Make(headings, notes));
        Assert.NotEmpty(notes);
    }
}
