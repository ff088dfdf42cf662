namespace ProbML;

/// <summary><see cref="IncompleteGamma"/> as ONNX operators: every branch computed, its loops only for those who need it.</summary>
internal static class OnnxIncompleteGamma
{
    private const int MostTerms = 2000;
    private const double Precision = 1e-12;

    /// <summary>P(a, x) and Q(a, x), a &gt; 0, x ≥ 0.</summary>
    public static (OnnxReal Lower, OnnxReal Upper) Tails(OnnxReal a, OnnxReal x)
    {
        var scope = x.Scope;
        var zero = 0 * (a + x);
        (a, x) = (a + zero, x.Max(MeanPoint.Smallest) + zero);
        var divergence = x.RatioExcess(a);
        var isUniform = !(a < UniformGamma.LeastShape) & (divergence < UniformGamma.MostDivergence);
        var isLeft = x < a + 1;
        var density = (a / (2 * Math.PI)).Sqrt() * (-(a * divergence) - a.StirlingError()).Exp();
        var lower = (density / a * Series(a, x, isLeft & !isUniform)).Min(1);
        var upper = density * Fraction(a, x, !isLeft & !isUniform);
        var isAbove = x > a;
        var tail = Uniform(a, isAbove, divergence);
        lower = scope.Choose(isUniform, scope.Choose(isAbove, 1 - tail, tail), scope.Choose(isLeft, lower, 1 - upper));
        upper = scope.Choose(isUniform, scope.Choose(isAbove, tail, 1 - tail), scope.Choose(isLeft, 1 - lower, upper));
        return (lower, upper);
    }

    /// <summary>The smaller tail by Temme's expansion.</summary>
    private static OnnxReal Uniform(OnnxReal a, OnnxTruth isAbove, OnnxReal divergence)
    {
        OnnxReal eta = (2 * divergence).Sqrt(), signed = a.Scope.Choose(isAbove, eta, -eta);
        var correction = UniformGamma.Correction(1 / a, signed)
            / (a.StirlingError().Exp() * (2 * Math.PI * a).Sqrt());
        return (-(a * divergence)).Exp()
            * ((eta * a.Sqrt()).ScaledTail() + a.Scope.Choose(isAbove, correction, -correction));
    }

    /// <summary>1 + x / (a + 1) + x² / ((a + 1)(a + 2)) + …</summary>
    private static OnnxReal Series(OnnxReal a, OnnxReal x, OnnxTruth needed)
    {
        var one = 0 * x + 1;
        return x.Scope.Repeat(MostTerms, [one, one, a + 1], state =>
        {
            OnnxReal term = state[0] * (x / state[2]), sum = state[1] + term;
            return ([term, sum, state[2] + 1], needed & (term > Precision * sum));
        })[1];
    }

    /// <summary>1 / (x + 1 − a − 1(1 − a) / (x + 3 − a − …)), by Lentz's method.</summary>
    private static OnnxReal Fraction(OnnxReal a, OnnxReal x, OnnxTruth needed)
    {
        OnnxReal b = x + 1 - a, first = 1 / b, zero = 0 * x;
        return x.Scope.Repeat(MostTerms, [b, zero + 1e300, first, first, zero + 1], state =>
        {
            var i = state[4];
            OnnxReal numerator = i * (a - i), next = state[0] + 2;
            OnnxReal d = 1 / (numerator * state[2] + next), c = next + numerator / state[1], change = c * d;
            return ([next, c, d, state[3] * change, i + 1], needed & ((change - 1).Abs() > Precision));
        })[3];
    }
}
