using ProbML.Fitting;

namespace ProbML;

public sealed partial class MultinomialModel : IOnnxModel
{
    /// <inheritdoc/>
    public OnnxValue[] Emit(IOnnxGraph graph, OnnxRows rows, ReadOnlySpan<bool> wanted = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var scope = new OnnxScope(graph);
        int classes = classNames.Length, q = Parts.Transform.Width;
        var z = Parts.Transform.Apply(scope, rows.Features);
        var slopes = new double[q * predictors];               // one column a predictor
        for (int a = 0; a < predictors; a++)
            for (int j = 0; j < q; j++)
                slopes[j * predictors + a] = Parts.Scaled[a * q + j];
        var own = z.Times(scope.Coefficients(slopes, q, predictors));
        var eta = predictors == classes ? own : scope.Join(0 * own.Columns(0), own);
        var logits = Each(scope, classes, k => Logit(eta, k, classes));
        var p = Links.Logit.Inverse(logits).Mean;
        bool more = !wanted.IsEmpty ? wanted[1..].Contains(true) : true;
        var errors = more && q > 0 ? Errors(z, own, eta, logits) : 0 * p;
        return OnnxClassScores.Fill(p, logits, errors, quantile, rows.Response, classes, wanted)
            .Finish(own.RowSum().IsFinite());
    }

    private static OnnxReal Each(OnnxScope scope, int count, Func<int, OnnxReal> column) =>
        scope.Join([.. Enumerable.Range(0, count).Select(column)]);

    /// <summary>η of a class less the logarithm of the others' sum.</summary>
    private static OnnxReal Logit(OnnxReal eta, int k, int classes) =>
        eta.Columns(k) - eta.Columns([.. Enumerable.Range(0, classes).Where(j => j != k).Select(j => (long)j)]).RowLogSumExp();

    /// <summary>The logits' standard errors by the delta method, [n, K].</summary>
    private OnnxReal Errors(OnnxReal z, OnnxReal own, OnnxReal eta, OnnxReal logits)
    {
        var scope = z.Scope;
        int classes = classNames.Length, first = classes - predictors;
        double[][] blocks = [.. SoftmaxPrediction.Blocks(Parts, predictors)];
        var variances = Variances(z, blocks);
        var pairs = Enumerable.Range(0, predictors).SelectMany(a => Enumerable.Range(0, a + 1).Select(b => (a, b))).ToList();
        var counts = scope.Constant([.. pairs.Select(pair => pair.a == pair.b ? 1.0 : 2.0)], 1, pairs.Count);
        return Each(scope, classes, k =>
        {
            var others = eta.Columns(k) - logits.Columns(k);
            var shares = -(own - others).Exp();
            double[] isOwn = [.. Enumerable.Range(0, predictors).Select(a => a + first == k ? 1.0 : 0)];
            var slope = shares.Where(!(scope.Constant(isOwn, 1, predictors) > 0), 1);
            var left = slope.Columns([.. pairs.Select(pair => (long)pair.a)]);
            var right = slope.Columns([.. pairs.Select(pair => (long)pair.b)]);
            var variance = (counts * left * right * variances).RowSum();
            return variance.Where(variance.IsFinite(), 0).Max(0).Sqrt();
        });
    }

    /// <summary>z'Cz for each of the blocks C, [n, pairs]: one product for all.</summary>
    private static OnnxReal Variances(OnnxReal z, double[][] blocks)
    {
        int q = (int)Math.Sqrt(blocks[0].Length), count = blocks.Length;
        var beside = new double[q * count * q];
        for (int k = 0; k < count; k++)
            for (int i = 0; i < q; i++)
                blocks[k].AsSpan(i * q, q).CopyTo(beside.AsSpan((i * count + k) * q));
        var scope = z.Scope;
        var products = z.Times(scope.Constant(beside, q, count * q)).Reshape(-1, count, q);
        return (products * z.Unsqueeze(1)).SumOver(2);
    }
}
