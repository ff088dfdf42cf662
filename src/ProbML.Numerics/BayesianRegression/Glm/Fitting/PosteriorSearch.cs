using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>Finds a posterior by the inference of the options.</summary>
internal sealed class PosteriorSearch(PosteriorProblem problem, BayesianGlmOptions options, ResponseMoments moments)
{
    private const double LogTwoPi = 1.83787706640934548356;

    private readonly int n = problem.Dimension, q = problem.Transform.Width;

    public static string Name(Inference inference) => inference switch
    {
        MapInference => "map",
        LaplaceInference => "laplace",
        ExpectationPropagationInference => "ep",
        VariationalInference { FullRank: true } => "vi",
        VariationalInference => "vi-diagonal",
        FlowInference => "vi-flow",
        NutsInference => "nuts",
        _ => throw new InvalidOperationException($"There is no algorithm for {inference}."),
    };

    public GlmPosterior Run()
    {
        bool smooth = problem.Prior.Independent?.All(prior => prior.IsSmooth) ?? true;
        var around = smooth ? problem : WithNormalPriors();
        var (mode, iterations, converged) = PosteriorMode.Find(around, Start(), options.MaximumIterations);
        var factor = ScaledCholesky.Of(mode.Information, n);
        CheckProper(around, mode, factor);
        if (options.Inference is MapInference)
            return Of(mode.Position, iterations, converged);
        double[] covariance = (factor ?? throw new InvalidOperationException(
            "The posterior's curvature at its mode is not positive definite: it has no normal approximation. Choose Inference.Nuts, or "
            + "tighter priors.")).Inverse();
        return options.Inference switch
        {
            LaplaceInference => Normal(new(
                mode.Position, covariance, mode.Value + 0.5 * (n * LogTwoPi - factor.LogDeterminant), iterations, converged)),
            ExpectationPropagationInference => Normal(
                new ExpectationPropagation(problem).Run(mode.Position, covariance, options.MaximumIterations)),
            VariationalInference variational => smooth && IsByQuadrature(variational)
                ? Normal(VariationalFixedPoint.Run(problem, mode.Position, covariance, variational.FullRank, options.MaximumIterations))
                : Stochastic(variational, mode.Position, covariance),
            FlowInference flow => Flow(flow.Options, mode.Position, covariance, smooth),
            NutsInference nuts => Sample(nuts.Options, mode.Position, covariance),
            _ => throw new InvalidOperationException($"There is no algorithm for {options.Inference}."),
        };
    }

    private GlmPosterior Of(double[] mean, int iterations, bool converged) => new()
    {
        Transform = problem.Transform,
        HasTau = problem.HasTau,
        KnownLogDispersion = problem.KnownLogDispersion,
        Mean = mean,
        Iterations = iterations,
        Converged = converged,
    };

    private GlmPosterior Normal(GaussianFit fit) => Of(fit.Mean, fit.Iterations, fit.Converged) with
    {
        Covariance = fit.Covariance,
        LogEvidence = problem.Prior.IsProper ? fit.LogEvidence + LogVolume() : double.NaN,
    };

    /// <summary>ln |T|: the evidence is an integral over β, and dβ = |T| db.</summary>
    private double LogVolume()
    {
        double volume = 0;
        for (int j = 0; j < q; j++)
            volume += Math.Log(Math.Abs(problem.Prior.ToOriginal[j * q + j]));
        return volume;
    }

    /// <summary>No effect, the intercept at the mean response; τ from its variance.</summary>
    private double[] Start()
    {
        var position = new double[n];
        var (family, link) = (problem.Family, problem.Link);
        double mean = moments.ResponseMean, variance = moments.ResponseSquares / moments.SumOfWeights;
        if (family is BernoulliFamily ? mean is <= 0 or >= 1 : !family.IsValidMean(mean))
            mean = family.InitialMean(mean);
        if (problem.Transform.Intercept)
            position[0] = link.Link(mean) - moments.OffsetMean;
        if (problem.HasTau)
        {
            double unit = family is NegativeBinomialFamily ? mean * mean : family.UnitVariance(MeanPoint.Of(mean));
            double excess = family is NegativeBinomialFamily ? variance - mean : variance;
            position[q] = Math.Log(Math.Clamp(excess / unit, 1e-3, 1e6 * Math.Max(1, variance)));
        }
        return position;
    }

    /// <summary>The same problem with a normal for each prior that has no curvature: a place to start from.</summary>
    private PosteriorProblem WithNormalPriors()
    {
        var named = new Dictionary<string, Prior>();
        int first = problem.Transform.Intercept ? 1 : 0;
        var priors = problem.Prior.Independent!;
        for (int j = first; j < q; j++)
            named[problem.Design.FeatureNames[j - first]] = Smooth(priors[j]);
        var source = new CoefficientPriors { ByColumn = named, Intercept = first == 1 ? Smooth(priors[0]) : new FlatPrior() };
        return new(
            problem.Design, problem.Family, problem.Link, problem.Transform,
            new PriorTerms(source, problem.Transform, problem.Design.FeatureNames),
            problem.DispersionPrior, problem.KnownLogDispersion, problem.Monitor, problem.Threads);

        static Prior Smooth(Prior prior) => prior switch
        {
            LaplacePrior laplace => new NormalPrior(laplace.Centre, Math.Sqrt(2) * laplace.Scale),
            HorseshoePrior horseshoe => new NormalPrior(0, 3 * horseshoe.Scale),
            RegularisedHorseshoePrior horseshoe => new NormalPrior(0, 3 * horseshoe.GlobalScale),
            _ => prior,
        };
    }

    /// <summary>A flat prior leaves a posterior improper where the likelihood flattens out too.</summary>
    private void CheckProper(PosteriorProblem around, PosteriorPoint mode, ScaledCholesky? factor)
    {
        if (around.Prior.IsProper)
            return;
        var start = around.Evaluate(Start(), [])!;
        int flat = factor is null ? 0 : -1;
        for (int j = 0; j < q && flat < 0; j++)
        {
            if (mode.Information[j * n + j] < 1e-7 * start.Information[j * n + j])
                flat = j;
        }
        if (flat >= 0)
            throw new InvalidOperationException(
                $"The posterior is improper: the prior is flat, and the rows leave {problem.Name(flat)} without bound (separated classes, too few "
                + "rows, or columns that depend on each other). Give the coefficients proper priors, such as normal(0,2.5).");
    }

    private bool IsByQuadrature(VariationalInference variational) =>
        variational.Options.Gradient == VariationalGradient.Automatic && !problem.HasTau && IsDefined(-3) && IsDefined(3);

    private bool IsDefined(double eta) => problem.Link.IsInDomain(eta) && problem.Family.IsValidMean(problem.Link.Inverse(eta));

    private GlmPosterior Stochastic(VariationalInference variational, double[] mode, double[] covariance)
    {
        var density = new GlmLogDensity(problem);
        var random = problem.Monitor.CreateRandom(options.Seed);
        var fit = Stochastic(density, variational, mode, covariance, random);
        return density.Dimension == n ? Normal(fit) : FromNormal(density, fit, random);
    }

    private GaussianFit Stochastic(
        GlmLogDensity density, VariationalInference variational, double[] mode, double[] covariance, Random random)
    {
        double[] start = density.Start(mode), scales = new double[density.Dimension];
        Array.Fill(scales, 0.5);
        for (int i = 0; i < n; i++)
            scales[i] = Math.Sqrt(covariance[i * n + i]);
        return new StochasticVariational(density, variational.Options, variational.FullRank, start, scales).Run(random, problem.Monitor);
    }

    /// <summary>From the closest normal on: by quadrature where that can be, else by stochastic gradients too.</summary>
    private GlmPosterior Flow(FlowVariationalOptions flow, double[] mode, double[] covariance, bool smooth)
    {
        var density = new GlmLogDensity(problem);
        var random = problem.Monitor.CreateRandom(options.Seed);
        var normal = new VariationalInference(true, new() { Draws = flow.Draws, Steps = flow.Steps });
        var fit = smooth && IsByQuadrature(normal)
            ? VariationalFixedPoint.Run(problem, mode, covariance, fullRank: true, options.MaximumIterations)
            : Stochastic(density, normal, mode, covariance, random);
        int m = density.Dimension;
        var (drawn, bound, converged) = new FlowVariational(density, flow, fit.Mean, FactorOf(fit, m), random).Run(random, problem.Monitor);
        var draws = new double[flow.PosteriorDraws * n];
        for (int s = 0; s < flow.PosteriorDraws; s++)
            density.ToCoefficients(drawn.AsSpan(s * m, m), draws.AsSpan(s * n, n));
        return Of(Means(draws), flow.Steps, converged) with
        {
            Draws = draws,
            LogEvidence = problem.Prior.IsProper && m == n ? bound + LogVolume() : double.NaN,
        };
    }

    /// <summary>L of a normal's covariance.</summary>
    private static double[] FactorOf(GaussianFit fit, int m)
    {
        double[] factor = [.. fit.Covariance];
        return LinearAlgebra.Cholesky.TryFactor(factor, m, m, out _)
            ? factor
            : throw new InvalidOperationException("The variational covariance lost its positive definiteness. Lower StepSize.");
    }

    /// <summary>Draws of (b, τ) from a normal of u, where u holds ln λ too.</summary>
    private GlmPosterior FromNormal(GlmLogDensity density, GaussianFit fit, Random random)
    {
        const int Count = 4000;
        int m = density.Dimension;
        double[] factor = FactorOf(fit, m), noise = new double[m], u = new double[m], draws = new double[Count * n];
        for (int s = 0; s < Count; s++)
        {
            RandomNormal.Fill(random, noise);
            for (int i = 0; i < m; i++)
                u[i] = fit.Mean[i] + TensorPrimitives.Dot<double>(factor.AsSpan(i * m, i + 1), noise.AsSpan(0, i + 1));
            density.ToCoefficients(u, draws.AsSpan(s * n, n));
        }
        return Of(Means(draws), fit.Iterations, fit.Converged) with { Draws = draws };
    }

    private GlmPosterior Sample(NutsOptions nuts, double[] mode, double[] covariance)
    {
        var density = new GlmLogDensity(problem);
        int seed = options.Seed ?? problem.Monitor.Seed ?? 1, m = density.Dimension;
        var random = new Random(seed);
        var starts = new double[nuts.Chains][];
        double[] gradient = new double[m], centre = density.Start(mode);
        for (int c = 0; c < starts.Length; c++)
        {
            for (double reach = 2; ; reach /= 2)
            {
                starts[c] = [.. centre.Select((at, i) =>
                    at + reach * (2 * random.NextDouble() - 1) * (i < n ? Math.Sqrt(covariance[i * n + i]) : 0.5))];
                if (double.IsFinite(density.Evaluate(starts[c], gradient)) || reach < 1e-3)
                    break;
            }
        }
        var result = NutsSampler.Run(density, starts, nuts, seed, problem.Monitor, options.NumberOfThreads);
        var draws = new double[nuts.Chains * nuts.Draws * n];
        for (int c = 0; c < nuts.Chains; c++)
        {
            for (int s = 0; s < nuts.Draws; s++)
                density.ToCoefficients(result.Chains[c].Draws.AsSpan(s * m, m), draws.AsSpan((c * nuts.Draws + s) * n, n));
        }
        problem.Monitor.Information?.Invoke(
            $"NUTS: {nuts.Chains} chains of {nuts.Draws} draws in {result.Elapsed.TotalSeconds:F2} s, {result.Divergences} divergences.");
        return Of(Means(draws), nuts.Warmup + nuts.Draws, false) with
        {
            Draws = draws,
            Diagnostics = new(
                nuts.Chains, nuts.Draws, result.Divergences, result.Chains.Sum(chain => chain.Saturated),
                result.Chains.Average(chain => chain.Acceptance), double.NaN, double.NaN, double.NaN),
        };
    }

    private double[] Means(double[] draws)
    {
        var mean = new double[n];
        int count = draws.Length / n;
        for (int s = 0; s < count; s++)
            TensorPrimitives.MultiplyAdd(draws.AsSpan(s * n, n), 1.0 / count, mean, mean);
        return mean;
    }
}
