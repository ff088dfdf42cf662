namespace ProbML;

/// <summary><see cref="IncompleteBeta"/> as ONNX operators.</summary>
internal static class OnnxIncompleteBeta
{
    private const int MostTerms = 2000;
    private const double Precision = 1e-12;

    /// <summary>Iₓ(a, b), a, b &gt; 0, with 1 − x given besides x.</summary>
    public static OnnxReal Lower(OnnxReal a, OnnxReal b, OnnxReal x, OnnxReal complement)
    {
        var scope = x.Scope;
        var zero = 0 * (a + b + x + complement);
        (a, b, x, complement) = (a + zero, b + zero, x + zero, complement + zero);
        var isDirect = !(a * complement < b * x);
        var left = Left(
            scope.Choose(isDirect, a, b), scope.Choose(isDirect, b, a),
            scope.Choose(isDirect, x, complement), scope.Choose(isDirect, complement, x));
        return scope.Choose(isDirect, left, 1 - left);
    }

    /// <summary>xᵃ (1 − x)ᵇ / B(a, b), in Loader's saddle-point form.</summary>
    private static OnnxReal Density(OnnxReal a, OnnxReal b, OnnxReal x, OnnxReal complement)
    {
        OnnxReal sum = a + b, shift = b * x - a * complement;
        var errors = sum.StirlingError() - a.StirlingError() - b.StirlingError();
        var divergence = a * (shift / a).LogExcess() + b * (-shift / b).LogExcess();
        return (a / sum * b / (2 * Math.PI)).Sqrt() * (errors - divergence).Exp();
    }

    /// <summary>Iₓ(a, b) for x ≤ a / (a + b), by the even part of the continued fraction 8.17.22.</summary>
    private static OnnxReal Left(OnnxReal a, OnnxReal b, OnnxReal x, OnnxReal complement)
    {
        var density = Density(a, b, x, complement);
        OnnxReal zero = 0 * x, one = zero + 1, lambda = a * complement - b * x;
        OnnxReal c = 1 + lambda, c0 = b / a, c1 = 1 + 1 / a, rest = complement + 1;
        OnnxReal[] start = [one, a + 1, zero, one, one, c / c1, c1 / c, one];
        var end = x.Scope.Repeat(MostTerms, start, state =>
        {
            OnnxReal p = state[0], s = state[1], n = state[7];
            OnnxReal t = n / a, w = n * (b - n) * x, e = a / s;
            var alpha = p * (p + c0) * (e * e) * (w * x);
            e = (1 + t) / (c1 + 2 * t);
            var beta = n + w / s + e * (c + n * rest);
            OnnxReal top = alpha * state[2] + beta * state[4], bottom = alpha * state[3] + beta * state[5];
            var ratio = top / bottom;
            var goOn = (density > 0) & ((ratio - state[6]).Abs() > Precision * ratio);
            return ([1 + t, s + 2, state[4] / bottom, state[5] / bottom, ratio, one, ratio, n + 1], goOn);
        });
        return (density * end[6]).Where(density > 0, 0);
    }
}
