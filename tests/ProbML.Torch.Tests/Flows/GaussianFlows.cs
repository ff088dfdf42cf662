using MathNet.Numerics.LinearAlgebra;
using ProbML.Flows;
using TorchSharp;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests.Flows;

/// <summary>Flows with weights set so that x ~ N(μ, Σ): what they say of missing values is known exactly.</summary>
internal static class GaussianFlows
{
    public const int Dimension = 4;

    private static readonly StandardMap[] Maps = [new(170, 10), new(0.1, 0.002), new(-3, 1), new(1e4, 500)];

    /// <summary>u = A z + t by LU factors: no column has a density given those before it.</summary>
    public static FlowModel Linear()
    {
        using var bijection = new LuLinear(Dimension);
        Fill(bijection, scale: 0.4);
        return Model(bijection);
    }

    /// <summary>z_j ~ N(Σ w_jk z_k, e^{2 a_j}) over k below j: every column has.</summary>
    public static FlowModel Triangular()
    {
        using var random = new Generator(5);
        using var bijection = new Autoregressive(
            Autoregressive.NaturalOrder(Dimension), new StandardisingTransform(), new() { HiddenSizes = [] }, random);
        Fill(bijection, scale: 0.6);
        // Scales that do not depend on x: the rows of a in the weight stay 0.
        using (no_grad())
        {
            using var weight = bijection.named_parameters().Single(one => one.parameter.dim() == 2).parameter.alias();
            for (int j = 0; j < Dimension; j++)
                weight[2 * j + 1].zero_();
        }
        return Model(bijection);
    }

    /// <summary>μ and Σ of the model's rows in their own units, from its noise at d + 1 points.</summary>
    public static (Vector<double> Mean, Matrix<double> Covariance) Moments(FlowModel model)
    {
        double[] origin = Noise(model, new double[Dimension]);
        var a = Matrix<double>.Build.Dense(Dimension, Dimension);
        for (int k = 0; k < Dimension; k++)
        {
            var unit = new double[Dimension];
            unit[k] = 1;
            double[] moved = Noise(model, unit);
            for (int j = 0; j < Dimension; j++)
                a[j, k] = moved[j] - origin[j];
        }
        var inverse = a.Inverse();
        var z = inverse * Vector<double>.Build.DenseOfArray(origin) * -1;
        var scales = Matrix<double>.Build.DenseOfDiagonalArray([.. Maps.Select(map => map.Scale)]);
        return (
            Vector<double>.Build.Dense(Dimension, j => Maps[j].Inverse(z[j])),
            scales * inverse * inverse.Transpose() * scales);
    }

    /// <summary>ln p(x_o), and mean and standard deviation of what is missing given that.</summary>
    public static (double LogDensity, double[] Means, double[] Deviations) Exact(FlowModel model, double[] row)
    {
        var (mean, covariance) = Moments(model);
        int[] known = [.. Enumerable.Range(0, Dimension).Where(j => !double.IsNaN(row[j]))];
        int[] missing = [.. Enumerable.Range(0, Dimension).Except(known)];
        var off = Vector<double>.Build.Dense(known.Length, k => row[known[k]] - mean[known[k]]);
        var inner = Part(known, known);
        double logDensity = -0.5 * (off * inner.Solve(off) + Math.Log(inner.Determinant()) + known.Length * Math.Log(2 * Math.PI));
        var (means, deviations) = ((double[])row.Clone(), new double[Dimension]);
        if (missing.Length == 0)
            return (logDensity, means, deviations);
        var cross = Part(missing, known);
        var conditional = cross * inner.Solve(off);
        var rest = Part(missing, missing) - cross * inner.Solve(cross.Transpose());
        for (int k = 0; k < missing.Length; k++)
            (means[missing[k]], deviations[missing[k]]) = (mean[missing[k]] + conditional[k], Math.Sqrt(rest[k, k]));
        return (logDensity, means, deviations);

        Matrix<double> Part(int[] rows, int[] columns) =>
            Matrix<double>.Build.Dense(rows.Length, columns.Length, (i, j) => covariance[rows[i], columns[j]]);
    }

    private static double[] Noise(FlowModel model, double[] z)
    {
        float[] scores = FlowRows.Score(model, [.. z.Select((one, j) => Maps[j].Inverse(one))]);
        return [.. scores.Take(Dimension).Select(u => (double)u)];
    }

    private static void Fill(Bijection bijection, double scale)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var random = new Generator(11);
        foreach (var parameter in bijection.parameters())
            parameter.copy_(randn(parameter.shape, generator: random) * scale);
    }

    private static FlowModel Model(Bijection bijection)
    {
        using var flow = new Flow(bijection);
        return FlowNetworks.ToModel(flow, new()
        {
            FeatureNames = ["height", "share", "depth", "price"],
            Maps = Maps,
            IsCount = new bool[Dimension],
            Noise = new NormalNoise(new double[Dimension], [1, 1, 1, 1]),
            Columns = FlowColumns.LogDensity | FlowColumns.MarginalLogDensity,
            Receipt = new() { DataHash = "", Rows = 1 },
        }, TrainingMonitor.None);
    }
}
