using Microsoft.ML;

namespace ProbML.Studio;

/// <summary>Asks a fitted model about rows that a user makes up.</summary>
internal static class Predictor
{
    /// <summary>A prediction for each row.</summary>
    public static IReadOnlyList<Prediction> Predict(ModelResult model, Setup setup, IReadOnlyList<InputForm> rows)
    {
        var scored = model.Model.Transform(View(setup, rows));
        var slots = RowReader.SlotNames(scored, ColumnNames.Score);
        return [.. RowReader.Read(scored, Outputs.Names).Select(row => Prediction.Of(setup, row, slots))];
    }

    /// <summary>The rows as the model takes them; the target is missing.</summary>
    private static TableView View(Setup setup, IReadOnlyList<InputForm> rows)
    {
        var columns = new List<ViewColumn>();
        if (setup.Target is { } target)
        {
            columns.Add(new(
                target.IsNumber
                    ? TableColumn.OfNumbers(target.Name, [.. rows.Select(_ => double.NaN)])
                    : TableColumn.OfLevels(target.Name, [.. rows.Select(_ => -1)], target.Levels),
                setup.Positive));
        }
        for (int i = 0; i < setup.Inputs.Count; i++)
        {
            var input = setup.Inputs[i];
            int place = i;
            columns.Add(new(input.IsNumber
                ? TableColumn.OfNumbers(input.Name, [.. rows.Select(row => Number(row.Values[place]))])
                : TableColumn.OfLevels(input.Name, [.. rows.Select(row => input.Levels.ToList().IndexOf(row.Values[place]))], input.Levels)));
        }
        return new(columns, [.. Enumerable.Range(0, rows.Count)]);
    }

    private static double Number(string text) => CellText.TryNumber(text, out double number) ? number : double.NaN;
}
