using System.Numerics.Tensors;

namespace ProbML.Fitting;

/// <summary>One fit of a path, to all rows or to those outside a fold: where it stands, and the point it asks for next.</summary>
/// <remarks>
/// Proximal Newton: the penalised quadratic about the point is minimised by coordinate descent, as in Friedman, Hastie &amp;
/// Tibshirani (2010), §3; but the information may be that of an earlier point, for a gradient is much cheaper, and is asked
/// for again when steps shrink too slowly (Lee, Sun &amp; Saunders 2014, §3.3). A fit without a fold takes that of the fit to
/// all rows, in proportion to its weight, as long as that does.
/// </remarks>
/// <param name="fold">The fold left out, from 1; 0: none.</param>
/// <param name="weight">Σw of the rows fitted to.</param>
/// <param name="start">b, [q].</param>
/// <param name="all">The fit to all rows, whose information it may take; null: it has its own.</param>
internal sealed class PathProblem(int fold, double weight, double[] start, PathProblem? all = null)
{
    /// <summary>Steps that shrink by less than this make a new information matrix worth its price.</summary>
    private const double Slow = 0.15;

    private const int MaximumHalvings = 40;

    private Penalty penalty = null!;
    private double[] step = [];
    private double objective, decrement, tolerance, share;
    private PathProblem? lender = all;
    private int proposals, version, borrowed;

    /// <summary>The fold left out of the fit, from 1; 0: none.</summary>
    public int Fold => fold;

    /// <summary>Σw of the rows fitted to.</summary>
    public double Weight => weight;

    /// <summary>b, [q].</summary>
    public double[] Point { get; private set; } = start;

    /// <summary>What is known at <see cref="Point"/>.</summary>
    public PathValue Value { get; private set; } = null!;

    /// <summary>The information, [q, q], both triangles, of some point not far off.</summary>
    public double[] Information { get; private set; } = [];

    /// <summary>Where the value is asked for.</summary>
    public double[] Trial { get; private set; } = start;

    /// <summary>Whether the information is asked for too.</summary>
    public bool WantsInformation { get; private set; } = all is null;

    /// <summary>Whether a value is still asked for.</summary>
    public bool IsPending { get; private set; } = true;

    /// <summary>Whether the last penalty's minimum was found.</summary>
    public bool Converged { get; private set; }

    /// <summary>Takes the value at the start.</summary>
    public bool Begin(PathValue value)
    {
        (Value, Information) = (value, value.Information ?? []);
        version = 1;
        Borrow();
        return double.IsFinite(value.Deviance);
    }

    /// <summary>Turns to another penalty.</summary>
    public void Minimise(Penalty next, double precision)
    {
        (penalty, tolerance, proposals) = (next, precision, 0);
        objective = Objective(Value, Point);
        WantsInformation = false;
        Borrow();
        Propose();
    }

    /// <summary>Takes the value at the trial: moves there if it is better, or asks for one nearer by.</summary>
    public void Receive(PathValue value)
    {
        double there = Objective(value, Trial);
        if (!(there <= objective + 1e-12 * (Math.Abs(objective) + 0.1)))
        {
            share /= 2;
            (lender, WantsInformation) = (null, true);
            if (share < Math.Pow(2, -MaximumHalvings))
                Stop(decrement < 1e-6);
            else
                Trial = Towards(share);
            return;
        }
        (Point, Value, objective) = (Trial, value, there);
        bool fresh = value.Information is not null || Borrow();
        if (value.Information is not null)
            (Information, version) = (value.Information, version + 1);
        double before = decrement;
        WantsInformation = false;
        Propose();
        WantsInformation = IsPending && decrement > Slow * before && (!fresh || lender is not null);
        if (WantsInformation && lender is { WantsInformation: true })
            WantsInformation = false;                      // what it will lend may be enough
        else if (WantsInformation)
            lender = null;
    }

    /// <summary>Gives up.</summary>
    public void Stop(bool converged) => (IsPending, Converged) = (false, converged);

    /// <summary>Takes the information of the fit to all rows, where that is newer than what it has.</summary>
    private bool Borrow()
    {
        if (lender is null || lender.version == borrowed)
            return false;
        Information = new double[lender.Information.Length];
        TensorPrimitives.Multiply(lender.Information, weight / lender.Weight, Information);
        borrowed = lender.version;
        return true;
    }

    private void Propose()
    {
        int q = Point.Length;
        double[] a = [.. Information], c = new double[q];
        for (int j = 0; j < q; j++)
        {
            c[j] = Value.Gradient[j] + TensorPrimitives.Dot<double>(Information.AsSpan(j * q, q), Point);
            a[j * q + j] += penalty.L2[j];
        }
        double[] minimum = LassoQuadratic.Minimise(a, c, penalty.L1, Point);
        if (!Array.TrueForAll(minimum, double.IsFinite))
        {
            Stop(false);
            return;
        }
        step = new double[q];
        TensorPrimitives.Subtract(minimum, Point, step);
        double length = 0;
        for (int j = 0; j < q; j++)
            length += step[j] * TensorPrimitives.Dot<double>(a.AsSpan(j * q, q), step);
        (decrement, share, Trial, IsPending) = (Math.Sqrt(Math.Max(0, length)), 1, minimum, true);
        if (decrement <= tolerance)
        {
            Value = Value.Moved(Information, step);        // so short a step needs no look at the data
            Point = minimum;
            Stop(true);
        }
        else if (++proposals > 100)
        {
            Stop(false);
        }
    }

    private double[] Towards(double fraction)
    {
        var b = new double[Point.Length];
        TensorPrimitives.MultiplyAdd(step, fraction, Point, b);
        return b;
    }

    private double Objective(PathValue value, double[] b)
    {
        double sum = 0.5 * value.Deviance + penalty.Value(b);
        return double.IsNaN(sum) ? double.PositiveInfinity : sum;
    }
}

/// <summary>What the rows say at a point.</summary>
/// <param name="Deviance">Σ w d(y, μ) over the rows fitted to; infinite or NaN outside the model's domain.</param>
/// <param name="HeldOut">The same over the rows of the fold left out.</param>
/// <param name="Gradient">∂l/∂b, [q].</param>
/// <param name="Information">The expected information, [q, q], both triangles, where it was asked for.</param>
internal sealed record PathValue(double Deviance, double HeldOut, double[] Gradient, double[]? Information)
{
    /// <summary>The value a short step away, by the quadratic.</summary>
    public PathValue Moved(double[] information, double[] step)
    {
        int q = step.Length;
        double change = 0;
        double[] gradient = [.. Gradient];
        for (int j = 0; j < q; j++)
        {
            double bend = TensorPrimitives.Dot<double>(information.AsSpan(j * q, q), step);
            change -= step[j] * (2 * Gradient[j] - bend);
            gradient[j] -= bend;
        }
        return new(Deviance + change, HeldOut, gradient, null);
    }
}
