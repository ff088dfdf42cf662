using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>The Gaussian model: −2 ln likelihood (or restricted likelihood) as a function of θ, β and σ² profiled out; no pass over rows.</summary>
/// <remarks>Bates et al. (2015), J. Stat. Softw. 67, §3.4: d(θ) = ln |H| [+ ln |R|²] + ν (1 + ln(2π r²/ν)) − Σ ln w.</remarks>
internal sealed class LinearMixedLikelihood
{
    private readonly MixedBlocks blocks;
    private readonly MixedCoefficients origin;
    private readonly bool restricted;
    private readonly double sumOfLogWeights, scaleTerm;
    private readonly long rows;

    /// <param name="problem">The rows.</param>
    /// <param name="tally">Their number and weights.</param>
    /// <param name="start">Least squares without groups, from which residuals are counted: nothing cancels.</param>
    /// <param name="restricted">Whether the likelihood is the restricted one.</param>
    public LinearMixedLikelihood(MixedProblem problem, GroupTally tally, ReadOnlySpan<double> start, bool restricted)
    {
        (this.restricted, rows, sumOfLogWeights) = (restricted, tally.Rows, tally.SumOfLogWeights);
        origin = MixedCoefficients.Zero(problem.Layout);
        start.CopyTo(origin.Border.AsSpan(problem.Layout.Random));
        blocks = problem.NewBlocks();
        MixedPass.Run(problem, blocks, origin, new Residuals(), products: true, fixedProducts: true);
        for (int j = 0; j < problem.Transform.Columns.Length; j++)
            scaleTerm -= restricted ? 2 * Math.Log(problem.Transform.Rate(j)) : 0;
    }

    private long Freedom => restricted ? rows - blocks.Layout.Fixed : rows;

    public double Deviance(ReadOnlySpan<double> theta, Span<double> gradient)
    {
        if (Solve(theta) is not { } at)
            return double.PositiveInfinity;
        var layout = blocks.Layout;
        double rate = Freedom / at.Squares;
        var traced = restricted ? at.System : MixedSystem.Factor(blocks, at.System.Factors, withFixed: false)!;
        double[][] byFactor = traced.TraceGradient();
        var fit = blocks.Times(at.Coefficients, withFixed: true);
        for (int k = 0; k < byFactor.Length; k++)
        {
            int q = layout.Factors[k].Width, first = layout.Starts[k];
            double[] right = k == 0 ? blocks.MainRight : blocks.BorderRight, fitted = k == 0 ? fit.Main : fit.Border;
            double[] u = k == 0 ? at.Scaled.Main : at.Scaled.Border;
            for (int g = 0; g < layout.Factors[k].Levels.Length; g++)
            {
                for (int a = 0, place = first + g * q; a < q; a++)
                {
                    double e = right[place + a] - fitted[place + a];
                    for (int b = 0; b < q; b++)
                        byFactor[k][a * q + b] -= rate * e * u[place + b];
                }
            }
        }
        CovarianceFactor.Gradient(layout, byFactor).CopyTo(gradient);
        TensorPrimitives.Multiply(gradient, 2, gradient);
        return at.System.LogDeterminant + (restricted ? at.System.FixedLogDeterminant + scaleTerm : 0)
            + Freedom * (1 + Math.Log(2 * Math.PI * at.Squares / Freedom)) - sumOfLogWeights;
    }

    /// <summary>Coefficients, σ² and the covariance (times σ²) at θ.</summary>
    public (MixedCoefficients Coefficients, double Dispersion, MixedCovariance Covariance) At(ReadOnlySpan<double> theta)
    {
        var at = Solve(theta)!;
        double dispersion = at.Squares / Freedom;
        TensorPrimitives.Add<double>(at.Coefficients.Border, origin.Border, at.Coefficients.Border);
        return (at.Coefficients, dispersion, at.System.Covariance().Times(dispersion));
    }

    private Solution? Solve(ReadOnlySpan<double> theta)
    {
        if (MixedSystem.Factor(blocks, CovarianceFactor.Of(blocks.Layout, theta), withFixed: true) is not { } system)
            return null;
        var right = system.Scaled(blocks.MainRight, blocks.BorderRight);
        var scaled = system.Solve(right);
        double squares = blocks.Value - TensorPrimitives.Dot<double>(right.Main, scaled.Main)
            - TensorPrimitives.Dot<double>(right.Border, scaled.Border);
        return squares > 0 ? new(system, system.Original(scaled), scaled, squares) : null;
    }

    private sealed record Solution(
        MixedSystem System, MixedCoefficients Coefficients, (double[] Main, double[] Border) Scaled, double Squares);

    /// <summary>D = w, s = w (y − η), and w (y − η)².</summary>
    private sealed class Residuals : IMixedWork
    {
        public bool TryRow(in MixedRow row, out double information, out double score, out double value)
        {
            double residual = row.Response - row.Eta;
            (information, score, value) = (row.Weight, row.Weight * residual, row.Weight * residual * residual);
            return true;
        }
    }
}
