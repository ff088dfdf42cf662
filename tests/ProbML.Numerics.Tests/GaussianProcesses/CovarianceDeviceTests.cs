using ProbML.GaussianProcesses;

namespace ProbML.Numerics.Tests.GaussianProcesses;

/// <summary>Exact fits and conjugate gradients ask the device they are given, and go by what it says.</summary>
public sealed class CovarianceDeviceTests
{
    private static readonly double[] rows = [.. Enumerable.Range(0, 80).Select(i => 3 * Math.Sin(12.9898 * (i + 1)))];
    private static readonly double[] response = [.. Enumerable.Range(0, 40).Select(i => Math.Sin(rows[2 * i]) + 0.2 * Math.Cos(31.0 * i))];

    [Fact]
    public void An_exact_fit_is_computed_by_the_device()
    {
        var device = new CountingDevice();
        var options = new GaussianProcessOptions { Seed = 1, Restarts = 1, RestartRows = 25 };
        var managed = Fit(options);
        var fitted = Fit(options with { Device = device });
        Assert.Equal(managed.Summary.LogMarginalLikelihood, fitted.Summary.LogMarginalLikelihood);     // the same managed code beneath
        Assert.Equal(managed.Summary.LeaveOneOutLogDensity, fitted.Summary.LeaveOneOutLogDensity);
        Assert.Equal(managed.Hyperparameters.Select(one => one.Value), fitted.Hyperparameters.Select(one => one.Value));
        Assert.Equal(managed.PredictLatentMean(rows), fitted.PredictLatentMean(rows));
        Assert.Equal(fitted.Summary.Evaluations + 1, device.Counts.Factors);                           // and that of the posterior
        Assert.Equal(1, device.Counts.Lowers);                                                         // the search copies none
        Assert.Equal([25, 40], device.Counts.Opened);
        Assert.Equal(0, device.Counts.Open);
    }

    [Fact]
    public void Where_the_device_cannot_factorise_a_jitter_is_tried()
    {
        var device = new CountingDevice { LeastJitterPart = 1e-9 };
        string? warning = null;
        var monitor = new TrainingMonitor { Warning = message => warning = message };
        var fitted = Fit(new() { Seed = 1, Restarts = 0, Optimize = false, Device = device }, monitor);
        Assert.Equal(4, device.Counts.Factors);                                                        // 0, 1e-12, 1e-10, 1e-8
        Assert.InRange(fitted.Summary.Jitter, 1e-9, 1e-7);
        Assert.Contains("had to be added", warning);
        var searched = Fit(new() { Seed = 1, Restarts = 0, Device = device }, monitor);
        Assert.InRange(searched.Summary.Jitter, 1e-9, 1e-7);
        var error = Assert.Throws<InvalidOperationException>(
            () => Fit(new() { Optimize = false, Device = new CountingDevice { LeastJitterPart = 1 } }));
        Assert.Contains("not positive definite", error.Message);
        Assert.Equal(0, device.Counts.Open);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(1000)]
    public void Conjugate_gradients_multiply_on_the_device(int restartRows)
    {
        var device = new CountingDevice();
        var options = new GaussianProcessOptions
        {
            Seed = 2, Restarts = 0, RestartRows = restartRows,
            Inference = new ConjugateGradientInference { Steps = 3, Tolerance = 1e-10, SearchTolerance = 1e-9, PreconditionerRank = 5 },
        };
        var managed = Fit(options);
        var fitted = Fit(options with { Device = device });
        Assert.Equal(managed.Summary.LogMarginalLikelihood, fitted.Summary.LogMarginalLikelihood, 1e-8);
        foreach (var (one, two) in managed.PredictLatentMean(rows).Zip(fitted.PredictLatentMean(rows)))
            Assert.Equal(one, two, 1e-8);
        Assert.True(device.Counts.Products > 3);
        Assert.Equal(restartRows < 40 ? 3 : 0, device.Counts.Gradients);
        Assert.Equal(0, device.Counts.Open);
    }

    [Fact]
    public void A_failing_device_leaves_nothing_open()
    {
        var device = new CountingDevice { Fails = true };
        Assert.Throws<InsufficientMemoryException>(() => Fit(new() { Device = device }));
        Assert.Throws<InsufficientMemoryException>(() => Fit(new() { Device = device, Inference = new ConjugateGradientInference() }));
        Assert.Equal(0, device.Counts.Open);
    }

    [Fact]
    public void Other_inferences_refuse_a_device()
    {
        var device = new CountingDevice();
        foreach (var options in (GaussianProcessOptions[])
            [
                new() { Device = device, Inference = new SparseVariationalInference() },
                new() { Device = device, Inference = new StochasticVariationalInference() },
                new() { Device = device, Likelihood = GaussianProcessLikelihood.Poisson },
                new() { Device = device, Likelihood = GaussianProcessLikelihood.Heteroscedastic() },
            ])
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProcessFitter(options));
            Assert.Equal(nameof(GaussianProcessOptions.Device), error.ParamName);
            Assert.Contains("Leave Device out", error.Message);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianProcessClassFitter(["a", "b"], new() { Device = device }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OrdinalGaussianProcessFitter(["a", "b"], new() { Device = device }));
    }

    private static GaussianProcessModel Fit(GaussianProcessOptions options, TrainingMonitor? monitor = null) =>
        new GaussianProcessFitter(options).Fit(new MatrixDesign(rows, response), monitor ?? TrainingMonitor.None);
}

/// <summary>What a device was asked for.</summary>
internal sealed class DeviceCounts
{
    public List<int> Opened { get; } = [];

    public int Open { get; set; }

    public int Factors { get; set; }

    public int Lowers { get; set; }

    public int Products { get; set; }

    public int Gradients { get; set; }
}

/// <summary>A device made of the managed code, which counts.</summary>
internal sealed record CountingDevice : CovarianceDevice
{
    public DeviceCounts Counts { get; } = new();

    /// <summary>It calls nothing positive definite that has less jitter.</summary>
    public double LeastJitterPart { get; init; }

    public bool Fails { get; init; }

    public override CovarianceMatrix Open(InputColumns x, TrainingMonitor? monitor = null) => new Matrix(this, x);

    private sealed class Matrix : CovarianceMatrix
    {
        private readonly CountingDevice device;

        public Matrix(CountingDevice device, InputColumns x)
            : base(x)
        {
            this.device = device;
            device.Counts.Opened.Add(x.Rows);
            device.Counts.Open++;
        }

        public override CovarianceFactor? Factor(Kernel kernel, ReadOnlySpan<double> noise, double jitterPart)
        {
            device.Counts.Factors++;
            if (device.Fails)
                throw new InsufficientMemoryException("none");
            if (jitterPart < device.LeastJitterPart)
                return null;
            return ManagedFactor.Of(kernel, X, noise, jitterPart, new double[X.Rows * X.Rows], null, 1) is { } factor
                ? new Counted(device.Counts, factor)
                : null;
        }

        public override double[] Multiply(Kernel kernel, ReadOnlySpan<double> noise, ReadOnlySpan<double> b, int columns)
        {
            device.Counts.Products++;
            if (device.Fails)
                throw new InsufficientMemoryException("none");
            return new KernelOperator(kernel, X, noise.ToArray(), 1).Multiply(b.ToArray(), columns, TrainingMonitor.None);
        }

        public override double[] Gradient(Kernel kernel, ReadOnlySpan<double> a, ReadOnlySpan<double> b, int columns)
        {
            device.Counts.Gradients++;
            var gradient = new double[kernel.ParameterCount];
            double[] own = new double[X.Features], weights = new double[X.Rows];
            for (int i = 0; i < X.Rows; i++)
            {
                Array.Clear(weights);
                for (int j = 0; j < X.Rows; j++)
                    for (int s = 0; s < columns; s++)
                        weights[j] += a[i * columns + s] * b[j * columns + s];
                X.CopyRow(i, own);
                kernel.AddGradient(new KernelRow(own, X, 0, X.Rows, self: i), weights, gradient);
            }
            return gradient;
        }

        protected override void Dispose(bool disposing)
        {
            device.Counts.Open--;
            base.Dispose(disposing);
        }
    }

    private sealed class Counted(DeviceCounts counts, ManagedFactor factor) : CovarianceFactor
    {
        private bool isFreed;

        public override double Jitter => factor.Jitter;

        public override double LogDeterminant => factor.LogDeterminant;

        public override void Solve(Span<double> b) => factor.Solve(b);

        public override double[] Gradient(ReadOnlySpan<double> alpha, Span<double> inverseDiagonal) => factor.Gradient(alpha, inverseDiagonal);

        public override void InverseDiagonal(Span<double> values)
        {
            ObjectDisposedException.ThrowIf(isFreed, this);
            factor.InverseDiagonal(values);
        }

        public override double[] Lower()
        {
            ObjectDisposedException.ThrowIf(isFreed, this);
            counts.Lowers++;
            return factor.Lower();
        }

        protected override void Dispose(bool disposing)
        {
            isFreed = true;
            base.Dispose(disposing);
        }
    }
}

internal static class LatentMeans
{
    public static double[] PredictLatentMean(this GaussianProcessModel model, double[] rows)
    {
        var mean = new double[rows.Length / 2];
        model.PredictLatent(rows, mean, default);
        return mean;
    }
}
