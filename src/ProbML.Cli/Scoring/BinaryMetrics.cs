using System.Text.Json.Nodes;
using ProbML.GaussianProcesses;

namespace ProbML.Cli;

/// <summary>How well probabilities tell two classes apart, and whether they come true as often as they say.</summary>
internal sealed class BinaryMetrics(Scorer scorer)
{
    private const int Bins = 10;
    private readonly int? logDensity = scorer.PlaceOrNull(ColumnNames.LogDensity);
    private readonly int score = scorer.Place(ColumnNames.Score);
    private readonly List<(double Eta, bool IsTrue, double Weight)> scores = [];
    private readonly double[] binWeight = new double[Bins], binProbability = new double[Bins], binTrue = new double[Bins];
    private long positives;
    private double weights, correct, loss, brier, density;

    public void Add(in RowBlock block, ReadOnlySpan<float> outputs, int columns)
    {
        for (int i = 0; i < block.Count; i++)
        {
            bool isTrue = block.Response[i] > 0.5;
            double w = block.Weight(i);
            if (w == 0)
                continue;
            var (eta, p, complement, surprise) = scorer.Model.Model is HierarchicalModel hierarchical
                ? Of(hierarchical.Predict(block, i), isTrue)
                : At(block.Row(i), block.Offset(i), outputs[(i * columns) + score], isTrue);
            double miss = isTrue ? complement : p;
            scores.Add((eta, isTrue, w));
            positives += isTrue ? 1 : 0;
            weights += w;
            correct += w * (p > 0.5 == isTrue ? 1 : 0);
            loss += w * surprise;
            brier += w * miss * miss;
            density += w * (logDensity is { } place ? outputs[(i * columns) + place] : -surprise);
            int bin = Math.Min(Bins - 1, (int)(p * Bins));
            binWeight[bin] += w;
            binProbability[bin] += w * p;
            binTrue[bin] += isTrue ? w : 0;
        }
    }

    /// <summary>η, P(true), P(false) and −ln P(label), in double precision where the model gives it.</summary>
    private (double Eta, double Probability, double Complement, double Surprise) At(
        ReadOnlySpan<double> features, double offset, float odds, bool isTrue)
    {
        if (scorer.Model.Model is BayesianGlmModel bayes)
            return Of(bayes.Predict(features, offset), isTrue);
        if (scorer.Model.Model is GaussianProcessModel process)
        {
            var at = process.Predict(features, offset);
            return (at.Latent, at.Mean, 1 - at.Mean, -Math.Log(isTrue ? at.Mean : 1 - at.Mean));
        }
        if (scorer.Model.Model is not GlmModel model)        // a density ratio, whose Score is its log odds
            return (odds, 1 / (1 + Math.Exp(-odds)), 1 / (1 + Math.Exp(odds)), Elementary.Softplus(isTrue ? -odds : odds));
        double eta = model.LinearPredictor(features, offset).Eta;
        var point = model.Link.Inverse(eta);
        return (eta, point.Mean, point.Complement, model.Family.UnitDeviance(isTrue ? 1 : 0, point) / 2);
    }

    private static (double Eta, double Probability, double Complement, double Surprise) Of(PredictiveDistribution at, bool isTrue) =>
        (at.LinearPredictor, at.Mean, 1 - at.Mean, -at.LogDensity(isTrue ? 1 : 0));

    public JsonObject Report() => new()
    {
        ["rows"] = scores.Count,
        ["sum_of_weights"] = Metric.Number(weights),
        ["positives"] = positives,
        ["negatives"] = scores.Count - positives,
        ["auc"] = Metric.Number(AreaUnderCurve()),
        ["accuracy"] = Metric.Number(correct / weights),
        ["log_loss"] = Metric.Number(loss / weights),
        ["deviance"] = Metric.Number(2 * loss),
        ["brier_score"] = Metric.Number(brier / weights),
        ["calibration_error"] = Metric.Number(
            Enumerable.Range(0, Bins).Sum(b => Math.Abs(binProbability[b] - binTrue[b])) / weights),
        ["calibration_bins"] = Bins,
        ["mean_log_density"] = Metric.Number(density / weights),
    };

    /// <summary>The probability that a positive has the larger score, a tie counting one half; NaN without both.</summary>
    private double AreaUnderCurve()
    {
        scores.Sort((left, right) => left.Eta.CompareTo(right.Eta));
        double below = 0, wins = 0, up = 0;
        for (int start = 0, end; start < scores.Count; start = end)
        {
            double tiedUp = 0, tiedDown = 0;
            for (end = start; end < scores.Count && scores[end].Eta == scores[start].Eta; end++)
            {
                if (scores[end].IsTrue)
                    tiedUp += scores[end].Weight;
                else
                    tiedDown += scores[end].Weight;
            }
            wins += tiedUp * (below + tiedDown / 2);
            below += tiedDown;
            up += tiedUp;
        }
        return wins / (up * below);
    }
}
