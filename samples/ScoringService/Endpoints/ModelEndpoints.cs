namespace ProbML.Examples.Scoring;

/// <summary>GET /models and /models/{name}.</summary>
internal static class ModelEndpoints
{
    public static IResult List(ModelFolder models) => Results.Ok(new { models.Fault, Models = models.Slots.Select(Headline).ToList() });

    public static IResult Describe(string name, ModelFolder models)
    {
        if (models.Hold(name) is not { } model)
            return Problems.NoSuchModel(name);
        try
        {
            return Results.Ok(new
            {
                model.Name,
                model.Version,
                Kind = model.Kind(),
                model.LoadedAt,
                Inputs = model.Schema.Inputs.Select(input =>
                    new { input.Name, Type = input.Type.ToString(), Role = Word(input.Role), Wanted = input.Role == InputRole.Unused ? null : input.Wanted }),
                Outputs = model.Schema.Outputs.Select(output => new
                {
                    output.Name,
                    Type = output.Type.ToString(),
                    Slots = output.Slots.Count > 0 ? output.Slots : null,
                    Needs = output.Needs.Count > 0 ? output.Needs.Select(place => model.Schema.Inputs[place].Name) : null,
                }),
                Summary = model.Summary(),
            });
        }
        finally
        {
            model.Release();
        }
    }

    private static object Headline(ModelSlot slot)
    {
        var model = slot.Hold();
        try
        {
            return new { slot.Name, model?.Version, Kind = model?.Kind(), model?.LoadedAt, slot.Fault, slot.DriftFault };
        }
        finally
        {
            model?.Release();
        }
    }

    private static string Word(InputRole role) => role switch
    {
        InputRole.Required => "required",
        InputRole.Optional => "optional",
        _ => "unused",
    };
}
