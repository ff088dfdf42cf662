using System.Buffers;

namespace ProbML.DensityRatios;

public sealed partial class RatioNetworkModel
{
    /// <inheritdoc/>
    /// <remarks>One row at a time: <see cref="Score"/> is for many.</remarks>
    public double LogRatio(ReadOnlySpan<double> x)
    {
        if (x.Length != FeatureCount)
            throw new ArgumentException($"{x.Length} features were given; the model has {FeatureCount}.", nameof(x));
        float[] outputs = new float[Columns.Length];
        Score(new(1, x.Length, x.ToArray()), new(outputs, outputs.Length));
        return outputs[2];
    }

    /// <summary>min(r, τ) over its mean.</summary>
    /// <param name="logRatio">ln r.</param>
    public double Weight(double logRatio) => Statistics.Weight(logRatio);

    /// <inheritdoc/>
    public void Score(in RowBlock rows, in OutputBlock outputs)
    {
        int n = rows.Count, d = FeatureCount;
        float[] features = ArrayPool<float>.Shared.Rent(Math.Max(1, n * d)), logs = ArrayPool<float>.Shared.Rent(Math.Max(1, n));
        for (int i = 0; i < n; i++)
        {
            var x = rows.Row(i);
            for (int j = 0; j < d; j++)
                features[i * d + j] = (float)parts.Maps[j].Forward(x[j]);
        }
        if (n > 0)
            session.Run(
                n,
                [OnnxBinding.Of(FeaturesPort, features.AsMemory(0, n * d))],
                [OnnxBinding.Of(LogRatioPort, logs.AsMemory(0, n))]);
        for (int i = 0; i < n; i++)
        {
            var row = outputs.Row(i);
            double log = IsFinite(rows.Row(i)) ? logs[i] : double.NaN, odds = log + parts.LogPriorOdds;
            row[0] = (float)odds;
            row[1] = (float)(1 / (1 + Math.Exp(-odds)));
            row[2] = (float)log;
            row[3] = (float)Math.Exp(log);
            row[4] = (float)Weight(log);
        }
        ArrayPool<float>.Shared.Return(features);
        ArrayPool<float>.Shared.Return(logs);
    }

    /// <inheritdoc/>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var scope = new OnnxScope(graph);
        var x = scope.Double(rows.Features);
        var standard = (x - scope.Constant(parts.Maps.Select(map => map.Centre).ToArray(), 1, FeatureCount))
            / scope.Constant(parts.Maps.Select(map => map.Scale).ToArray(), 1, FeatureCount);
        var log = scope.Double(graph.Include(
            session.Model, new Dictionary<string, OnnxValue> { [FeaturesPort] = standard.ToSingle() })[LogRatioPort]);
        var odds = log + parts.LogPriorOdds;
        var columns = new OnnxReal?[Columns.Length];
        for (int k = 0; k < columns.Length; k++)
            if (wanted.Wants(k))
                columns[k] = k switch
                {
                    0 => odds,
                    1 => 1 / (1 + (-odds).Exp()),
                    2 => log,
                    3 => log.Exp(),
                    _ => log.Exp().Min(Statistics.MaximumRatio) / Statistics.MeanRatio,
                };
        return columns.Finish((x - x).RowSum().Is(0));
    }

    private static bool IsFinite(ReadOnlySpan<double> x)
    {
        foreach (double value in x)
            if (!double.IsFinite(value))
                return false;
        return true;
    }
}
