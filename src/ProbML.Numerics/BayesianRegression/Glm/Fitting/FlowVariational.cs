using System.Diagnostics;
using System.Numerics.Tensors;
using ProbML.Optimization;

namespace ProbML.Fitting;

/// <summary>The posterior of u as m + L y, y planar maps of ε ~ N(0, I), by stochastic gradients of the evidence lower bound.</summary>
/// <remarks>
/// E [ln p(u) + ln |det ∂u/∂ε|] and the entropy of ε, reparameterised: Rezende &amp; Mohamed (2015), §3–4. It begins at a normal
/// and is never worse: where the steps did not raise the bound the normal stays. The last quarter of the steps is averaged.
/// </remarks>
internal sealed class FlowVariational
{
    private const double HalfLogTwoPi = 0.91893853320467274178;
    private const int BoundDraws = 4000;

    private readonly ILogDensity density;
    private readonly FlowVariationalOptions options;
    private readonly int m, affine;
    private readonly PlanarLayer[] layers;
    private readonly double[] numbers, gradient, states, slope, at;
    private readonly double[] tangents;

    /// <param name="density">ln p.</param>
    /// <param name="options">How.</param>
    /// <param name="mean">m at the start.</param>
    /// <param name="factor">L at the start, lower triangular, [m, m].</param>
    /// <param name="random">Draws the first directions of the planar maps, which do nothing yet.</param>
    public FlowVariational(
        ILogDensity density, FlowVariationalOptions options, double[] mean, double[] factor, Random random)
    {
        (this.density, this.options, m) = (density, options, density.Dimension);
        int width = PlanarLayer.Count(m);
        layers = [.. Enumerable.Range(0, options.Layers).Select(k => new PlanarLayer(m, k * width))];
        affine = options.Layers * width;
        numbers = new double[affine + m + m * m];               // of the layers, m, L with ln Lᵢᵢ on its diagonal
        foreach (var layer in layers)
            layer.Start(numbers, random);
        mean.CopyTo(numbers.AsSpan(affine));
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j <= i; j++)
                numbers[affine + m + i * m + j] = i == j ? Math.Log(factor[i * m + i]) : factor[i * m + j];
        }
        gradient = new double[numbers.Length];
        (states, slope, at, tangents) = (new double[(options.Layers + 1) * m], new double[m], new double[m], new double[options.Layers]);
    }

    /// <summary>Draws of u, [count, m], with the bound and how the search ended.</summary>
    public (double[] Draws, double Bound, bool Converged) Run(Random random, TrainingMonitor monitor)
    {
        double[] start = [.. numbers], sum = new double[numbers.Length];
        var adam = new Adam(numbers.Length);
        int averaged = 0, seed = random.Next();
        var noise = new double[options.Draws * m];
        var watch = Stopwatch.StartNew();
        for (int step = 1; step <= options.Steps; step++)
        {
            RandomNormal.Fill(random, noise);
            Gradient(noise);
            adam.Scale(gradient, Adam.Falling(options.StepSize, step, options.Steps));
            for (int i = 0; i < m; i++)
            {
                double scale = Math.Exp(numbers[affine + m + i * m + i]);       // u and L in units of their own spread
                gradient[affine + i] *= scale;
                for (int j = 0; j < i; j++)
                    gradient[affine + m + i * m + j] *= scale;
            }
            TensorPrimitives.Add(numbers, gradient, numbers);
            monitor.Report(new("Flow", step, double.NaN, 0, watch.Elapsed) { Completed = step, Total = options.Steps });
            if (4 * step <= 3 * options.Steps)
                continue;
            averaged++;
            TensorPrimitives.Add(sum, numbers, sum);
        }
        TensorPrimitives.Divide(sum, averaged, numbers);
        var (bound, error) = Bound(new(seed));
        double[] found = [.. numbers];
        start.CopyTo(numbers, 0);
        var (normal, normalError) = Bound(new(seed));
        if (bound > normal)
            found.CopyTo(numbers, 0);
        else
            (bound, error) = (normal, normalError);
        var draws = new double[options.PosteriorDraws * m];
        Prepare();
        for (int s = 0; s < options.PosteriorDraws; s++)
        {
            RandomNormal.Fill(random, states.AsSpan(0, m));
            Forward();
            at.CopyTo(draws.AsSpan(s * m));
        }
        return (draws, bound, double.IsFinite(bound) && error < 0.5);
    }

    /// <summary>E ln p(u) + ln |det|, its mean over draws of noise, [draws, m]; its gradient is in <see cref="Slopes"/>.</summary>
    internal double Gradient(ReadOnlySpan<double> noise)
    {
        Array.Clear(gradient);
        Prepare();
        double total = 0;
        int used = 0;
        for (int s = 0; s < noise.Length / m; s++)
        {
            noise.Slice(s * m, m).CopyTo(states);
            double volume = Forward(), value = density.Evaluate(at, slope);
            if (!double.IsFinite(value) || !double.IsFinite(volume))
                continue;                                       // outside the domain
            used++;
            total += value + volume;
            Backward();
        }
        foreach (var layer in layers)
            layer.Finish(numbers, gradient);
        TensorPrimitives.Divide(gradient, Math.Max(1, used), gradient);
        for (int i = 0; i < m; i++)
            gradient[affine + m + i * m + i] += 1;              // ln |det L| = Σ ln Lᵢᵢ
        return total / used;
    }

    /// <summary>What is moved.</summary>
    internal Span<double> Numbers => numbers;

    /// <summary>The gradient of the last call.</summary>
    internal ReadOnlySpan<double> Slopes => gradient;

    private void Prepare()
    {
        foreach (var layer in layers)
            layer.Prepare(numbers);
    }

    /// <summary>u, in <see cref="at"/>, of the noise in the first state; returns ln |det ∂u/∂ε|.</summary>
    private double Forward()
    {
        double volume = 0;
        for (int k = 0; k < layers.Length; k++)
        {
            var next = states.AsSpan((k + 1) * m, m);
            states.AsSpan(k * m, m).CopyTo(next);
            volume += layers[k].Forward(numbers, next, out tangents[k]);
        }
        var y = states.AsSpan(layers.Length * m, m);
        for (int i = 0; i < m; i++)
        {
            int row = affine + m + i * m;
            at[i] = numbers[affine + i] + Math.Exp(numbers[row + i]) * y[i]
                + TensorPrimitives.Dot<double>(numbers.AsSpan(row, i), y[..i]);
            volume += numbers[row + i];
        }
        return volume;
    }

    /// <summary>From ∂ ln p/∂u, in <see cref="slope"/>, to the gradients of all numbers.</summary>
    private void Backward()
    {
        var y = states.AsSpan(layers.Length * m, m);
        Span<double> back = stackalloc double[m];
        back.Clear();
        for (int i = 0; i < m; i++)
        {
            int row = affine + m + i * m;
            double scale = Math.Exp(numbers[row + i]);
            gradient[affine + i] += slope[i];
            for (int j = 0; j < i; j++)
            {
                gradient[row + j] += slope[i] * y[j];
                back[j] += slope[i] * numbers[row + j];
            }
            gradient[row + i] += slope[i] * scale * y[i];
            back[i] += slope[i] * scale;
        }
        for (int k = layers.Length - 1; k >= 0; k--)
            layers[k].Backward(numbers, states.AsSpan(k * m, m), tangents[k], back, gradient);
    }

    /// <summary>The mean of ln p(u) − ln q(u) over draws, and its standard error.</summary>
    private (double Bound, double Error) Bound(Random random)
    {
        Prepare();
        double sum = 0, squares = 0;
        for (int s = 0; s < BoundDraws; s++)
        {
            var noise = states.AsSpan(0, m);
            RandomNormal.Fill(random, noise);
            double logNoise = -0.5 * TensorPrimitives.Dot<double>(noise, noise) - m * HalfLogTwoPi;
            double weight = Forward() - logNoise;
            weight += density.Evaluate(at, slope);
            sum += weight;
            squares += weight * weight;
        }
        double mean = sum / BoundDraws;
        return (mean, Math.Sqrt(Math.Max(0, squares / BoundDraws - mean * mean) / BoundDraws));
    }
}
