using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using static ProbML.Studio.CSharpNames;

namespace ProbML.Studio;

/// <summary>A C# project that loads a fitted model and predicts with it: project file, input, output, program and the model.</summary>
internal sealed class GeneratedProject(Setup setup, ModelCandidate candidate, ModelResult model)
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>The whole project as a ZIP archive.</summary>
    public void WriteTo(Stream stream)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add("Prediction.csproj", ProjectFile());
        Add("ModelInput.cs", Input());
        Add("ModelOutput.cs", Output());
        Add("Program.cs", Main());
        Add("README.md", Readme());
        using var entry = archive.CreateEntry("model.zip", CompressionLevel.NoCompression).Open();
        using var saved = new MemoryStream();
        model.Context.Model.Save(model.Model, model.InputSchema, saved);
        saved.Position = 0;
        saved.CopyTo(entry);

        void Add(string name, string text)
        {
            using var file = archive.CreateEntry(name).Open();
            file.Write(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n")));
        }
    }

    private string ProjectFile()
    {
        string version = typeof(ColumnNames).Assembly.GetName().Version!.ToString(3);
        string mlnet = typeof(MLContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];
        string trees = candidate.HasTrees ? $"\n    <PackageReference Include=\"Microsoft.ML.FastTree\" Version=\"{mlnet}\" />" : "";
        string package = candidate.HasNetwork ? "ProbML.Onnx" : "ProbML";
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.ML" Version="{mlnet}" />{trees}
                <PackageReference Include="{package}" Version="{version}" Condition="'$(ProbMLSource)' == ''" />
                <!-- dotnet run -p:ProbMLSource=folder: with the sources of ProbML instead of its package. -->
                <ProjectReference Include="$(ProbMLSource)/src/{package}/{package}.csproj" Condition="'$(ProbMLSource)' != ''" />
                <None Update="model.zip" CopyToOutputDirectory="PreserveNewest" />
              </ItemGroup>
            </Project>

            """;
    }

    private string Input()
    {
        var text = Head("What the model takes: the columns of the file that it was trained on.", "ModelInput");
        ViewColumn[] columns = [.. setup.Columns];
        string[] names = Properties(columns.Select(column => column.Name), "ModelInput");
        for (int i = 0; i < columns.Length; i++)
        {
            var (column, truth) = columns[i];
            if (i > 0)
                text.AppendLine();
            if (column == setup.Target)
                text.AppendLine("    // What is predicted: leave it as it is.");
            if (truth is not null)
                text.AppendLine(Culture, $"    // True means {Literal(truth)}.");
            text.AppendLine(Culture, $"    [ColumnName({Literal(column.Name)})]");
            string type = truth is not null ? "bool" : column.IsNumber ? "double" : "string";
            text.AppendLine(Culture, $"    public {type} {names[i]} {{ get; set; }}{(type == "string" ? " = \"\";" : "")}");
        }
        return text.AppendLine("}").ToString();
    }

    private string Output()
    {
        var text = Head("What the model gives.", "ModelOutput");
        bool isFirst = true;
        foreach (var (name, type) in OutputColumns())
        {
            if (!isFirst)
                text.AppendLine();
            isFirst = false;
            string start = type == "string" ? " = \"\";" : type.EndsWith(']') ? " = [];" : "";
            text.AppendLine(Culture, $"    public {type} {name} {{ get; set; }}{start}");
        }
        return text.AppendLine("}").ToString();
    }

    private string Main()
    {
        var columns = setup.Columns;
        string[] names = Properties(columns.Select(column => column.Name), "ModelInput");
        var typical = InputForm.Typical(setup);
        var text = new StringBuilder();
        text.AppendLine("using Microsoft.ML;").AppendLine("using Prediction;").AppendLine();
        text.AppendLine("var mlContext = new MLContext();");
        text.AppendLine("var model = mlContext.Model.Load(Path.Combine(AppContext.BaseDirectory, \"model.zip\"), out _);");
        text.AppendLine("using var engine = mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(model);").AppendLine();
        text.AppendLine("// A typical row: medians of numbers, the commonest of categories.");
        text.AppendLine("var row = new ModelInput").AppendLine("{");
        int offset = columns.Count - setup.Inputs.Count;
        for (int i = 0; i < setup.Inputs.Count; i++)
        {
            string value = setup.Inputs[i].IsNumber
                ? CellText.TryNumber(typical.Values[i], out double number) ? number.ToString("R", Culture) : "double.NaN"
                : Literal(typical.Values[i]);
            text.AppendLine(Culture, $"    {names[i + offset]} = {value},");
        }
        text.AppendLine("};").AppendLine("var prediction = engine.Predict(row);").AppendLine();
        foreach (var (name, type) in OutputColumns())
        {
            string value = type.EndsWith(']') ? $"string.Join(\", \", prediction.{name})" : $"prediction.{name}";
            text.AppendLine(Culture, $"Console.WriteLine($\"{name}: {{{value}}}\");");
        }
        return text.ToString();
    }

    private static string Readme() => """
        # A fitted model and a program that predicts with it

        ```sh
        dotnet run
        ```

        `ModelInput.cs` has the columns that the model takes, `ModelOutput.cs` what it gives, `Program.cs` asks it about one row.
        `model.zip` is an ordinary ML.NET model: it can be loaded in a web service (`PredictionEnginePool`) or over whole files
        (`model.Transform`). A prediction engine serves one thread at a time.

        """;

    /// <summary>The outputs that the model has, and their types in C#.</summary>
    private IEnumerable<(string Name, string Type)> OutputColumns()
    {
        var schema = model.Model.GetOutputSchema(model.InputSchema);
        foreach (string name in Outputs.Names)
        {
            if (schema.GetColumnOrNull(name) is { } column && TypeOf(column.Type) is { } type)
                yield return (name, type);
        }
    }

    private static string? TypeOf(DataViewType type) => type switch
    {
        VectorDataViewType vector when TypeOf(vector.ItemType) is { } item => item + "[]",
        TextDataViewType => "string",
        KeyDataViewType => "uint",
        { RawType: var raw } when raw == typeof(float) => "float",
        { RawType: var raw } when raw == typeof(double) => "double",
        { RawType: var raw } when raw == typeof(bool) => "bool",
        { RawType: var raw } when raw == typeof(int) => "int",
        _ => null,
    };

    private static StringBuilder Head(string summary, string name) => new StringBuilder()
        .AppendLine("using Microsoft.ML.Data;").AppendLine().AppendLine("namespace Prediction;").AppendLine()
        .AppendLine(Culture, $"/// <summary>{summary}</summary>").AppendLine(Culture, $"public sealed class {name}").AppendLine("{");
}
