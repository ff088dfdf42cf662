using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>Finds the covariances (and coefficients) of maximum likelihood.</summary>
internal static class LikelihoodSearch
{
    public static HierarchicalModel Linear(
        MixedProblem problem, GroupTally tally, HierarchicalOptions options, Func<MixedLayout, HierarchicalParts> parts)
    {
        var layout = problem.Layout;
        var likelihood = new LinearMixedLikelihood(
            problem, tally, LeastSquares(problem), options.Inference is RestrictedLikelihoodInference);
        int evaluations = 0;
        var minimum = new MixedSearch(Evaluate, options.MaximumIterations).Run(CovarianceFactor.Identity(layout));
        if (!double.IsFinite(minimum.Value))
            throw new InvalidOperationException(
                "The likelihood of the hierarchical regression has no finite value: the responses may be fitted exactly. Check the label, or take "
                + "fewer slopes.");
        CovarianceFactor.Normalise(layout, minimum.At);
        var (coefficients, dispersion, covariance) = likelihood.At(minimum.At);
        return Model(
            problem, parts, minimum, -0.5 * minimum.Value, coefficients, covariance, Corner(covariance.Border, layout), minimum.At, dispersion);

        double Evaluate(ReadOnlySpan<double> theta, Span<double> gradient)
        {
            double[] slope = new double[theta.Length];
            double value = likelihood.Deviance(theta, slope);
            slope.AsSpan(0, gradient.Length).CopyTo(gradient);
            problem.Monitor.Report(new("lme", ++evaluations, value, 0, TimeSpan.Zero));
            return value;
        }
    }

    public static HierarchicalModel Generalized(
        MixedProblem problem, HierarchicalOptions options, Func<MixedLayout, HierarchicalParts> parts)
    {
        var layout = problem.Layout;
        int p = layout.Fixed, evaluations = 0;
        var laplace = new LaplaceLikelihood(problem);
        var quadrature = options.Inference is QuadratureLikelihoodInference { Nodes: > 1 } chosen
            ? new QuadratureLikelihood(problem, laplace, chosen.Nodes)
            : null;
        double[] start = [.. FixedStart(problem), .. CovarianceFactor.Identity(layout)];
        var minimum = new MixedSearch(Evaluate, options.MaximumIterations).Run(start);
        if (!double.IsFinite(minimum.Value))
            throw new InvalidOperationException(
                "The likelihood of the hierarchical regression could not be evaluated: the means may have run to the edge of their range. Take "
                + "fewer slopes, another link, or HierarchicalInference.Nuts.");
        double[] theta = minimum.At[p..];
        CovarianceFactor.Normalise(layout, theta);
        double[] at = [.. minimum.At[..p], .. theta];
        var (coefficients, covariance) = laplace.At(at);
        double[] fixedCovariance = FromHessian(minimum.Hessian, p) ?? Corner(covariance.Border, layout);
        return Model(problem, parts, minimum, -minimum.Value, coefficients, covariance, fixedCovariance, theta, 1);

        double Evaluate(ReadOnlySpan<double> place, Span<double> gradient)
        {
            double value = quadrature is null ? laplace.Evaluate(place, gradient) : quadrature.Evaluate(place, gradient);
            problem.Monitor.Report(new("laplace", ++evaluations, value, 0, TimeSpan.Zero));
            return value;
        }
    }

    private static HierarchicalModel Model(
        MixedProblem problem, Func<MixedLayout, HierarchicalParts> parts, MixedMinimum minimum, double logLikelihood,
        MixedCoefficients coefficients, MixedCovariance covariance, double[] fixedCovariance, double[] theta, double dispersion)
    {
        var layout = problem.Layout.ForModel();
        return new(
            parts(problem.Layout) with
            {
                LogLikelihood = logLikelihood,
                Iterations = minimum.Iterations,
                Converged = minimum.Converged,
            },
            new()
            {
                Transform = problem.Transform,
                Layout = layout,
                Mean = coefficients,
                Covariance = covariance with { Layout = layout },
                FixedCovariance = fixedCovariance,
                Factors = CovarianceFactor.Of(layout, theta),
                Dispersion = dispersion,
            });
    }

    /// <summary>β of least squares without groups.</summary>
    private static double[] LeastSquares(MixedProblem problem)
    {
        var blocks = problem.NewBlocks();
        MixedPass.Run(
            problem, blocks, MixedCoefficients.Zero(problem.Layout), new Working(problem, 0), products: false, fixedProducts: true);
        return SolveFixed(problem.Layout, blocks);
    }

    /// <summary>β of a few steps of Fisher scoring without groups.</summary>
    public static double[] FixedStart(MixedProblem problem)
    {
        var beta = MixedCoefficients.Zero(problem.Layout);
        var blocks = problem.NewBlocks();
        for (int i = 0; i < 4; i++)
        {
            MixedPass.Run(problem, blocks, beta, new Working(problem, i), products: false, fixedProducts: true);
            double[] step = SolveFixed(problem.Layout, blocks);
            for (int j = 0; j < step.Length; j++)
                beta.Border[problem.Layout.Random + j] = (i == 0 ? 0 : beta.Border[problem.Layout.Random + j]) + step[j];
        }
        return beta.Border[problem.Layout.Random..];
    }

    private static double[] SolveFixed(MixedLayout layout, MixedBlocks blocks)
    {
        int p = layout.Fixed;
        double[] factor = Corner(blocks.Border, layout), beta = blocks.BorderRight[layout.Random..];
        if (p == 0)
            return beta;
        if (!Cholesky.TryFactor(factor, p, p, out _))
            return new double[p];
        Cholesky.Solve(factor, p, p, beta);
        return Array.TrueForAll(beta, double.IsFinite) ? beta : new double[p];
    }

    /// <summary>The part of a matrix over the border that is about the fixed columns, [p, p].</summary>
    private static double[] Corner(double[] border, MixedLayout layout)
    {
        int p = layout.Fixed, n = layout.Border;
        var corner = new double[p * p];
        for (int i = 0; i < p; i++)
            border.AsSpan((layout.Random + i) * n + layout.Random, p).CopyTo(corner.AsSpan(i * p));
        return corner;
    }

    /// <summary>The corner of the inverse Hessian; null: it is not positive definite.</summary>
    private static double[]? FromHessian(double[] hessian, int p)
    {
        int m = (int)Math.Round(Math.Sqrt(hessian.Length));
        double[] factor = [.. hessian], inverse = new double[m * m], corner = new double[p * p];
        if (m == 0 || !Array.TrueForAll(factor, double.IsFinite) || !Cholesky.TryFactor(factor, m, m, out _))
            return null;
        Cholesky.InvertFromFactor(factor, m, m, inverse, m);
        for (int i = 0; i < p; i++)
            inverse.AsSpan(i * m, p).CopyTo(corner.AsSpan(i * p));
        return corner;
    }

    /// <summary>Weights and scores of Fisher scoring; the first step is towards the link of means near the responses.</summary>
    private sealed class Working(MixedProblem problem, int step) : IMixedWork
    {
        public bool TryRow(in MixedRow row, out double information, out double score, out double value)
        {
            var (family, link) = (problem.Family, problem.Link);
            bool isFirst = step == 0;
            double eta = isFirst ? link.Link(family.InitialMean(row.Response)) : row.Eta;
            value = 0;
            if (!link.IsInDomain(eta))
            {
                (information, score) = (0, 0);
                return true;
            }
            var mean = link.Inverse(eta);
            information = row.Weight * RowTerms.ExpectedInformation(family, mean);
            score = row.Weight * RowTerms.Score(family, row.Response, mean) + (isFirst ? information * (eta - row.Eta) : 0);
            return true;
        }
    }
}
