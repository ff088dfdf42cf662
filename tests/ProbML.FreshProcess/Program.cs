using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// Knows ML.NET alone. Arguments: a saved model. Input: a line of four features a row. Output: a line with its score,
// by prediction engine and by Transform.
var context = new MLContext();
var model = context.Model.Load(args[0], out _);
var engine = context.Model.CreatePredictionEngine<Row, Prediction>(model);
var rows = new List<Row>();
while (Console.ReadLine() is { } line)
    rows.Add(new() { Features = [.. line.Split(' ').Select(text => float.Parse(text, CultureInfo.InvariantCulture))] });
var scored = model.Transform(context.Data.LoadFromEnumerable(rows));
var predictions = context.Data.CreateEnumerable<Prediction>(scored, reuseRowObject: false);
foreach (var (row, prediction) in rows.Zip(predictions))
    Console.WriteLine(FormattableString.Invariant($"{engine.Predict(row).Score:R} {prediction.Score:R}"));

internal sealed class Row
{
    [VectorType(4)]
    public float[] Features { get; set; } = [];
}

internal sealed class Prediction
{
    public float Score { get; set; }
}
