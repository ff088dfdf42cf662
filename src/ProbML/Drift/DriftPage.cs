using System.Globalization;
using System.Net;
using System.Text;

namespace ProbML;

/// <summary>A drift report as HTML.</summary>
internal static class DriftPage
{
    private const string Style =
        "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
        + "table{border-collapse:collapse;width:100%}th,td{padding:.3rem .6rem;text-align:right;border-bottom:1px solid #ddd}"
        + "th:first-child,td:first-child{text-align:left}.drift{color:#b00020}.calm{color:#1b6e3c}"
        + ".bar{background:#4472c4;height:.8rem;display:inline-block}";

    public static string Of(DriftReport report)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Drift</title><style>")
            .Append(Style).Append("</style></head><body>");
        page.Append(report.IsDrift ? "<h1 class=\"drift\">Drift</h1>" : "<h1 class=\"calm\">No drift</h1>");
        page.Append("<p>").Append(
            CultureInfo.InvariantCulture,
            $"{report.CurrentRows} current rows against {report.ReferenceRows} reference rows, p = {report.PValue:G3} at level "
            + $"{report.Level:G3}. A classifier ranks a current row above a reference row with probability "
            + $"{report.Classifier.AreaUnderCurve:F3} (0.5 is chance, p = {report.Classifier.PValue:G3}).</p>");
        var d = report.Divergences;
        Table(page, ["Divergence", "estimate", "standard error"], [
            .. new[]
            {
                ("Kullback–Leibler, current to reference", d.KullbackLeibler), ("Kullback–Leibler, reference to current", d.ReverseKullbackLeibler),
                ("Jensen–Shannon", d.JensenShannon), ("squared Hellinger", d.SquaredHellinger), ("total variation", d.TotalVariation),
            }.Select(one => new[] { Text(one.Item1), Number(one.Item2.Value), Number(one.Item2.StandardError) }),
        ]);
        page.Append("<h2>Columns</h2>");
        Table(page, ["Column", "share", "contribution", "test", "statistic", "p, adjusted", "mean before", "mean now"], [
            .. report.Features.Select(one => new[]
            {
                Text(one.Name),
                string.Create(
                    CultureInfo.InvariantCulture, $"<span class=\"bar\" style=\"width:{5 * one.Share:F2}rem\"></span> {one.Share:P0}"),
                Number(one.Contribution), Text(one.Test), Number(one.Statistic), Number(one.AdjustedPValue),
                Number(one.ReferenceMean), Number(one.CurrentMean),
            }),
        ]);
        page.Append("<h2>Rows most unlike the reference</h2>");
        Table(page, ["Row", "log ratio", "column"], [
            .. report.Rows.Select(one => new[]
            {
                Text(one.Place), Number(one.LogRatio), Text(one.Feature),
            }),
        ]);
        return page.Append("</body></html>\n").ToString();
    }

    private static void Table(StringBuilder page, string[] heads, string[][] rows)
    {
        page.Append("<table><tr>");
        foreach (string head in heads)
            page.Append("<th>").Append(head).Append("</th>");
        page.Append("</tr>");
        foreach (string[] row in rows)
        {
            page.Append("<tr>");
            foreach (string cell in row)
                page.Append("<td>").Append(cell).Append("</td>");
            page.Append("</tr>");
        }
        page.Append("</table>");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Number(double? value) => value?.ToString("G4", CultureInfo.InvariantCulture) ?? "";
}
