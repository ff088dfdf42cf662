using Microsoft.ML.Model.OnnxConverter;

namespace ProbML;

internal sealed partial class ScoringInputs
{
    public string FeaturesName => features.Name;

    /// <summary>The inputs of a model in an ONNX graph: offset and ln(exposure) added up, the label where it is given.</summary>
    public OnnxRows OnnxRows(IOnnxGraph graph, OnnxContext ctx)
    {
        var scope = new OnnxScope(graph);
        OnnxValue? Given(string? name) => name is not null && ctx.ContainsColumn(name)
            ? new OnnxValue(ctx.GetVariableName(name))
            : null;
        OnnxReal? sum = Given(offset?.Name) is { } added ? scope.Double(added) : null;
        if (Given(exposure?.Name) is { } amount)
        {
            var units = scope.Double(amount);
            var log = units.Log().Where(units > 0, double.NaN);
            sum = sum is { } before ? before + log : log;
        }
        OnnxValue response = Given(label?.Name) is { } known ? Response(scope, known) : default;
        return new(new(ctx.GetVariableName(features.Name)), sum?.Value ?? default, response);
    }

    /// <summary>The label as the model knows it; of a key the place of its class, NaN for none.</summary>
    private OnnxValue Response(OnnxScope scope, OnnxValue value)
    {
        var number = scope.Double(value);
        if (classOfKey is null)
            return number.Value;
        double[] classes = [double.NaN, .. classOfKey];
        var key = scope.Graph.Node("Cast", [value], OnnxArgument.Of("to", (long)OnnxElement.Int64));
        return scope.Graph.Node("Gather", [scope.Constant(classes, classes.Length).Value, key]);
    }
}
