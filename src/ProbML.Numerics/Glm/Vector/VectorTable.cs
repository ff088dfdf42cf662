using System.Globalization;
using System.Text;

namespace ProbML.Fitting;

/// <summary>What the summaries of multinomial, ordinal and Tobit models have in common.</summary>
internal static class VectorTable
{
    /// <summary>Ends the heading, then the coefficients and the fit as a whole.</summary>
    public static void Append(
        StringBuilder text, VectorModelParts parts, params (string Title, IReadOnlyList<GlmCoefficient> Rows)[] tables)
    {
        if (parts.L2 > 0)
            text.Append(CultureInfo.InvariantCulture, $", penalised (L2 = {parts.L2:G6})");
        text.AppendLine();
        foreach (var (title, rows) in tables.Where(table => table.Rows.Count > 0))
        {
            text.AppendLine().Append(title).AppendLine(":");
            GlmTable.AppendCoefficients(rows, "z", text);
        }
        var s = parts.Statistics;
        GlmTable.AppendRobust(parts.Robust, text);
        text.AppendLine();
        string skipped = s.SkippedRows > 0 ? $" ({s.SkippedRows} more left out, with missing values)" : "";
        text.Append(CultureInfo.InvariantCulture, $"Null deviance: {GlmTable.Number(s.NullDeviance)}, ");
        text.AppendLine(CultureInfo.InvariantCulture, $"residual deviance: {GlmTable.Number(s.Deviance)}");
        text.Append(CultureInfo.InvariantCulture, $"Log-likelihood: {GlmTable.Number(s.LogLikelihood)} on ");
        text.Append(CultureInfo.InvariantCulture, $"{s.ParameterCount} parameters, AIC: {GlmTable.Number(s.Aic)}, ");
        text.AppendLine(CultureInfo.InvariantCulture, $"BIC: {GlmTable.Number(s.Bic)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"Rows: {s.Rows}{skipped}");
        text.Append(CultureInfo.InvariantCulture, $"Iterations: {s.Iterations}, {GlmTable.Describe(s.Status)}");
    }
}
