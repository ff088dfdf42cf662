using System.Numerics.Tensors;

namespace ProbML;

/// <summary>One chain of the no-U-turn sampler.</summary>
internal sealed class NutsChain
{
    /// <summary>An energy error beyond which a trajectory counts as divergent.</summary>
    private const double LargestError = 1000;

    private readonly ILogDensity density;
    private readonly NutsOptions options;
    private readonly Random random;
    private readonly int m;
    private readonly double[] inverseMass;
    private readonly StepSizeAdaptation stepSize;
    private NutsPoint current;
    private double step, initialEnergy, acceptanceSum;
    private long leaps, gradients;
    private bool divergent;

    public NutsChain(ILogDensity density, double[] start, NutsOptions options, int seed)
    {
        (this.density, this.options, random, m) = (density, options, new Random(seed), density.Dimension);
        if (start.Length != m)
            throw new ArgumentException($"A start has {start.Length} numbers, but the density is of {m}.", nameof(start));
        inverseMass = new double[m];
        Array.Fill(inverseMass, 1);
        current = new NutsPoint(m);
        start.CopyTo(current.Position, 0);
        current.LogDensity = density.Evaluate(current.Position, current.Gradient);
        if (!double.IsFinite(current.LogDensity) || !Array.TrueForAll(current.Gradient, double.IsFinite))
            throw new ArgumentException("The log density or its gradient is not finite where a chain starts.", nameof(start));
        stepSize = new StepSizeAdaptation(options.TargetAcceptance);
    }

    public NutsChainResult Result { get; private set; } = null!;

    public void Run(NutsProgress progress)
    {
        var windows = new WarmupWindows(options.Warmup);
        var variance = new RunningVariance(m);
        step = FirstStep();
        stepSize.Restart(step);
        for (int i = 0; i < options.Warmup; i++)
        {
            progress.ThrowIfCancelled();
            Transition();
            progress.Advance(current.LogDensity);
            step = stepSize.Update(acceptanceSum / Math.Max(1, leaps));
            if (windows.IsInside(i))
                variance.Add(current.Position);
            if (windows.EndsAt(i))
            {
                variance.Regularised(inverseMass);
                variance.Clear();
                step = FirstStep();
                stepSize.Restart(step);
            }
        }
        step = stepSize.Final;
        var draws = new double[options.Draws * m];
        int divergences = 0, saturated = 0;
        double acceptance = 0;
        gradients = 0;
        for (int i = 0; i < options.Draws; i++)
        {
            progress.ThrowIfCancelled();
            int depth = Transition();
            progress.Advance(current.LogDensity);
            current.Position.CopyTo(draws, i * m);
            acceptance += acceptanceSum / Math.Max(1, leaps) / options.Draws;
            divergences += divergent ? 1 : 0;
            saturated += depth >= options.MaximumTreeDepth ? 1 : 0;
        }
        Result = new(draws, step, inverseMass, acceptance, divergences, saturated, gradients);
    }

    /// <summary>One draw; the depth of its tree.</summary>
    private int Transition()
    {
        for (int i = 0; i < m; i++)
            current.Momentum[i] = RandomNormal.Draw(random) / Math.Sqrt(inverseMass[i]);
        initialEnergy = Energy(current);
        (acceptanceSum, leaps, divergent) = (0, 0, false);
        NutsPoint left = current.Copy(), right = current.Copy(), proposal = current.Copy();
        double[] total = [.. current.Momentum];
        double logWeight = 0;
        int depth = 0;
        while (depth < options.MaximumTreeDepth)
        {
            bool forward = random.NextDouble() < 0.5;
            double[] outer = [.. (forward ? right : left).Momentum];
            var tree = Build(depth, forward ? right : left, forward ? 1 : -1);
            if (tree is null)
                break;
            depth++;
            if (Math.Log(random.NextDouble()) < tree.LogWeight - logWeight)
                proposal = tree.Proposal;                   // biased progressive sampling
            double[] before = total;
            total = Sum(total, tree.Momentum);
            double[] joined = forward ? Sum(before, tree.Inner) : Sum(tree.Inner, before);
            logWeight = LogAdd(logWeight, tree.LogWeight);
            double[] start = left.Momentum, end = right.Momentum;
            if (forward)
                (right, end) = (tree.Outer, tree.Outer.Momentum);
            else
                (left, start) = (tree.Outer, tree.Outer.Momentum);
            bool goes = Continues(start, end, total)
                && (forward
                    ? Continues(start, tree.Inner, joined) && Continues(outer, end, Sum(tree.Momentum, outer))
                    : Continues(tree.Inner, end, joined) && Continues(start, outer, Sum(tree.Momentum, outer)));
            if (!goes)
                break;
        }
        current = proposal;
        return depth;
    }

    /// <summary>2^depth points from an end outward; null where the trajectory diverges or turns.</summary>
    private Tree? Build(int depth, NutsPoint from, int direction)
    {
        if (depth == 0)
        {
            var point = from.Copy();
            Leap(point, direction * step);
            double error = Energy(point) - initialEnergy;
            if (double.IsNaN(error))
                error = double.PositiveInfinity;
            leaps++;
            acceptanceSum += Math.Min(1, Math.Exp(-error));
            if (error > LargestError)
            {
                divergent = true;
                return null;
            }
            return new(point, [.. point.Momentum], [.. point.Momentum], point, -error);
        }
        var near = Build(depth - 1, from, direction);
        if (near is null)
            return null;
        var far = Build(depth - 1, near.Outer, direction);
        if (far is null)
            return null;
        double logWeight = LogAdd(near.LogWeight, far.LogWeight);
        var proposal = Math.Log(random.NextDouble()) < far.LogWeight - logWeight ? far.Proposal : near.Proposal;
        double[] momentum = Sum(near.Momentum, far.Momentum);
        bool goes = Oriented(near.Inner, far.Outer.Momentum, momentum, direction)
            && Oriented(near.Inner, far.Inner, Sum(near.Momentum, far.Inner), direction)
            && Oriented(near.Outer.Momentum, far.Outer.Momentum, Sum(far.Momentum, near.Outer.Momentum), direction);
        return goes ? new(far.Outer, near.Inner, momentum, proposal, logWeight) : null;
    }

    private bool Oriented(double[] inner, double[] outer, double[] sum, int direction) =>
        direction > 0 ? Continues(inner, outer, sum) : Continues(outer, inner, sum);

    /// <summary>Whether both ends still move along the sum of momenta ρ: p♯ · ρ > 0.</summary>
    private bool Continues(double[] start, double[] end, double[] sum)
    {
        double atStart = 0, atEnd = 0;
        for (int i = 0; i < m; i++)
        {
            double velocity = inverseMass[i] * sum[i];
            atStart += start[i] * velocity;
            atEnd += end[i] * velocity;
        }
        return atStart > 0 && atEnd > 0;
    }

    private void Leap(NutsPoint point, double size)
    {
        TensorPrimitives.MultiplyAdd(point.Gradient, 0.5 * size, point.Momentum, point.Momentum);
        for (int i = 0; i < m; i++)
            point.Position[i] += size * inverseMass[i] * point.Momentum[i];
        point.LogDensity = density.Evaluate(point.Position, point.Gradient);
        gradients++;
        TensorPrimitives.MultiplyAdd(point.Gradient, 0.5 * size, point.Momentum, point.Momentum);
    }

    private double Energy(NutsPoint point)
    {
        double kinetic = 0;
        for (int i = 0; i < m; i++)
            kinetic += inverseMass[i] * point.Momentum[i] * point.Momentum[i];
        return 0.5 * kinetic - point.LogDensity;
    }

    /// <summary>A step size at which one leap is accepted about four times in five. Hoffman &amp; Gelman (2014), algorithm 4.</summary>
    private double FirstStep()
    {
        double size = step > 0 ? step : 0.1;
        int direction = 0;
        for (int i = 0; i < 100; i++)
        {
            var point = current.Copy();
            for (int j = 0; j < m; j++)
                point.Momentum[j] = RandomNormal.Draw(random) / Math.Sqrt(inverseMass[j]);
            double before = Energy(point);
            Leap(point, size);
            double change = before - Energy(point);
            int now = change > Math.Log(0.8) ? 1 : -1;     // NaN counts as too long
            if (direction == 0)
                direction = now;
            else if (now != direction)
                break;
            size *= direction > 0 ? 2 : 0.5;
        }
        return size;
    }

    private static double[] Sum(double[] left, double[] right)
    {
        var sum = new double[left.Length];
        TensorPrimitives.Add(left, right, sum);
        return sum;
    }

    private static double LogAdd(double a, double b)
    {
        double larger = Math.Max(a, b);
        return double.IsNegativeInfinity(larger) ? larger : larger + Elementary.Log1p(Math.Exp(Math.Min(a, b) - larger));
    }

    /// <summary>A stretch of trajectory: its outer end, the momentum of its inner end, Σ p, a draw from it, ln Σ weights.</summary>
    private sealed record Tree(NutsPoint Outer, double[] Inner, double[] Momentum, NutsPoint Proposal, double LogWeight);
}
