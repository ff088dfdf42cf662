namespace ProbML.Studio;

/// <summary>The rows that a model did not see, with what it predicted of them, as CSV.</summary>
internal static class HeldOutPredictions
{
    public static async Task WriteAsync(TrainingRun run, ModelResult model, TextWriter writer)
    {
        var setup = run.Setup;
        var scored = model.Model.Transform(setup.View(run.Split.HeldOut));
        string[] outputs = [.. Outputs.Names.Where(name => scored.Schema.GetColumnOrNull(name) is not null)];
        var rows = RowReader.Read(scored, outputs);
        TableColumn[] inputs = [.. setup.Columns.Select(column => column.Column)];
        var slots = outputs.ToDictionary(name => name, name => RowReader.SlotNames(scored, name));
        IEnumerable<string> headings = inputs.Select(input => input.Name).Concat(outputs.SelectMany(name => rows[0][name] is double[] values
            ? values.Select((_, k) => $"{name}: {(slots[name].Count == values.Length ? slots[name][k] : k)}") : [name]));
        await writer.WriteLineAsync(string.Join(',', headings.Select(CsvText.Of)));
        for (int i = 0; i < rows.Count; i++)
        {
            int row = run.Split.HeldOut[i];
            var cells = inputs.Select(input => input.IsNumber ? CsvText.Of(input.Numbers![row]) : CsvText.Of(input.Text(row)))
                .Concat(outputs.SelectMany(name => Cells(rows[i][name])));
            await writer.WriteLineAsync(string.Join(',', cells));
        }
    }

    private static IEnumerable<string> Cells(object value) => value switch
    {
        double[] numbers => numbers.Select(CsvText.Of),
        double number => [CsvText.Of(number)],
        bool flag => [flag ? "true" : "false"],
        _ => [CsvText.Of(value.ToString() ?? "")],
    };
}
