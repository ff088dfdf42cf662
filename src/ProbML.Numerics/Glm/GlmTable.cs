using System.Globalization;
using System.Text;
using ProbML.Fitting;

namespace ProbML;

/// <summary>Prints a model as R's <c>summary(glm)</c> does.</summary>
internal static class GlmTable
{
    private static readonly (double Below, string Code)[] Codes = [(0.001, "***"), (0.01, "**"), (0.05, "*"), (0.1, ".")];

    public static string Print(GlmModel model)
    {
        var (s, text) = (model.Statistics, new StringBuilder());
        text.Append(CultureInfo.InvariantCulture, $"{model.Family.Name} regression of {model.ResponseName}, {model.Link.Name} link");
        if (model.Options.IsPenalised)
            text.Append(CultureInfo.InvariantCulture, $", penalised (L1 = {model.Options.L1:G6}, L2 = {model.Options.L2:G6})");
        text.AppendLine().AppendLine().AppendLine("Coefficients:");
        AppendCoefficients(model.Coefficients, model.IsDispersionKnown ? "z" : "t", text);
        AppendRobust(model.Parts.Robust, text);
        text.AppendLine();
        if (model.Family.EstimatesDispersion)
            text.AppendLine(CultureInfo.InvariantCulture, $"(Dispersion parameter for {model.Family.Name} family taken to be {s.Dispersion:G6})");
        else if (s.Theta is { } theta)
            text.AppendLine(CultureInfo.InvariantCulture, $"(Theta {theta:G6}{(s.ThetaStandardError is { } error ? $", standard error {error.ToString("G4", CultureInfo.InvariantCulture)}" : ", given")})");
        else
            text.AppendLine(CultureInfo.InvariantCulture, $"(Dispersion parameter for {model.Family.Name} family taken to be 1)");
        text.AppendLine();
        string[] values = [Number(s.NullDeviance), Number(s.Deviance)];
        int width = values.Max(v => v.Length);
        text.AppendLine(CultureInfo.InvariantCulture, $"    Null deviance: {values[0].PadLeft(width)}  on {s.NullDegreesOfFreedom}  degrees of freedom");
        text.AppendLine(CultureInfo.InvariantCulture, $"Residual deviance: {values[1].PadLeft(width)}  on {s.ResidualDegreesOfFreedom}  degrees of freedom");
        text.AppendLine(CultureInfo.InvariantCulture, $"Log-likelihood: {Number(s.LogLikelihood)}, AIC: {Number(s.Aic)}, BIC: {Number(s.Bic)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"Rows: {s.Rows}{(s.SkippedRows > 0 ? $" ({s.SkippedRows} more left out, with missing values)" : "")}");
        if (model.CovarianceNote is { } note)
            text.AppendLine(note);
        text.Append(CultureInfo.InvariantCulture, $"Iterations: {s.Iterations}, {Describe(s.Status)}");
        return text.ToString();
    }

    /// <summary>The table of coefficients, and what the aliased ones are made of.</summary>
    public static void AppendCoefficients(IReadOnlyList<GlmCoefficient> coefficients, string kind, StringBuilder text)
    {
        var rows = new List<string[]> { (string[])["", "Estimate", "Std. Error", $"{kind} value", $"Pr(>|{kind}|)", ""] };
        bool anyCode = false;
        foreach (var c in coefficients)
        {
            string code = Array.Find(Codes, pair => c.PValue < pair.Below).Code ?? "";
            anyCode |= code.Length > 0;
            rows.Add(c.IsAliased
                ? [c.Name, "NA", "NA", "NA", "NA", ""]
                : [c.Name, Number(c.Estimate), Number(c.StandardError), Fixed(c.Statistic), PValue(c.PValue), code]);
        }
        int[] widths = [.. Enumerable.Range(0, 6).Select(k => rows.Max(row => row[k].Length))];
        foreach (string[] row in rows)
        {
            text.Append(row[0].PadRight(widths[0]));
            for (int k = 1; k < 5; k++)
                text.Append(' ').Append(row[k].PadLeft(widths[k]));
            text.AppendLine(row[5].Length > 0 ? " " + row[5] : "");
        }
        if (anyCode)
            text.AppendLine("---").AppendLine("Signif. codes:  0 '***' 0.001 '**' 0.01 '*' 0.05 '.' 0.1 ' ' 1");
        foreach (var c in coefficients.Where(c => c.IsAliased))
            text.AppendLine(CultureInfo.InvariantCulture, $"NA: {c.Name} is aliased, {c.Aliasing}");
    }

    /// <summary>Says which covariance the standard errors are of, where it is not the model's own.</summary>
    public static void AppendRobust(RobustPart? robust, StringBuilder text)
    {
        if (robust is not null)
            text.AppendLine(CultureInfo.InvariantCulture, $"Standard errors: {robust.Title}");
    }

    public static string Describe(GlmStatus status) => status switch
    {
        GlmStatus.Converged => "converged",
        GlmStatus.Separated => "NOT CONVERGED: separation, the maximum-likelihood estimate does not exist",
        GlmStatus.NoOverdispersion => "NOT CONVERGED: theta runs to infinity, use the Poisson family",
        _ => "NOT CONVERGED",
    };

    public static string Number(double value) => double.IsNaN(value) ? "NA"
        : Math.Abs(value) is >= 1e7 or (< 1e-4 and > 0) ? value.ToString("0.0000e+00", CultureInfo.InvariantCulture)
        : value.ToString(Math.Abs(value) >= 1000 ? "F2" : Math.Abs(value) >= 10 ? "F4" : "F6", CultureInfo.InvariantCulture);

    private static string Fixed(double value) =>
        double.IsNaN(value) ? "NA" : value.ToString("F3", CultureInfo.InvariantCulture);

    private static string PValue(double p) => double.IsNaN(p) ? "NA"
        : p < 2e-16 ? "<2e-16"
        : p < 1e-4 ? p.ToString("0.00e+00", CultureInfo.InvariantCulture)
        : p.ToString("0.#####", CultureInfo.InvariantCulture);
}
