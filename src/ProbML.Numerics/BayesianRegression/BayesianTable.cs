using System.Globalization;
using System.Text;

namespace ProbML;

/// <summary>Prints posteriors.</summary>
internal static class BayesianTable
{
    public static void AppendCoefficients(IReadOnlyList<BayesianCoefficient> coefficients, double level, StringBuilder text)
    {
        string tail = (50 - 50 * level).ToString("0.###", CultureInfo.InvariantCulture) + "%";
        string head = (50 + 50 * level).ToString("0.###", CultureInfo.InvariantCulture) + "%";
        var rows = new List<string[]> { (string[])["", "Mean", "SD", tail, "50%", head] };
        foreach (var c in coefficients)
            rows.Add(c.IsPruned
                ? [c.Name, "0", "pruned", "", "", ""]
                : [c.Name, .. ((double[])[c.Mean, c.StandardDeviation, c.LowerBound, c.Median, c.UpperBound]).Select(GlmTable.Number)]);
        int[] widths = [.. Enumerable.Range(0, 6).Select(k => rows.Max(row => row[k].Length))];
        foreach (string[] row in rows)
        {
            text.Append(row[0].PadRight(widths[0]));
            for (int k = 1; k < 6; k++)
                text.Append(' ').Append(row[k].PadLeft(widths[k]));
            text.AppendLine();
        }
    }
}
