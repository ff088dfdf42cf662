using System.Text.Json.Nodes;
using static ProbML.Cli.Json;

namespace ProbML.Cli;

/// <summary>A hierarchical regression as one JSON object.</summary>
internal static class HierarchicalReport
{
    /// <summary>Everything that is known of a model, its groups' coefficients included.</summary>
    public static JsonObject Build(HierarchicalModel model, FitFacts? facts)
    {
        bool intercept = model.Coefficients.Count > model.FeatureCount;
        var report = new JsonObject
        {
            ["model"] = "bayes",
            ["family"] = model.Family.Name,
            ["link"] = model.Link.Name,
            ["inference"] = model.InferenceName,
        };
        if (facts is not null)
            DesignReport.Add(report, facts, intercept, model.Coefficients.Select(c => c.Name));
        report["status"] = !model.Converged ? "not_converged" : model.IsSingular ? "singular" : "converged";
        BayesReport.AddCoefficients(report, model.Coefficients, model.Level, model.Covariance);
        report["aliased"] = Array(model.Coefficients.Where(c => c.IsPruned).Select(c => c.Name));
        report["groups"] = new JsonObject(model.Components.Select(component =>
            KeyValuePair.Create(component.Group, (JsonNode?)Component(model, component))));
        report["residual_sd"] = model.Family.EstimatesDispersion ? Number(Math.Sqrt(model.Dispersion)) : null;
        report["log_likelihood"] = Number(model.LogLikelihood);
        report["log_likelihood_note"] = model.InferenceName switch
        {
            "reml" => "restricted",
            "quadrature" => "adaptive Gauss-Hermite quadrature",
            "laplace" => model.Family is GaussianFamily ? "exact" : "Laplace's approximation",
            _ => "not known",
        };
        report["aic"] = Number(model.Aic);
        report["bic"] = Number(model.Bic);
        report["n_positive_weight"] = model.Rows;
        if (model.Diagnostics is { } d)
            report["diagnostics"] = BayesReport.Diagnostics(d, model.Coefficients);
        return report;
    }

    private static JsonObject Component(HierarchicalModel model, VarianceComponent component)
    {
        var estimates = model.GroupEffects(component.Group);
        var one = new JsonObject
        {
            ["names"] = Array(component.Names),
            ["standard_deviations"] = Array(component.StandardDeviations),
            ["correlations"] = Matrix(component.Correlations),
            ["singular"] = component.IsSingular,
            ["effects"] = new JsonObject(estimates.Select(estimate => KeyValuePair.Create(estimate.Level, (JsonNode?)new JsonObject
            {
                ["rows"] = estimate.Rows,
                ["means"] = Array(estimate.Means),
                ["standard_deviations"] = Array(estimate.StandardDeviations),
            }))),
        };
        if (component.Posterior.Count > 0)
            one["posterior"] = new JsonObject(component.Posterior.Select(c => KeyValuePair.Create(c.Name, (JsonNode?)new JsonObject
            {
                ["mean"] = Number(c.Mean),
                ["sd"] = Number(c.StandardDeviation),
                ["median"] = Number(c.Median),
                ["lower"] = Number(c.LowerBound),
                ["upper"] = Number(c.UpperBound),
                ["rhat"] = Number(c.RHat ?? double.NaN),
                ["ess_bulk"] = Number(c.BulkEffectiveSize ?? double.NaN),
            })));
        return one;
    }
}
