using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ProbML.GaussianProcesses;

/// <summary>A fitted Gaussian process as text.</summary>
internal static partial class GaussianProcessTable
{
    /// <summary>The hyperparameters as a table, and what the fit came to.</summary>
    public static string Of(GaussianProcessModel model)
    {
        var summary = model.Summary;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Gaussian process for {model.ResponseName}, {model.Inference} inference, {summary.Rows} rows");
        text.AppendLine(CultureInfo.InvariantCulture, $"Kernel: {Short(model.Kernel)}").AppendLine();
        FittedHyperparameters.Append(model.Hyperparameters, text);
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Log marginal likelihood: {GlmTable.Number(summary.LogMarginalLikelihood)}");
        if (!double.IsNaN(summary.LeaveOneOutLogDensity))
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"Leave one out: log density {GlmTable.Number(summary.LeaveOneOutLogDensity)}, root mean squared error {GlmTable.Number(summary.LeaveOneOutRootMeanSquaredError)}");
        if (summary.AtBound.Count > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"At a limit: {string.Join(", ", summary.AtBound)}");
        if (summary.Jitter > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"Jitter added to the diagonal: {GlmTable.Number(summary.Jitter)}");
        text.Append(CultureInfo.InvariantCulture, $"Evaluations: {summary.Evaluations}{(summary.Converged ? "" : ", NOT CONVERGED")}");
        return text.ToString();
    }

    /// <summary>The kernel with four digits a number.</summary>
    private static string Short(Kernel kernel) => Decimals().Replace(
        kernel.ToString(), match => double.Parse(match.Value, CultureInfo.InvariantCulture).ToString("G4", CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\d+\.\d+(E[+-]?\d+)?")]
    private static partial Regex Decimals();
}
