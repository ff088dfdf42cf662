namespace ProbML.Reports.Facts;

/// <summary>The draws of a model's parameters, chain by chain.</summary>
/// <param name="Parameter">What the posterior says of the parameter.</param>
/// <param name="Chains">[chains][draws]; empty: its posterior is a normal.</param>
internal sealed record PosteriorDraws(BayesianCoefficient Parameter, double[][] Chains)
{
    /// <summary>The parameters of a Bayesian model; empty: it is none, or knows their mode alone.</summary>
    public static IReadOnlyList<PosteriorDraws> Of(object? model) => model switch
    {
        BayesianGlmModel glm => OfGlm(glm),
        BayesianLinearModel linear => Normals(linear.Coefficients),
        HierarchicalModel hierarchical => OfHierarchical(hierarchical),
        _ => [],
    };

    private static IReadOnlyList<PosteriorDraws> OfGlm(BayesianGlmModel model)
    {
        if (model.Draws() is not { } draws)
            return Normals(model.Coefficients);
        return [.. model.Coefficients.Select((c, j) => new PosteriorDraws(
            c, Split([.. Enumerable.Range(0, draws.GetLength(0)).Select(s => draws[s, j])], model.Diagnostics)))];
    }

    private static IReadOnlyList<PosteriorDraws> OfHierarchical(HierarchicalModel model)
    {
        if (model.Draws() is not { } draws)
            return Normals(model.Coefficients);
        BayesianCoefficient[] all = [.. model.Coefficients, .. model.Components.SelectMany(component => component.Posterior)];
        return [.. all.Zip(draws, (c, values) => new PosteriorDraws(c, Split(values, model.Diagnostics)))];
    }

    private static IReadOnlyList<PosteriorDraws> Normals(IEnumerable<BayesianCoefficient> coefficients) =>
        [.. coefficients.Where(c => !c.IsPruned && c.StandardDeviation > 0).Select(c => new PosteriorDraws(c, []))];

    private static double[][] Split(double[] draws, SamplerDiagnostics? d) =>
        [.. draws.Chunk(d is { DrawsPerChain: > 0 } ? d.DrawsPerChain : Math.Max(1, draws.Length))];
}
