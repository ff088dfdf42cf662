using ProbML.Fitting;

namespace ProbML;

/// <summary><see cref="GaussianRule"/> as ONNX operators: each row its own step, as many nodes as the widest row needs.</summary>
internal static class OnnxGaussianRule
{
    /// <summary>The nodes' numbers −K … K, [1, 2K + 1], and each row's step and last node, [n, 1].</summary>
    public static (OnnxReal Steps, OnnxReal Step, OnnxReal Side) Coarse(OnnxReal spread)
    {
        var scope = spread.Scope;
        var known = spread.Where(spread.IsFinite(), 0);
        var step = (GaussianRule.CoarseStep / known.Max(1e-300)).Max(GaussianRule.LeastCoarseStep).Min(1);
        var side = -(-(GaussianRule.CoarseReach / step)).Floor();
        var graph = scope.Graph;
        var all = graph.Node(                             // one more, for when there are no rows
            "Concat", [side.Value, graph.Constant([GaussianRule.CoarseReach], [1, 1])], OnnxArgument.Of("axis", 0));
        var most = new OnnxReal(scope, graph.Node("ReduceMax", [all], OnnxArgument.Of("keepdims", 0)));
        var steps = new OnnxReal(scope, graph.Node("Range", [(-most).Value, (most + 1).Value, graph.Constant([1.0], [])]));
        return (steps.Unsqueeze(0), step, side);
    }

    /// <summary>The weights of nodes z: h φ(z).</summary>
    public static OnnxReal Weights(OnnxReal places, OnnxReal step) => step * places.NormalDensity();
}
