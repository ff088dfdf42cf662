using System.Numerics;

namespace ProbML;

/// <summary>Rational approximations to Φ(x) − ½ and to e^(x²/2)(1 − Φ(x)), of numbers and of ONNX tensors.</summary>
/// <remarks>
/// Cody (1969), Rational Chebyshev Approximations for the Error Function, Math. Comp. 23; checked with mpmath:
/// relative error below 6e-16.
/// </remarks>
internal static class Cody
{
    /// <summary>Up to where <see cref="Central"/> serves.</summary>
    public const double Middle = 0.67448975;

    /// <summary>Up to where <see cref="ScaledTail"/> serves, √32.</summary>
    public const double RootThirtyTwo = 5.656854249492380195206754896838792314278687501508;

    public static T Central<T>(T x)
        where T : IAdditionOperators<T, T, T>, IAdditionOperators<T, double, T>, IMultiplyOperators<T, T, T>,
            IMultiplyOperators<T, double, T>, IDivisionOperators<T, T, T>
    {
        T s = x * x;
        T top = (((s * 0.065682337918207449113 + 2.2352520354606839287) * s + 161.02823106855587881) * s
            + 1067.6894854603709582) * s + 18154.981253343561249;
        T bottom = (((s + 47.20258190468824187) * s + 976.09855173777669322) * s
            + 10260.932208618978205) * s + 45507.789335026729956;
        return x * top / bottom;
    }

    /// <summary>e^(y²/2)(1 − Φ(y)), y from <see cref="Middle"/> to <see cref="RootThirtyTwo"/>.</summary>
    public static T ScaledTail<T>(T y)
        where T : IAdditionOperators<T, T, T>, IAdditionOperators<T, double, T>, IMultiplyOperators<T, T, T>,
            IMultiplyOperators<T, double, T>, IDivisionOperators<T, T, T>
    {
        T top = (((((((y * 1.0765576773720192317e-8 + 0.39894151208813466764) * y + 8.8831497943883759412) * y
            + 93.506656132177855979) * y + 597.27027639480026226) * y + 2494.5375852903726711) * y
            + 6848.1904505362823326) * y + 11602.651437647350124) * y + 9842.7148383839780218;
        T bottom = (((((((y + 22.266688044328115691) * y + 235.38790178262499861) * y
            + 1519.377599407554805) * y + 6485.558298266760755) * y + 18615.571640885098091) * y
            + 34900.952721145977266) * y + 38912.003286093271411) * y + 19685.429676859990727;
        return top / bottom;
    }

    /// <summary>What y e^(y²/2)(1 − Φ(y)) is below 1/√(2π), over s = 1/y², y beyond <see cref="RootThirtyTwo"/>.</summary>
    public static T Far<T>(T s)
        where T : IAdditionOperators<T, T, T>, IAdditionOperators<T, double, T>, IMultiplyOperators<T, T, T>,
            IMultiplyOperators<T, double, T>, IDivisionOperators<T, T, T>
    {
        T top = ((((s * 0.02307344176494017303 + 0.21589853405795699) * s + 0.1274011611602473639) * s
            + 0.022235277870649807) * s + 0.001421619193227893466) * s + 2.9112874951168792e-5;
        T bottom = ((((s + 1.28426009614491121) * s + 0.468238212480865118) * s
            + 0.0659881378689285515) * s + 0.00378239633202758244) * s + 7.29751555083966205e-5;
        return top / bottom;
    }

    /// <summary>e^(y²/2)(1 − Φ(y)), y beyond <see cref="Middle"/>.</summary>
    public static double Tail(double y)
    {
        if (y <= RootThirtyTwo)
            return ScaledTail(y);
        double s = 1 / (y * y);
        return (NormalDistribution.InverseRootTwoPi - s * Far(s)) / y;
    }
}
