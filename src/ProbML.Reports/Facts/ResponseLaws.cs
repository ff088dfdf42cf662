using ProbML.Evaluation;
using ProbML.GaussianProcesses;
using ProbML.Reports.Rows;

namespace ProbML.Reports.Facts;

/// <summary>The predictive distribution of each kind of model; of any other the normal one of its mean and standard deviation.</summary>
internal static class ResponseLaws
{
    /// <summary>The law of a model; null: nothing but its mean is known.</summary>
    /// <param name="pipeline">The fitted pipeline.</param>
    /// <param name="rows">Its scored rows.</param>
    public static IResponseLaw? Of(PipelineFacts pipeline, IReadOnlyList<SampledRow> rows) => pipeline.Model switch
    {
        GlmModel { Family: not GaussianFamily } glm => new FamilyLaw(glm),
        TobitModel tobit => new TobitLaw(tobit),
        BayesianGlmModel { Family: not GaussianFamily, DrawCount: var _ } bayes => new PosteriorLaw(bayes.Family, row => bayes.Predict(row.Features, row.Offset)),
        HierarchicalModel { Family: not GaussianFamily } model => new PosteriorLaw(model.Family, row => model.Predict(row.Features, row.Groups, row.Offset)),
        GaussianProcessModel process when process.HasOwnLaw => new ProcessLaw(process),
        Flows.ConditionalFlowModel flow when flow.CanInvert => new FlowLaw(flow),
        _ when pipeline.QuantileLevels.Count > 0 => new QuantileLaw(pipeline.QuantileLevels),
        _ => rows.Any(row => row.StandardDeviation > 0) ? new NormalLaw() : null,
    };

    /// <summary>The step of F at y: nothing below but what a whole number less holds.</summary>
    private static (double, double) Step(double y, bool isDiscrete, Func<double, double> cumulative)
    {
        double through = cumulative(y);
        return (isDiscrete ? cumulative(y - 1) : through, through);
    }

    /// <summary>The same of a family whose responses are never below zero; Tweedie's law has a step at zero alone.</summary>
    private static (double, double) Step(double y, IFamily family, Func<double, double> cumulative) =>
        Step(y, family.IsDiscrete || (family is TweedieFamily && y == 0), at => at < 0 ? 0 : cumulative(at));

    private sealed class NormalLaw : IResponseLaw
    {
        public string Description => "the normal distribution of the predicted mean and standard deviation";

        public IEnumerable<(double Below, double Through)> Probabilities(IReadOnlyList<SampledRow> rows) => rows.Select(row =>
            NormalDistribution.Cdf((row.Label - row.Mean) / row.StandardDeviation) is var u ? (u, u) : default);
    }

    private sealed class FamilyLaw(GlmModel model) : IResponseLaw
    {
        public string Description => $"the {model.Family.Name} distribution at the predicted mean (Dunn & Smyth 1996)";

        public IEnumerable<(double Below, double Through)> Probabilities(IReadOnlyList<SampledRow> rows) => rows.Select(row =>
        {
            var family = model.Family;
            double dispersion = model.Statistics.Dispersion / (family.EstimatesDispersion ? row.Weight : 1);
            return Step(row.Label, family, y => family.CumulativeProbability(y, row.Mean, dispersion));
        });
    }

    private sealed class TobitLaw(TobitModel model) : IResponseLaw
    {
        public string Description => "the censored normal distribution";

        public IEnumerable<(double Below, double Through)> Probabilities(IReadOnlyList<SampledRow> rows) => rows.Select(row =>
        {
            double u = NormalDistribution.Cdf((row.Label - model.LatentMean(row.Features, row.Offset)) / model.Sigma);
            return row.Label <= model.Options.Lower ? (0, u) : row.Label >= model.Options.Upper ? (u, 1) : (u, u);
        });
    }

    private sealed class PosteriorLaw(IFamily family, Func<SampledRow, PredictiveDistribution> predict) : IResponseLaw
    {
        public string Description => $"the {family.Name} distribution averaged over the posterior";

        public IEnumerable<(double Below, double Through)> Probabilities(IReadOnlyList<SampledRow> rows) => rows.Select(row =>
        {
            var law = predict(row);
            return Step(row.Label, family, law.CumulativeProbability);
        });
    }

    private sealed class ProcessLaw(GaussianProcessModel model) : IResponseLaw
    {
        public string Description => "the process's own predictive distribution";

        public IEnumerable<(double Below, double Through)> Probabilities(IReadOnlyList<SampledRow> rows) => rows.Select(row =>
            Step(row.Label, model.IsDiscrete, y => model.CumulativeProbability(row.Features, row.Offset, y)));
    }

    private sealed class FlowLaw(Flows.ConditionalFlowModel flow) : IResponseLaw
    {
        public string Description => "the flow's own distribution";

        public IEnumerable<(double Below, double Through)> Probabilities(IReadOnlyList<SampledRow> rows) =>
            flow.CumulativeProbabilities([.. rows.SelectMany(row => row.Features)], [.. rows.Select(row => row.Label)]).Select(u => (u, u));
    }

    private sealed class QuantileLaw(IReadOnlyList<double> levels) : IResponseLaw
    {
        public string Description => "the predicted quantiles";

        public IEnumerable<(double Below, double Through)> Probabilities(IReadOnlyList<SampledRow> rows)
        {
            double[] known = [.. levels];
            return rows.Select(row => new PredictedNumber { Quantiles = row.Vector }.Pit(row.Label, known) is var u ? (u, u) : default);
        }
    }
}
