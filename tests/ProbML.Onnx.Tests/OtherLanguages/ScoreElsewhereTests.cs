using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProbML.Onnx.Tests;

/// <summary>Exported files give in Node.js and Python what the pipeline gives, uncertainty included.</summary>
public sealed class ScoreElsewhereTests
{
    private readonly MLContext context = new(1);

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string language in (string[])["Node", "Python"])
            foreach (string model in (string[])["counts", "classes", "posterior", "process"])
                cases.Add(language, model);
        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Another_language_scores_the_same(string language, string kind)
    {
        var script = language == "Node" ? ScoringScript.Node : ScoringScript.Python;
        var data = context.Data.LoadFromEnumerable(Holder.Sample());
        var (model, outputs) = Fit(kind, data);
        byte[] bytes = OnnxBytes(model, data, outputs);
        var holders = Holder.Sample(40, seed: 8);
        var rows = context.Data.LoadFromEnumerable(holders);
        var scored = script.Score(bytes, Columns(holders, bytes));
        Assert.Equal(outputs.Order(), scored.Keys.Order());
        var expected = model.Transform(rows);
        foreach (string output in outputs)
        {
            float[] numbers = [.. Agreement.Read(expected, output).SelectMany(row => row)];
            Assert.Equal(numbers.Length, scored[output].Length);
            for (int i = 0; i < numbers.Length; i++)
                Laws.Scores.AssertClose(numbers[i], (float)(scored[output][i] ?? double.NaN), 1e-5, $"{output} of row {i}");
        }
    }

    private static Dictionary<string, object> Columns(List<Holder> holders, byte[] bytes)
    {
        using var file = new Laws.OnnxFile(bytes);
        return file.Inputs.ToDictionary(name => name, object (name) => name switch
        {
            nameof(Holder.District) => holders.Select(one => one.District).ToArray(),
            nameof(Holder.Age) => holders.Select(one => one.Age).ToArray(),
            nameof(Holder.Years) => holders.Select(one => one.Years).ToArray(),
            _ => holders.Select(one => float.IsNaN(one.Income) ? (float?)null : one.Income).ToArray(),
        });
    }

    private byte[] OnnxBytes(ITransformer model, IDataView data, string[] outputs) =>
        Laws.OnnxFile.Bytes(context, model, data.Schema, new() { Outputs = outputs });

    private (ITransformer Model, string[] Outputs) Fit(string kind, IDataView data)
    {
        string[] real = ["Score", "ScoreStandardDeviation", "LowerBound", "UpperBound"];
        var numbers = context.Transforms.ReplaceMissingValues("Income").Append(
            context.Transforms.Categorical.OneHotEncoding("District")).Append(
            context.Transforms.Concatenate("Features", "District", "Age", "Income"));
        return kind switch
        {
            "counts" => (numbers.Append(context.Regression.Trainers.PoissonRegression("Claims", exposureColumnName: "Years")).Fit(data),
                [.. real, "ScoreStandardError"]),
            "classes" => (numbers.Append(context.Transforms.Conversion.MapValueToKey("Label", "Kind"))
                .Append(context.MulticlassClassification.Trainers.MultinomialRegression()).Fit(data), ["PredictedLabel", "Score"]),
            "posterior" => (numbers.Append(context.BinaryClassification.Trainers.BayesianGlm(labelColumnName: nameof(Holder.HasClaim))).Fit(data),
                ["PredictedLabel", "Probability", "EpistemicStandardDeviation", "AleatoricStandardDeviation"]),
            _ => (numbers.Append(context.Regression.Trainers.GaussianProcess(labelColumnName: "Claims")).Fit(data), real),
        };
    }
}
