using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace ProbML.Service.Tests;

[Collection(RunningService.Alone)]
public class PredictTests
{
    private const string Row = """{"District":"1","Age":"<25","Holders":10}""";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Predictions_are_the_models_own_numbers(int blockRows)
    {
        string[] columns = ["Score", "ScoreStandardDeviation", "ScoreStandardError", "LowerBound", "UpperBound", "LogDensity"];
        await using var service = await RunningService.Start(
            [("claims.zip", TestModels.ClaimsFile), ("curve.zip", TestModels.CurveFile)], $"BlockRows={blockRows}");
        await AssertSame(service, "claims", TestModels.ClaimsFile, TestModels.Policies, columns);
        await AssertSame(
            service, "curve", TestModels.CurveFile, TestModels.Points.Select(point => point with { Features = [point.Features[0] + 0.1f, 1] }).ToArray(),
            ["Score", "ScoreStandardDeviation", "LowerBound", "UpperBound", "LogDensity"]);
    }

    [Fact]
    public async Task Classes_come_by_name()
    {
        await using var service = await RunningService.Start([("kinds.zip", TestModels.KindsFile)]);
        var predictions = await service.Predicted("kinds", JsonSerializer.Serialize(TestModels.Flowers.Select(flower => new { flower.Length, flower.Width })));
        var slots = (await service.Get("/models/kinds")).GetProperty("outputs").EnumerateArray()
            .Single(output => output.GetProperty("name").GetString() == "Score").GetProperty("slots").EnumerateArray().Select(name => name.GetString()).ToList();
        Assert.Equal(["large", "middle", "small"], slots.Order());
        int right = 0;
        foreach (var (prediction, flower) in predictions.EnumerateArray().Zip(TestModels.Flowers))
        {
            float[] score = [.. prediction.GetProperty("Score").EnumerateArray().Select(one => one.GetSingle())];
            Assert.Equal(1, score.Sum(), 1e-5);
            Assert.Equal(slots[Array.IndexOf(score, score.Max())], prediction.GetProperty("PredictedLabel").GetString());
            Assert.False(prediction.TryGetProperty("LogDensity", out _));
            right += prediction.GetProperty("PredictedLabel").GetString() == flower.Kind ? 1 : 0;
        }
        Assert.InRange(right, 60, 90);
        var known = TestModels.Flowers[..7];
        var densities = await service.Predicted("kinds", JsonSerializer.Serialize(known));
        Assert.Equal(
            TestModels.Scored(TestModels.KindsFile, known, "LogDensity")["LogDensity"],
            densities.EnumerateArray().Select(one => one.GetProperty("LogDensity").GetSingle()));
    }

    [Fact]
    public async Task One_row_is_answered_by_one_object_and_no_rows_by_none()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)]);
        Assert.Equal(JsonValueKind.Object, (await service.Predicted("claims", Row)).ValueKind);
        Assert.Equal(0, (await service.Predicted("claims", "[]")).GetArrayLength());
        Assert.Equal(1, (await service.Predicted("claims", $" [ {Row} ] ")).GetArrayLength());
        Assert.Equal(JsonValueKind.Object, (await service.Predicted("claims", "\uFEFF" + Row)).ValueKind);
        using var answer = await service.Predict("claims", Row);
        Assert.Equal((await service.Get("/models/claims")).GetProperty("version").GetString(), Assert.Single(answer.Headers.GetValues("X-Model-Version")));
    }

    [Fact]
    public async Task What_is_not_known_is_null_and_columns_may_come_in_any_order()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)]);
        var unknown = await service.Predicted("claims", """{"Holders":null,"Age":"<25","District":"1"}""");
        Assert.Equal(JsonValueKind.Null, unknown.GetProperty("Score").ValueKind);
        var there = await service.Predicted("claims", """{"Holders":10,"Age":"<25","District":"1"}""");
        Assert.Equal((await service.Predicted("claims", Row)).GetProperty("Score").GetSingle(), there.GetProperty("Score").GetSingle());
    }

    [Theory]
    [InlineData("""{"District":1,"Age":"<25","Holders":10}""", 1, "District", "must be text, but is the number 1")]
    [InlineData("""[{"District":"1","Age":"<25","Holders":10},{"District":"1","Age":"<25","Holders":"ten"}]""", 2, "Holders", "the text \"ten\"")]
    [InlineData("""{"District":"1","Age":"<25","Holders":1e99}""", 1, "Holders", "1e99")]
    [InlineData("""{"District":"1","Age":"<25"}""", 1, "Holders", "is missing")]
    [InlineData("""{"District":"1","Age":"<25","Holders":10,"holders":3}""", 1, "holders", "no column")]
    [InlineData("""{"District":"1","Age":"<25","Holders":10,"Holders":3}""", 1, "Holders", "twice")]
    [InlineData("""{"District":{"a":[1,{"b":2}]},"Age":"<25","Holders":10}""", 1, "District", "an object")]
    [InlineData("""{"District":["1"],"Age":"<25","Holders":10}""", 1, "District", "an array")]
    [InlineData("""[{"District":"1","Age":"<25","Holders":10},[1,[2]],{"District":"1","Age":"<25","Holders":10}]""", 2, null, "JSON object")]
    [InlineData("7", 1, null, "JSON object")]
    public async Task A_bad_row_is_named_with_its_column(string body, int row, string? column, string message)
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)]);
        using var answer = await service.Predict("claims", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(400, problem.GetProperty("status").GetInt32());
        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(row, error.GetProperty("row").GetInt32());
        Assert.Equal(column, error.GetProperty("column").GetString());
        Assert.Contains(message, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        await service.Predicted("claims", Row);                  // and the service goes on
    }

    [Fact]
    public async Task Every_bad_row_is_named_wherever_the_blocks_end()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)], "BlockRows=4");
        string body = $"[{string.Join(',', Enumerable.Range(1, 30).Select(row => row % 7 == 0 ? """{"District":"1"}""" : Row))}]";
        using var answer = await service.Predict("claims", body);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal([7, 14, 21, 28], problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("row").GetInt32()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[{},")]
    [InlineData("{} {}")]
    [InlineData("[] 3")]
    [InlineData("""{"District":"\ud800","Age":"<25","Holders":10}""")]
    public async Task What_is_no_JSON_is_said_to_be_none(string body)
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)]);
        using var answer = await service.Predict("claims", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal("The request is not valid JSON.", problem.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Limits_are_kept()
    {
        await using var service = await RunningService.Start([("claims.zip", TestModels.ClaimsFile)], "MaximumRows=3", "MaximumRequestBytes=1000");
        Assert.Equal(3, (await service.Predicted("claims", $"[{Row},{Row},{Row}]")).GetArrayLength());
        using var rows = await service.Predict("claims", $"[{Row},{Row},{Row},{Row}]");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, rows.StatusCode);
        using var bytes = await service.Predict("claims", Row + new string(' ', 2000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, bytes.StatusCode);
        using var form = await service.Client.PostAsync(
            "/models/claims/predict", new StringContent(Row, Encoding.UTF8, "application/x-www-form-urlencoded"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, form.StatusCode);
        foreach (string name in (string[])["other", "..%2Fclaims", "%2e%2e", "claims.zip"])
        {
            using var answer = await service.Predict(name, Row);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    private static async Task AssertSame<T>(RunningService service, string model, byte[] file, T[] rows, string[] columns)
        where T : class
    {
        var expected = TestModels.Scored(file, rows, columns);
        var all = await service.Predicted(model, JsonSerializer.Serialize(rows));
        Assert.Equal(rows.Length, all.GetArrayLength());
        for (int i = 0; i < rows.Length; i++)
        {
            var alone = i % 11 == 0 ? await service.Predicted(model, JsonSerializer.Serialize(rows[i])) : all[i];
            foreach (string column in columns)
            {
                Assert.Equal(expected[column][i], all[i].GetProperty(column).GetSingle());
                Assert.Equal(expected[column][i], alone.GetProperty(column).GetSingle());
            }
        }
    }
}
