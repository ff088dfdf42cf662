using System.Globalization;

namespace ProbML.Studio;

/// <summary>The values that a user asks about: one field for each column, checked.</summary>
/// <param name="Setup">What the model takes.</param>
/// <param name="Values">The text of each input, in order.</param>
/// <param name="Errors">What is wrong with each; null: nothing.</param>
internal sealed record InputForm(Setup Setup, IReadOnlyList<string> Values, IReadOnlyList<string?> Errors)
{
    /// <summary>What a form calls the field of an input.</summary>
    public static string FieldName(int input) => $"input{input}";

    public bool IsValid => Errors.All(error => error is null);

    /// <summary>A typical row: medians and commonest levels.</summary>
    public static InputForm Typical(Setup setup) => Of(setup, setup.Inputs.Select(input => input.IsNumber
        ? input.Summary.Median.ToString("G15", CultureInfo.InvariantCulture)
        : input.CommonestLevel ?? ""));

    public static InputForm Of(Setup setup, IEnumerable<string> texts)
    {
        string[] values = [.. texts.Select(text => text.Trim())];
        return new(setup, values, [.. setup.Inputs.Zip(values, Problem)]);
    }

    /// <summary>Rows as this one, but for one column that takes other values.</summary>
    public IEnumerable<InputForm> Vary(int input, int points) =>
        (Setup.Inputs[input] is { IsNumber: true } number
            ? number.Summary.Grid(points).Select(value => value.ToString("G4", CultureInfo.InvariantCulture))
            : Setup.Inputs[input].Levels.Take(50))
        .Select(value => Of(Setup, Values.Select((own, i) => i == input ? value : own)));

    private static string? Problem(TableColumn column, string value)
    {
        if (value.Length == 0)
            return column.Missing > 0 ? null : $"{column.Name}: a value is needed, as no row that the model has seen lacks it.";
        if (column.IsNumber)
            return CellText.TryNumber(value, out _) ? null : $"{column.Name}: {CellText.Show(value)} is not a number. Write it with a decimal point, as 1234.5.";
        return column.Levels.Contains(value) ? null : $"{column.Name}: {CellText.Show(value)} is not among its categories.";
    }
}
