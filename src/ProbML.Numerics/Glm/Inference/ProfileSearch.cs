using System.Numerics.Tensors;
using ProbML.LinearAlgebra;

namespace ProbML.Fitting;

/// <summary>
/// Looks for one end of a profile-likelihood interval: where the maximum of l over all x with cᵀx = v lies ½Z² below the top.
/// </summary>
/// <remarks>
/// <para>Every evaluation takes a Newton step towards the constrained maximum and one of v together, as Venzon &amp; Moolgavkar
/// (1988) do. With g = κc + r, κ = cᵀA⁻¹g / cᵀA⁻¹c, the constrained maximum lies ½ rᵀA⁻¹r above l, and κ is the profile's
/// slope dl/dv. Unlike theirs, the step of v is Newton's for the signed root ζ = √(2(top − profile)), which is nearly linear
/// in v (Bates &amp; Watts, 1988, §6.1), inside a bracket.</para>
/// <para>s measures v from the start outwards in standard errors.</para>
/// </remarks>
internal sealed class ProfileSearch
{
    private const int MostEvaluations = 300, MostHalvings = 40;

    /// <summary>So many cutoffs away from the start the profile is taken never to cross.</summary>
    private const double Far = 400;

    private readonly double[] direction;
    private readonly int side;
    private readonly double cutoff, top, unit, error;
    private readonly Information kind;
    private readonly double start;
    private double[] origin, step = [];
    private double share = 1, originValue, inside, outside = double.PositiveInfinity;
    private bool stays;
    private int evaluations, halvings;

    /// <summary>Starts from a point whose quadratic is known.</summary>
    /// <param name="direction">c.</param>
    /// <param name="side">+1: the upper end, −1: the lower.</param>
    /// <param name="cutoff">Z, at unit dispersion.</param>
    /// <param name="dispersion">What a difference of l is measured in.</param>
    /// <param name="top">The largest l.</param>
    /// <param name="kind">Which information Newton's method takes.</param>
    /// <param name="from">x.</param>
    /// <param name="at">The quadratic there.</param>
    /// <param name="isTop">Whether x is where l is largest.</param>
    public ProfileSearch(
        double[] direction, int side, double cutoff, double dispersion, double top, Information kind, double[] from,
        LocalQuadratic at, bool isTop)
    {
        (this.direction, this.side, this.cutoff, unit, this.top, this.kind) = (direction, side, cutoff, dispersion, top, kind);
        origin = from;
        start = TensorPrimitives.Dot<double>(direction, from);
        inside = isTop ? 0 : double.NegativeInfinity;
        double[] spread = Solve(Factor(at, true)!, direction);
        error = Math.Sqrt(TensorPrimitives.Dot<double>(direction, spread));
        Query = new ProfileQuery(from, kind);
        if (isTop)
            Propose(at, from, side * cutoff / error, spread, new double[from.Length]);
        else
            Observe(at);
    }

    /// <summary>What is to be evaluated next.</summary>
    public ProfileQuery Query { get; private set; }

    /// <summary>Whether the search has ended.</summary>
    public bool IsDone { get; private set; }

    /// <summary>v at the end; infinite where the profile never crosses, NaN where the domain or the patience ended first.</summary>
    public double Limit { get; private set; } = double.NaN;

    /// <summary>Takes what was found at <see cref="Query"/>.</summary>
    public void Observe(LocalQuadratic? at)
    {
        if (++evaluations > MostEvaluations)
        {
            IsDone = true;
            return;
        }
        double[]? factor = at is null ? null : Factor(at, false);
        if (at is not null && factor is null && Query.Kind == Information.Observed)
        {
            Query = Query with { Kind = Information.Expected };
            return;
        }
        if (at is null || (stays && share > 1e-9 && at.Value < originValue - 1e-12 * Math.Abs(originValue)))
        {
            Halve();
            return;
        }
        factor ??= Factor(at, true)!;
        double[] spread = Solve(factor, direction), rest = [.. at.Gradient];
        double variance = TensorPrimitives.Dot<double>(direction, spread);
        double slope = TensorPrimitives.Dot<double>(spread, at.Gradient) / variance;
        TensorPrimitives.MultiplyAdd(direction, -slope, at.Gradient, rest);
        double[] inner = Solve(factor, rest);
        double gap = 0.5 * Math.Max(0, TensorPrimitives.Dot<double>(rest, inner));
        if (gap > unit && !stays && halvings < 8 && step.Length > 0)
        {
            Halve();
            return;
        }
        Continue(at, spread, slope, inner, gap);
    }

    private void Continue(LocalQuadratic at, double[] spread, double slope, double[] inner, double gap)
    {
        double[] x = Query.Parameters;
        double v = TensorPrimitives.Dot<double>(direction, x), s = side * (v - start) / error;
        if (gap > 0.05 * unit)
        {
            Propose(at, x, 0, spread, inner);
            return;
        }
        double deficit = Math.Max(0, top - at.Value - gap), outwards = side * slope * error;
        double zeta = outwards > 0 ? -Math.Sqrt(2 * deficit) : Math.Sqrt(2 * deficit);
        double rate = zeta == 0 ? double.NaN : Math.Abs(outwards / zeta), next = s + (cutoff - zeta) / rate;
        if (zeta < cutoff)
            inside = Math.Max(inside, s);
        else
            outside = Math.Min(outside, s);
        double closeness = Query.Kind == Information.Observed ? 1e-8 : 1e-13;
        if (Math.Abs(next - s) <= 1e-6 * cutoff && gap <= closeness * unit && zeta > 0.5 * cutoff)
        {
            (IsDone, Limit) = (true, start + side * error * next);
            return;
        }
        double variance = TensorPrimitives.Dot<double>(direction, spread);
        bool isFlat = zeta < 0.1 * cutoff && variance > 1e3 * error * error;
        if (double.IsPositiveInfinity(outside) && s >= 8 * cutoff
            && (isFlat || s >= Far * cutoff || !(zeta + rate * 1e4 * s >= cutoff)))
        {
            (IsDone, Limit) = (true, side * double.PositiveInfinity);
            return;
        }
        double most = Math.Max(cutoff, Math.Abs(s));
        next = double.IsNaN(next) ? s + most : Math.Clamp(next, s - most, s + most);
        if (!(next > inside && next < outside) && Math.Abs(next - s) > 1e-6 * cutoff)
            next = double.IsPositiveInfinity(outside) ? s + most
                : double.IsNegativeInfinity(inside) ? s - most
                : 0.5 * (inside + outside);
        Propose(at, x, side * (next - s) * error / variance, spread, inner);
    }

    /// <summary>The next step: towards the constrained maximum, and along A⁻¹c by a factor.</summary>
    private void Propose(LocalQuadratic at, double[] from, double along, double[] spread, double[] inner)
    {
        step = new double[from.Length];
        TensorPrimitives.MultiplyAdd(spread, along, inner, step);
        (origin, originValue, share, halvings, stays) = (from, at.Value, 1, 0, along == 0);
        Query = new ProfileQuery(Moved(), kind);
    }

    private void Halve()
    {
        share /= 2;
        if (++halvings > MostHalvings || step.Length == 0)
            IsDone = true;
        Query = new ProfileQuery(Moved(), kind);
    }

    private double[] Moved()
    {
        var moved = new double[origin.Length];
        if (step.Length > 0)
            TensorPrimitives.MultiplyAdd(step, share, origin, moved);
        return moved;
    }

    /// <summary>A = LLᵀ; where that fails and must not, of A with a little more on its diagonal.</summary>
    private static double[]? Factor(LocalQuadratic at, bool always)
    {
        int n = at.Gradient.Length;
        double[] a = [.. at.Information];
        if (Cholesky.TryFactor(a, n, n, out _))
            return a;
        if (!always)
            return null;
        double largest = 1e-300;
        for (int j = 0; j < n; j++)
            largest = Math.Max(largest, Math.Abs(at.Information[j * n + j]));
        for (double ridge = 1e-12 * largest; ; ridge *= 10)
        {
            at.Information.CopyTo(a, 0);
            for (int j = 0; j < n; j++)
                a[j * n + j] += ridge;
            if (Cholesky.TryFactor(a, n, n, out _))
                return a;
        }
    }

    private static double[] Solve(double[] factor, double[] right)
    {
        double[] x = [.. right];
        Cholesky.Solve(factor, x.Length, x.Length, x);
        return x;
    }
}
