using System.Globalization;
using System.Text;

namespace ProbML;

/// <summary>Prints hierarchical regressions.</summary>
internal static class HierarchicalTable
{
    public static void Append(HierarchicalModel model, StringBuilder text)
    {
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Hierarchical {model.Family.Name} regression of {model.ResponseName}, {model.Link.Name} link, by {model.InferenceName}").AppendLine();
        text.AppendLine("Groups:");
        var rows = new List<string[]> { (string[])["", "", "SD", "Correlation"] };
        foreach (var component in model.Components)
        {
            for (int c = 0; c < component.Names.Count; c++)
                rows.Add(
                [
                    c == 0 ? $"{component.Group} ({component.Groups})" : "",
                    component.Names[c],
                    GlmTable.Number(component.StandardDeviations[c]),
                    string.Join(' ', Enumerable.Range(0, c).Select(d =>
                        component.Correlations[c, d].ToString("0.00", CultureInfo.InvariantCulture))),
                ]);
        }
        if (model.Family.EstimatesDispersion)
            rows.Add(["Residual", "", GlmTable.Number(Math.Sqrt(model.Dispersion)), ""]);
        int[] widths = [.. Enumerable.Range(0, 4).Select(k => rows.Max(row => row[k].Length))];
        foreach (string[] row in rows)
            text.AppendLine($"{row[0].PadRight(widths[0])} {row[1].PadRight(widths[1])} {row[2].PadLeft(widths[2])} {row[3]}".TrimEnd());
        text.AppendLine();
        BayesianCoefficient[] coefficients =
            [.. model.Coefficients, .. model.Components.SelectMany(component => component.Posterior)];
        BayesianTable.AppendCoefficients(
            model.LogDispersion is { } dispersion ? [.. coefficients, dispersion] : coefficients, model.Level, text);
        text.AppendLine();
        if (model.Diagnostics is { } d)
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{d.Chains} chains of {d.DrawsPerChain} draws: largest R-hat {d.MaximumRHat:F3}, smallest bulk ESS {d.MinimumBulkEffectiveSize:F0}, tail ESS {d.MinimumTailEffectiveSize:F0}, divergences {d.Divergences}");
        else
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"Log {(model.InferenceName == "reml" ? "restricted " : "")}likelihood: {GlmTable.Number(model.LogLikelihood)}, AIC: {GlmTable.Number(model.Aic)}");
        if (model.IsSingular)
            text.AppendLine("Singular: some combination of the groups' coefficients does not vary.");
        text.Append(CultureInfo.InvariantCulture, $"Rows: {model.Rows}{(model.Converged ? "" : ", NOT CONVERGED")}");
    }
}
