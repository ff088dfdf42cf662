using Microsoft.AspNetCore.OpenApi;
using Microsoft.ML.Data;
using Microsoft.OpenApi;

namespace ProbML.Examples.Scoring;

/// <summary>Adds to the OpenAPI document the rows and predictions of each model that is served, and the key.</summary>
internal sealed class ModelDocument(ModelFolder models) : IOpenApiDocumentTransformer
{
    private const string KeyScheme = "ApiKey";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new() { Title = "ProbML scoring service", Version = typeof(ModelDocument).Assembly.GetName().Version!.ToString(3) };
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[KeyScheme] =
            new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = ApiKeyMiddleware.Header };
        document.Security = [new() { [new(KeyScheme, document)] = [] }];
        foreach (var (path, item) in document.Paths)
            if (path.StartsWith("/health", StringComparison.Ordinal) && item.Operations is { } operations)
                foreach (var operation in operations.Values)
                    operation.Security = [];
        foreach (var slot in models.Slots)
        {
            if (slot.Hold() is not { } model)
                continue;
            Add(document, model);
            model.Release();
        }
        return Task.CompletedTask;
    }

    private static void Add(OpenApiDocument document, LoadedModel model)
    {
        var row = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema>(), Required = new HashSet<string>() };
        foreach (var input in model.Schema.Inputs.Where(input => input.Role != InputRole.Unused))
        {
            row.Properties[input.Name] = SchemaOf(input.Type, CellFormat.Of(ItemType(input.Type))!);
            if (input.Role == InputRole.Required)
                row.Required.Add(input.Name);
        }
        var prediction = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema>() };
        foreach (var output in model.Schema.Outputs)
            prediction.Properties[output.Name] = SchemaOf(output.Type, PredictionCell.JsonType(ItemType(output.Type))!, isNullable: true);
        string rowName = $"{model.Name}.Row", predictionName = $"{model.Name}.Prediction";
        document.AddComponent<IOpenApiSchema>(rowName, row);
        document.AddComponent<IOpenApiSchema>(predictionName, prediction);
        document.Paths[$"/models/{model.Name}/predict"] = new OpenApiPathItem
        {
            Operations = new()
            {
                [HttpMethod.Post] = new()
                {
                    Summary = $"Predicts with {model.Name}.",
                    Tags = new HashSet<OpenApiTagReference> { new("Models", document) },
                    RequestBody = new OpenApiRequestBody { Required = true, Content = OneOrMany(document, rowName) },
                    Responses = new()
                    {
                        ["200"] = new OpenApiResponse { Description = "The predictions, in the order of the rows.", Content = OneOrMany(document, predictionName) },
                        ["400"] = new OpenApiResponse { Description = "Rows cannot be scored: which, and why." },
                    },
                },
            },
        };
    }

    private static Dictionary<string, OpenApiMediaType> OneOrMany(OpenApiDocument document, string name)
    {
        var one = new OpenApiSchemaReference(name, document);
        return new()
        {
            ["application/json"] = new() { Schema = new OpenApiSchema { OneOf = [one, new OpenApiSchema { Type = JsonSchemaType.Array, Items = one }] } },
        };
    }

    private static DataViewType ItemType(DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;

    private static OpenApiSchema SchemaOf(DataViewType type, CellFormat format) => SchemaOf(type, format.JsonType, format.TakesNull);

    private static OpenApiSchema SchemaOf(DataViewType type, string jsonType, bool isNullable)
    {
        var item = new OpenApiSchema
        {
            Type = (isNullable ? JsonSchemaType.Null : 0) | jsonType switch
            {
                "number" => JsonSchemaType.Number,
                "integer" => JsonSchemaType.Integer,
                "boolean" => JsonSchemaType.Boolean,
                _ => JsonSchemaType.String,
            },
        };
        if (type is not VectorDataViewType vector)
            return item;
        int? size = vector.Size > 0 ? vector.Size : null;
        return new() { Type = JsonSchemaType.Array, Items = item, MinItems = size, MaxItems = size };
    }
}
