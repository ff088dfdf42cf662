using System.Text.Json.Nodes;
using static ProbML.Cli.Json;

namespace ProbML.Cli;

/// <summary>What a penalised GLM minimised, and its covariance by Laplace's approximation.</summary>
internal static class PenaltyReport
{
    public static void Add(JsonObject report, GlmModel model, GlmCoefficient[] estimated)
    {
        var options = model.Options;
        string fit = model.Family is GaussianFamily ? "0.5 * sum of w*(y-eta)^2" : "- sum of w*log-likelihood";
        bool free = options.Intercept && !options.PenaliseIntercept;
        report["objective"] = new JsonObject
        {
            ["text"] = $"minimise  {fit} + (l2/2) * sum of b_j^2 + l1 * sum of |b_j|, over the penalised coefficients",
            ["l1"] = options.L1,
            ["l2"] = options.L2,
            ["intercept_penalised"] = options.Intercept && options.PenaliseIntercept,
            ["penalised"] = Array(estimated.Skip(free ? 1 : 0).Select(c => c.Name)),
        };
        report["penalised_objective"] = Number(Objective(model, estimated.Skip(free ? 1 : 0)));
        if (options.L1 > 0)
            return;
        double[,] covariance = model.WithCovariance(null).Covariance;
        double dispersion = model.Statistics.Dispersion;
        int p = covariance.GetLength(0);
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j < p; j++)
                covariance[i, j] /= dispersion;
        }
        report["laplace_covariance"] = Matrix(covariance);
        report["laplace_standard_errors"] = Array(Enumerable.Range(0, p).Select(i => Math.Sqrt(covariance[i, i])));
        report["laplace_note"] = "inverse of the observed information plus the penalty matrix, at unit dispersion";
    }

    /// <summary>What was minimised, with the terms that depend on the response alone where the dispersion is 1.</summary>
    private static double Objective(GlmModel model, IEnumerable<GlmCoefficient> penalised) =>
        model.Family.EstimatesDispersion         // what is minimised is at unit dispersion
            ? model.Statistics.Objective
            : penalised.Sum(c => (model.Options.L1 * Math.Abs(c.Estimate)) + (model.Options.L2 / 2 * c.Estimate * c.Estimate))
                - model.Statistics.LogLikelihood;
}
