namespace ProbML.Fitting;

/// <summary>Draws of a hierarchical regression by the no-U-turn sampler.</summary>
internal sealed class HierarchicalSampling(
    MixedProblem problem, HierarchicalOptions options, ResponseMoments moments, NutsOptions nuts)
{
    private readonly MixedLayout layout = problem.Layout;

    /// <summary>The standard deviation that priors are measured in: the response's where η has its units.</summary>
    private double Unit => problem.Family is GaussianFamily && problem.Link is IdentityLink
        ? Math.Sqrt(moments.ResponseSquares / moments.SumOfWeights)
        : 1;

    public HierarchicalModel Run(Func<MixedLayout, HierarchicalParts> parts)
    {
        var prior = options.Dispersion ?? (EtaLikelihood.HasFreeDispersion(problem.Family) ? UsualDispersion() : null);
        double known = prior?.FixedValue is { } value ? Math.Log(value) : 0;
        var density = new HierarchicalLogDensity(
            problem, options.Priors, [.. layout.Factors.Select(Scales)], options.CorrelationShape, prior?.FixedValue is null ? prior : null, known);
        var random = problem.Monitor.CreateRandom(options.Seed);
        double[] beta = LikelihoodSearch.FixedStart(problem);
        double variance = moments.ResponseSquares / moments.SumOfWeights;
        double log = problem.Family is GaussianFamily ? Math.Log(0.5 * Math.Max(variance, 1e-300)) : 0;
        double[][] starts = [.. Enumerable.Range(0, nuts.Chains).Select(_ => density.Start(beta, 0.3 * Unit, log, random))];
        NutsResult result;
        try
        {
            result = NutsSampler.Run(density, starts, nuts, random.Next(), problem.Monitor, problem.Threads);
        }
        catch (ArgumentException e) when (e.ParamName is "start" or "starts")
        {
            throw new InvalidOperationException(
                "The posterior has no finite density where the chains start. Check the responses and offsets, or choose another link.", e);
        }
        return Model(density, result, parts, prior is not null && prior.FixedValue is null, known);
    }

    private HierarchicalModel Model(
        HierarchicalLogDensity density, NutsResult result, Func<MixedLayout, HierarchicalParts> parts, bool hasTau, double known)
    {
        int m = density.Dimension, chains = result.Chains.Count, perChain = nuts.Draws, count = chains * perChain;
        double[] border = new double[(long)count * layout.Border], main = new double[(long)count * layout.Main.Count];
        double[] scales = new double[count * layout.ThetaCount], log = new double[hasTau ? count : 0];
        double[][] covariances = [.. layout.Factors.Select(factor => new double[factor.Width * factor.Width])];
        for (int s = 0, theta = 0; s < count; s++)
        {
            var u = result.Chains[s / perChain].Draws.AsSpan(s % perChain * m, m);
            density.ToCoefficients(
                u, main.AsSpan(s * layout.Main.Count, layout.Main.Count), border.AsSpan(s * layout.Border, layout.Border));
            if (hasTau)
                log[s] = density.LogDispersion(u);
            for (int k = 0; k < covariances.Length; k++)
            {
                int q = layout.Factors[k].Width;
                double[] l = density.Scale(k, u, out _);
                foreach (var (row, column) in CovarianceFactor.Entries(layout.Factors[k]))
                    scales[theta++] = l[row * q + column];
                for (int i = 0; i < q * q; i++)
                    covariances[k][i] += System.Numerics.Tensors.TensorPrimitives.Dot<double>(
                        l.AsSpan(i / q * q, q), l.AsSpan(i % q * q, q)) / count;
            }
        }
        var posterior = new HierarchicalPosterior
        {
            Transform = problem.Transform,
            Layout = layout.ForModel(),
            Mean = new(Means(main, count), Means(border, count)),
            Dispersion = Math.Exp(hasTau ? log.Average() : known),
            Factors = [],
            Draws = new(count, border, main, scales, log),
        };
        posterior = posterior with
        {
            Factors = [.. covariances.Select((matrix, k) => Root(matrix, layout.Factors[k].Width, posterior.Dispersion))],
        };
        var basis = parts(layout) with
        {
            Iterations = nuts.Warmup + perChain,
            Diagnostics = new(
                chains, perChain, result.Divergences, result.Chains.Sum(chain => chain.Saturated),
                result.Chains.Average(chain => chain.Acceptance), double.NaN, double.NaN, double.NaN),
        };
        return new(WithExtremes(basis, new HierarchicalModel(basis, posterior)), posterior);
    }

    private static HierarchicalParts WithExtremes(HierarchicalParts parts, HierarchicalModel model)
    {
        BayesianCoefficient[] all = [.. model.Coefficients, .. model.Components.SelectMany(component => component.Posterior)];
        if (model.LogDispersion is { } dispersion)
            all = [.. all, dispersion];
        var diagnostics = parts.Diagnostics! with
        {
            MaximumRHat = all.Max(c => c.RHat!.Value),
            MinimumBulkEffectiveSize = all.Min(c => c.BulkEffectiveSize!.Value),
            MinimumTailEffectiveSize = all.Min(c => c.TailEffectiveSize!.Value),
        };
        return parts with { Diagnostics = diagnostics, Converged = diagnostics.Converged };
    }

    private Prior[] Scales(MixedFactor factor) => [.. factor.Columns.Select(column => options.GroupScale
        ?? new StudentTPrior(3, 0, 2.5 * Unit / (column < 0 ? 1 : Spread(column))))];

    private double Spread(int column)
    {
        double spread = Math.Sqrt(moments.Squares[column] / moments.SumOfWeights);
        return spread > 1e-14 * Math.Abs(moments.Mean[column]) ? spread : Math.Max(Math.Abs(moments.Mean[column]), 1e-300);
    }

    private DispersionPrior UsualDispersion()
    {
        if (problem.Family is not GaussianFamily)
            return DispersionPrior.HalfCauchy(2.5);
        double spread = Math.Sqrt(moments.ResponseSquares / moments.SumOfWeights);
        return spread > 1e-14 * Math.Abs(moments.ResponseMean)
            ? DispersionPrior.HalfCauchy(2.5 * spread)
            : throw new InvalidOperationException(
                $"All {moments.PositiveRows} responses in '{problem.Design.ResponseName}' are equal: their variance is zero. Check the label "
                + "column, or give the dispersion a prior of its own.");
    }

    /// <summary>L / √φ of a mean covariance.</summary>
    private static double[] Root(double[] covariance, int q, double dispersion)
    {
        double[] l = [.. covariance];
        for (int c = 0; c < q; c++)
            l[c * q + c] *= 1 + 1e-14;
        SmallCholesky.TryFactor(l, q);
        for (int i = 0; i < q; i++)
        {
            for (int j = 0; j < q; j++)
                l[i * q + j] = j > i ? 0 : l[i * q + j] / Math.Sqrt(dispersion);
        }
        return l;
    }

    private static double[] Means(double[] draws, int count)
    {
        var means = new double[draws.Length / count];
        for (int s = 0; s < count; s++)
        {
            for (int i = 0; i < means.Length; i++)
                means[i] += draws[s * means.Length + i] / count;
        }
        return means;
    }
}
