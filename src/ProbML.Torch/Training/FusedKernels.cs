using TorchSharp;
using static TorchSharp.torch;

namespace ProbML;

/// <summary>Operations on all parameters at once that TorchSharp has no method for, reached through TorchScript.</summary>
/// <remarks>
/// The text is constant and each function is covered by a test: a script that names an unknown operator ends the process.
/// </remarks>
internal static class FusedKernels
{
    private const string Source =
        """
        def adam(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor], lr: float, beta1: float, beta2: float, decay: float, eps: float):
          torch._foreach_add_(t, 1.0)
          torch._fused_adam_(p, g, m, v, [], t, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
          return t[0]

        def adamw(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor], lr: float, beta1: float, beta2: float, decay: float, eps: float):
          torch._foreach_add_(t, 1.0)
          torch._fused_adamw_(p, g, m, v, [], t, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
          return t[0]

        def sgd(p: List[Tensor], g: List[Tensor], b: List[Tensor], lr: float, momentum: float, decay: float, nesterov: bool, first: bool):
          torch._fused_sgd_(p, g, b, weight_decay=decay, momentum=momentum, lr=lr, dampening=0.0, nesterov=nesterov, maximize=False, is_first_step=first)
          return p[0]

        def norm(g: List[Tensor]):
          return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(g)))

        def clip(g: List[Tensor], norm: Tensor, limit: float):
          torch._foreach_mul_(g, torch.clamp(limit / (norm + 1e-6), max=1.0))
          return norm

        def average(a: List[Tensor], p: List[Tensor], share: float):
          torch._foreach_lerp_(a, p, share)
          return a[0]


        """;

    private static readonly Lazy<jit.CompilationUnit> Unit = new(() => jit.compile(Source.ReplaceLineEndings("\n")));

    public static void Adam(AdamOptimizer rule, AdamLists lists, double learningRate, double decay) =>
        Run(
            rule.DecoupledWeightDecay ? "adamw" : "adam",
            lists.Parameters, lists.Gradients, lists.Means, lists.Squares, lists.Steps,
            learningRate, rule.Beta1, rule.Beta2, decay, rule.Epsilon).Dispose();

    public static void Sgd(
        SgdOptimizer rule, Tensor[] parameters, Tensor[] gradients, Tensor[] buffers, double rate, double decay, bool first) =>
        Run(
            "sgd", parameters, gradients, buffers, rate, rule.Momentum, decay, rule.Nesterov, first).Dispose();

    /// <summary>The length of all gradients as one vector, a scalar.</summary>
    public static Tensor Norm(Tensor[] gradients) => Run("norm", [gradients]);

    /// <summary>Scales gradients of this length down to a limit.</summary>
    public static void Clip(Tensor[] gradients, Tensor norm, double limit) =>
        Run("clip", gradients, norm, limit).Dispose();

    /// <summary>a ← a + share (p − a).</summary>
    public static void Average(Tensor[] averages, Tensor[] parameters, double share) =>
        Run("average", averages, parameters, share).Dispose();

    /// <summary>Numbers go in as Scalars of our own: those that TorchSharp makes of them may be finalized while they are in use.</summary>
    private static Tensor Run(string function, params object[] arguments)
    {
        object[] given = [.. arguments.Select(one => one is double number ? number.ToScalar() : one)];
        try
        {
            return (Tensor)Unit.Value.invoke(function, given);
        }
        finally
        {
            foreach (var scalar in given.OfType<Scalar>())
                scalar.Dispose();
        }
    }

    /// <summary>The lists that Adam works on, of equal length.</summary>
    public readonly record struct AdamLists(
        Tensor[] Parameters, Tensor[] Gradients, Tensor[] Means, Tensor[] Squares, Tensor[] Steps);
}
