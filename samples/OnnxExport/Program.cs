using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ProbML;

// The claims model of the quick start, given to programs that know neither .NET's pipelines nor ProbML: one ONNX file with the
// coding of the text columns, the model, and its intervals.
string path = Path.Combine(AppContext.BaseDirectory, "insurance.csv"), file = Path.Combine(Path.GetTempPath(), "claims.onnx");
var mlContext = new MLContext(seed: 1);
var data = mlContext.Data.LoadFromTextFile<Policies>(path, separatorChar: ',', hasHeader: true);

// <export>
var pipeline = mlContext.Transforms.Categorical.OneHotEncoding("District")
    .Append(mlContext.Transforms.Categorical.OneHotEncoding("Group"))
    .Append(mlContext.Transforms.Categorical.OneHotEncoding("Age"))
    .Append(mlContext.Transforms.Concatenate("Features", "District", "Group", "Age"))
    .Append(mlContext.Regression.Trainers.PoissonRegression("Claims", exposureColumnName: "Holders"));
var model = pipeline.Fit(data);
string[] columns = ["Score", "ScoreStandardError", "LowerBound", "UpperBound"];
var signature = mlContext.Model.SaveAsOnnx(model, data.Schema, file, new() { Outputs = columns });
// </export>
Console.WriteLine($"{new FileInfo(file).Length} bytes, from {Names(signature.Inputs)} to {Names(signature.Outputs)}.");

// Three ways to the same numbers: the pipeline itself, ONNX Runtime alone, and ML.NET's own step for ONNX files.
Policies[] policies =
[
    new() { District = "1", Group = "<1l", Age = "<25", Holders = 100 },
    new() { District = "4", Group = ">2l", Age = "<25", Holders = 100 },
    new() { District = "1", Group = "1-1.5l", Age = ">35", Holders = 100 },
];
var rows = mlContext.Data.LoadFromEnumerable(policies);
var scored = model.Transform(rows);
Print("ML.NET", column => [.. scored.GetColumn<float>(column)]);

// <runtime>
using var session = new InferenceSession(file);
using var results = session.Run(
[
    NamedOnnxValue.CreateFromTensor("District", Column(policies, p => p.District)),
    NamedOnnxValue.CreateFromTensor("Group", Column(policies, p => p.Group)),
    NamedOnnxValue.CreateFromTensor("Age", Column(policies, p => p.Age)),
    NamedOnnxValue.CreateFromTensor("Holders", Column(policies, p => p.Holders)),
]);
var byRuntime = results.ToDictionary(result => result.Name, result => result.AsTensor<float>().ToArray());
// </runtime>
Print("ONNX Runtime", column => byRuntime[column]);

// <apply>
string[] inputs = ["District", "Group", "Age", "Holders"];
var applied = mlContext.Transforms.ApplyOnnxModel(columns, inputs, file).Fit(rows).Transform(rows);
// </apply>
Print("ApplyOnnxModel", column => [.. applied.GetColumn<VBuffer<float>>(column).Select(value => value.GetItemOrDefault(0))]);
File.Delete(file);

void Print(string how, Func<string, float[]> read)
{
    float[][] values = [.. columns.Select(read)];
    Console.WriteLine();
    Console.WriteLine($"{how}:");
    for (int i = 0; i < policies.Length; i++)
        Console.WriteLine($"  district {policies[i].District}, {policies[i].Group,-6}, age {policies[i].Age,-4}: "
            + $"{values[0][i],8:F4} claims expected (± {values[1][i]:F4}), between {values[2][i]} and {values[3][i]}");
}

static DenseTensor<T> Column<T>(Policies[] policies, Func<Policies, T> value) =>
    new(policies.Select(value).ToArray(), [policies.Length, 1]);

static string Names(IEnumerable<OnnxPort> ports) => string.Join(", ", ports.Select(port => port.Name));

internal sealed class Policies
{
    [LoadColumn(0)] public string District { get; set; } = "";
    [LoadColumn(1)] public string Group { get; set; } = "";
    [LoadColumn(2)] public string Age { get; set; } = "";
    [LoadColumn(3)] public float Holders { get; set; }
    [LoadColumn(4)] public float Claims { get; set; }
}
