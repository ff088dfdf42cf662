namespace ProbML.Fitting;

/// <summary>What a user should look at after a fit.</summary>
internal static class HierarchicalWarnings
{
    public static void Tell(HierarchicalModel model, TrainingMonitor monitor)
    {
        if (monitor.Warning is { } warn)
            Warn(model, warn);
        monitor.Information?.Invoke(
            $"Hierarchical regression ({model.Family.Name}, {model.Link.Name}, {model.InferenceName}): {model.Rows} rows, "
            + string.Join(", ", model.Components.Select(component => $"{component.Groups} groups of '{component.Group}'")) + ", "
            + (model.Converged ? "converged." : "not converged."));
    }

    private static void Warn(HierarchicalModel model, Action<string> warn)
    {
        foreach (var component in model.Components.Where(component => component.IsSingular))
            warn($"The fit is singular: the covariance of the coefficients of '{component.Group}' lies at the edge, "
                + (component.Names.Count == 1
                    ? "its standard deviation is zero, so that groups are not told apart."
                    : "a standard deviation is zero or a correlation is 1 or -1.")
                + " Take fewer slopes, Correlated = false, or HierarchicalInference.Nuts, whose priors keep off the edge.");
        if (model.Diagnostics is { } d)
        {
            if (d.Divergences > 0)
                warn($"{d.Divergences} of {d.Chains * d.DrawsPerChain} transitions diverged: the draws may miss a part of the posterior. Raise "
                    + "TargetAcceptance, or choose a GroupScale that keeps standard deviations from the edge.");
            if (!(d.MaximumRHat <= 1.01))
                warn($"The chains disagree: the largest R-hat is {d.MaximumRHat:F3}, above 1.01. Raise Warmup and Draws.");
        }
        else if (!model.Converged)
        {
            warn($"The search for the covariances did not converge in {model.Iterations} iterations. Raise MaximumIterations, or take fewer slopes.");
        }
    }
}
