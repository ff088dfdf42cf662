using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// Knows ML.NET alone. Arguments: a saved model, the name of a column. Input: a line of four features and two groups a row. Output: a line
// with that column's number, or numbers, by prediction engine and by Transform.
var context = new MLContext();
var model = context.Model.Load(args[0], out _);
var rows = new List<Row>();
while (Console.ReadLine() is { } line)
{
    string[] words = line.Split(' ');
    rows.Add(new()
    {
        Features = [.. words[..4].Select(text => float.Parse(text, CultureInfo.InvariantCulture))],
        Group = words[4],
        Category = words[5],
    });
}
var scored = model.Transform(context.Data.LoadFromEnumerable(rows));
if (scored.Schema[args[1]].Type is VectorDataViewType)
    Print<Scores>(one => one.Score);
else
    Print<Prediction>(one => [one.Score]);

void Print<T>(Func<T, float[]> scores)
    where T : class, new()
{
    var columns = SchemaDefinition.Create(typeof(T));
    columns["Score"].ColumnName = args[1];
    var engine = context.Model.CreatePredictionEngine<Row, T>(model, outputSchemaDefinition: columns);
    var predictions = context.Data.CreateEnumerable<T>(scored, reuseRowObject: false, schemaDefinition: columns);
    foreach (var (row, prediction) in rows.Zip(predictions))
        Console.WriteLine(string.Join(
            ' ',
            scores(engine.Predict(row)).Concat(scores(prediction))
                .Select(score => score.ToString("R", CultureInfo.InvariantCulture))));
}

internal sealed class Row
{
    [VectorType(4)]
    public float[] Features { get; set; } = [];

    public string Group { get; set; } = "";

    public string Category { get; set; } = "";
}

internal sealed class Prediction
{
    public float Score { get; set; }
}

internal sealed class Scores
{
    public float[] Score { get; set; } = [];
}
