using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>Expectation propagation with a normal site for each row's η: parallel updates, damped where they would not do.</summary>
/// <remarks>
/// Minka (2001); Rasmussen &amp; Williams (2006), §3.6, with the sites' precisions in weight space, as in Cseke &amp; Heskes (2011). The
/// rows' z are held in memory.
/// </remarks>
internal sealed class ExpectationPropagation
{
    /// <summary>How many standard deviations of the marginal are integrated over on each side.</summary>
    private const double Reach = 12;

    private readonly PosteriorProblem problem;
    private readonly MemoryRows rows;
    private readonly EtaLikelihood likelihood;
    private readonly int q, n;
    private readonly double[] precision, shift, eta, variance, priorPrecision, priorMean;
    private double[] mean = [], covariance = [];

    public ExpectationPropagation(PosteriorProblem problem)
    {
        this.problem = problem;
        rows = MemoryRows.Read(problem.Design, problem.Transform, problem.Monitor);
        likelihood = new EtaLikelihood(problem.Family, problem.Link, problem.KnownLogDispersion);
        (q, n) = (rows.Width, rows.Count);
        (precision, shift, eta, variance) = (new double[n], new double[n], new double[n], new double[n]);
        priorPrecision = new double[q * q];
        double[] zero = new double[q], gradient = new double[q];
        problem.Prior.Add(zero, [], gradient, priorPrecision, q);
        priorMean = gradient;                               // P m₀, for the gradient of a normal at zero is that
    }

    public GaussianFit Run(double[] mode, double[] modeCovariance, int most)
    {
        (mean, covariance) = (mode, modeCovariance);
        Start();
        double damping = 1, before = double.PositiveInfinity;
        for (int iteration = 1; iteration <= most; iteration++)
        {
            problem.Monitor.ThrowIfCancelled();
            double change = Sweep(damping);
            if (change < 1e-12)
                return new(mean, covariance, LogEvidence(), iteration, true);
            if (change > before && damping > 0.1)
                damping *= 0.8;
            before = change;
        }
        return new(mean, covariance, LogEvidence(), most, before < 1e-6);
    }

    /// <summary>Sites from the curvature at the mode, so that the first cavities are proper.</summary>
    private void Start()
    {
        Gemv.Multiply(rows.Z, n, q, rows.Stride, mean, eta);
        for (int i = 0; i < n; i++)
        {
            likelihood.TryAt(rows.Response[i], eta[i] + rows.Offsets[i], rows.Weights[i], false, out var row);
            precision[i] = Math.Max(row.Information, 0);
            shift[i] = precision[i] * eta[i] + row.Score;
        }
        Refresh();
    }

    private double Sweep(double damping)
    {
        double change = 0;
        for (int i = 0; i < n; i++)
        {
            double cavity = 1 / variance[i] - precision[i];
            if (!(cavity > 0))
                continue;
            double at = (eta[i] / variance[i] - shift[i]) / cavity;
            var (_, first, second) = Tilted(i, at, 1 / cavity);
            double site = 1 / second - cavity, natural = first / second - cavity * at;
            double scale = 1 / variance[i];
            change = Math.Max(change, Math.Max(Math.Abs(site - precision[i]) / scale, Math.Abs(natural - shift[i]) / (scale * (1 + Math.Abs(eta[i])))));
            precision[i] += damping * (site - precision[i]);
            shift[i] += damping * (natural - shift[i]);
        }
        Refresh();
        return change;
    }

    /// <summary>The approximate posterior that the sites make, and each row's marginal under it.</summary>
    private void Refresh()
    {
        double[] information = new double[q * q], right = [.. priorMean];
        WeightedGram.Accumulate(rows.Z, n, q, rows.Stride, precision, information);
        for (int i = 0; i < q; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                information[i * q + j] += priorPrecision[i * q + j];
                information[j * q + i] = information[i * q + j];
            }
        }
        Gemv.AccumulateTransposed(rows.Z, n, q, rows.Stride, shift, right);
        var factor = ScaledCholesky.Of(information, q) ?? throw new InvalidOperationException(
            "Expectation propagation lost a proper posterior: flat priors and too few rows. Choose proper priors.");
        (mean, covariance) = (factor.Solve(right), factor.Inverse());
        Gemv.Multiply(rows.Z, n, q, rows.Stride, mean, eta);
        QuadraticForm.Rows(rows.Z, n, q, rows.Stride, covariance, q, variance);
    }

    /// <summary>ln ∫ p(y | η) N(η; m, v) dη, and the mean and variance of the integrand.</summary>
    private (double LogMass, double Mean, double Variance) Tilted(int row, double m, double v)
    {
        double y = rows.Response[row], w = rows.Weights[row], offset = rows.Offsets[row];
        if (problem is { Family: BernoulliFamily, Link: ProbitLink } && w == 1 && y is 0 or 1)
            return Probit(y == 1 ? 1 : -1, m, v, offset);
        // Nodes lie about the approximate marginal, which the tilted distribution resembles, however wide the cavity.
        double centre = eta[row], root = Math.Sqrt(variance[row]), step = Math.Min(0.25, 0.5 / root), largest = double.NegativeInfinity;
        Span<double> logs = stackalloc double[2 * Math.Min(400, (int)Math.Ceiling(Reach / step)) + 1];
        int side = logs.Length / 2;
        for (int k = 0; k < logs.Length; k++)
        {
            double at = centre + root * step * (k - side), gap = at - m;
            logs[k] = likelihood.LogLikelihood(y, at + offset, w) - 0.5 * gap * gap / v;
            largest = Math.Max(largest, logs[k]);
        }
        double mass = 0, first = 0, second = 0;
        for (int k = 0; k < logs.Length; k++)
        {
            double weight = Math.Exp(logs[k] - largest), node = step * (k - side);
            mass += weight;
            first += weight * node;
            second += weight * node * node;
        }
        first /= mass;
        double log = largest + Math.Log(mass * step) + 0.5 * Math.Log(variance[row] / (2 * Math.PI * v));
        return (log, centre + root * first, variance[row] * (second / mass - first * first));
    }

    /// <summary>Exactly. Rasmussen &amp; Williams (2006), eqs. 3.58 and 3.85.</summary>
    private static (double LogMass, double Mean, double Variance) Probit(double sign, double m, double v, double offset)
    {
        double root = Math.Sqrt(1 + v), z = sign * (m + offset) / root;
        double log = NormalDistribution.LogCdf(z), ratio = Math.Exp(NormalDistribution.LogDensity(z) - log);
        return (log, m + sign * v * ratio / root, v - v * v * ratio * (z + ratio) / (1 + v));
    }

    /// <summary>
    /// ln ∫ p(b) Π Z̃ᵢ N(ηᵢ; …) db: the log of the normal that the sites make, and of the constants that match each tilted mass.
    /// </summary>
    private double LogEvidence()
    {
        double sum = problem.Prior.Add(mean, [], new double[q], [], q);     // ln p(mean), then what a normal integrates to
        sum += 0.5 * (q * Math.Log(2 * Math.PI) + ScaledCholesky.Of(covariance, q)!.LogDeterminant);
        for (int i = 0; i < n; i++)
        {
            double cavity = 1 / variance[i] - precision[i], natural = eta[i] / variance[i] - shift[i], at = natural / cavity;
            var (mass, _, _) = Tilted(i, at, 1 / cavity);
            // ln ∫ exp(−½ τ̃ η² + ν̃ η) N(η; at, 1/cavity) dη, taken off, and the site at the mean, put on
            double integral = 0.5 * Math.Log(cavity * variance[i]) + 0.5 * (eta[i] * eta[i] / variance[i] - at * at * cavity);
            sum += mass - integral + shift[i] * eta[i] - 0.5 * precision[i] * eta[i] * eta[i];
        }
        return sum;
    }
}
