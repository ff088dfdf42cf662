namespace ProbML.Examples.Scoring;

/// <summary>Answers to bad requests, as RFC 9457 says them.</summary>
internal static class Problems
{
    private const int MostListed = 100;

    public static IResult NoSuchModel(string name) => Results.Problem(
        $"No model '{name}' is served: GET /models lists those that are.", statusCode: StatusCodes.Status404NotFound, title: "There is no such model.");

    public static IResult NotJson(string message) => Results.Problem(
        message, statusCode: StatusCodes.Status400BadRequest, title: "The request is not valid JSON.");

    public static IResult WrongType(string wanted) => Results.Problem(
        $"Send Content-Type: {wanted}.", statusCode: StatusCodes.Status415UnsupportedMediaType, title: "The content type is not the one wanted.");

    public static IResult TooManyRows(int most) => Results.Problem(
        $"A prediction takes at most {most} rows: send more as a stream to /batch.",
        statusCode: StatusCodes.Status413PayloadTooLarge,
        title: "The request has too many rows.");

    /// <param name="faults">What is wrong, at least one.</param>
    public static IResult BadRows(IReadOnlyList<RowFault> faults) => Results.Problem(
        faults.Count == 1 ? faults[0].Message : $"{faults[0].Message} {faults.Count - 1} more rows cannot be scored either.",
        statusCode: StatusCodes.Status400BadRequest,
        title: "Rows cannot be scored.",
        extensions: new Dictionary<string, object?> { ["errors"] = faults.Take(MostListed) });
}
