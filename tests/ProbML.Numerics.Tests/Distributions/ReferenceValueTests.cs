using System.Linq.Expressions;

namespace ProbML.Numerics.Tests.Distributions;

/// <summary>Special functions and distributions against mpmath at 60 digits.</summary>
public class ReferenceValueTests
{
    private static readonly (Expression<Func<double>> Call, double Expected)[] cases =
    [
        (() => NormalDistribution.Cdf(-23.7), 1.8028440824724965e-124),
        (() => NormalDistribution.Cdf(-5.0), 2.8665157187919391e-7),
        (() => NormalDistribution.Cdf(-1.25), 0.10564977366685526),
        (() => NormalDistribution.Cdf(-0.3), 0.38208857781104737),
        (() => NormalDistribution.Cdf(0.6), 0.72574688224992641),
        (() => NormalDistribution.Cdf(0.7), 0.75803634777692697),
        (() => NormalDistribution.Cdf(3.0), 0.99865010196836991),
        (() => NormalDistribution.LogCdf(-1000.0), -500007.82669481218),
        (() => NormalDistribution.LogCdf(-40.0), -804.60844201375379),
        (() => NormalDistribution.LogCdf(-2.0), -3.7831843336820319),
        (() => NormalDistribution.LogCdf(0.1), -0.61650501011502629),
        (() => NormalDistribution.LogCdf(5.0), -2.8665161296376359e-7),
        (() => NormalDistribution.TwoSided(23.7), 3.605688164944993e-124),
        (() => NormalDistribution.TwoSided(1e-07), 0.99999992021154392),
        (() => NormalDistribution.Quantile(1e-300), -37.047096299361199),
        (() => NormalDistribution.Quantile(1e-20), -9.2623400897984076),
        (() => NormalDistribution.Quantile(0.001), -3.0902323061678135),
        (() => NormalDistribution.Quantile(0.025), -1.9599639845400542),
        (() => NormalDistribution.Quantile(0.3), -0.52440051270804082),
        (() => NormalDistribution.Quantile(0.975), 1.9599639845400539),

        (() => GammaFunctions.LogGamma(1e-05), 11.512919692895826),
        (() => GammaFunctions.LogGamma(0.5), 0.57236494292470009),
        (() => GammaFunctions.LogGamma(2.5), 0.28468287047291916),
        (() => GammaFunctions.LogGamma(9.99), 12.779315214350193),
        (() => GammaFunctions.LogGamma(10.01), 12.824350262448247),
        (() => GammaFunctions.LogGamma(1000.0), 5905.2204232091812),
        (() => GammaFunctions.Digamma(1e-05), -100000.57719921567),
        (() => GammaFunctions.Trigamma(1e-05), 10000000001.644908),
        (() => GammaFunctions.Digamma(0.5), -1.9635100260214235),
        (() => GammaFunctions.Trigamma(0.5), 4.9348022005446793),
        (() => GammaFunctions.Digamma(3.0), 0.92278433509846714),
        (() => GammaFunctions.Trigamma(3.0), 0.39493406684822644),
        (() => GammaFunctions.Digamma(12.0), 2.442661679975812),
        (() => GammaFunctions.Trigamma(12.0), 0.086901872871768391),
        (() => GammaFunctions.Digamma(1000000.0), 13.815510057964191),
        (() => GammaFunctions.Trigamma(1000000.0), 1.0000005000001667e-6),
        (() => 1 + GammaFunctions.StirlingError(0.3), 1 + 0.23606490074821559),
        (() => GammaFunctions.StirlingError(1.0), 0.081061466795327258),
        (() => GammaFunctions.StirlingError(7.0), 0.01189670994589177),
        (() => 1 + GammaFunctions.StirlingError(9.5), 1 + 0.0087687001341393855),
        (() => GammaFunctions.StirlingError(10.0), 0.0083305634333628713),
        (() => GammaFunctions.StirlingError(10000.0), 8.3333333305555556e-6),
        (() => GammaFunctions.LogBeta(0.5, 2.0), 0.28768207245178093),
        (() => GammaFunctions.LogBeta(100000.0, 0.5), -5.1840965395604141),
        (() => GammaFunctions.LogBeta(100000.0, 30000.0), -70230.642863246715),
        (() => GammaFunctions.LogBeta(12.0, 3.0), -6.9957661563048504),

        (() => IncompleteGamma.Upper(0.5, 300.0), 1.6741679846917878e-132),
        (() => IncompleteGamma.Lower(0.5, 300.0), 1.0),
        (() => IncompleteGamma.Upper(0.01, 1e-20), 0.36544207945100326),
        (() => IncompleteGamma.Lower(0.01, 1e-20), 0.63455792054899674),
        (() => IncompleteGamma.Upper(3.0, 2.0), 0.67667641618306346),
        (() => IncompleteGamma.Lower(3.0, 2.0), 0.32332358381693654),
        (() => IncompleteGamma.Upper(24.9, 60.0), 9.9917570337960373e-8),
        (() => IncompleteGamma.Lower(24.9, 60.0), 0.99999990008242966),
        (() => IncompleteGamma.Upper(25.1, 12.0), 0.99936612076739907),
        (() => IncompleteGamma.Lower(25.1, 12.0), 0.00063387923260092726),
        (() => IncompleteGamma.Upper(100.0, 160.0), 1.4420224505352737e-7),
        (() => IncompleteGamma.Lower(100.0, 160.0), 0.99999985579775495),
        (() => IncompleteGamma.Upper(10000.0, 9500.0), 0.99999981375453482),
        (() => IncompleteGamma.Lower(10000.0, 9500.0), 1.8624546517951551e-7),
        (() => IncompleteGamma.Upper(10000.0, 10400.0), 3.8880170573988205e-5),
        (() => IncompleteGamma.Lower(10000.0, 10400.0), 0.99996111982942601),
        (() => IncompleteGamma.Upper(30.0, 100.0), 5.8932596986614723e-17),
        (() => IncompleteGamma.Lower(30.0, 100.0), 0.99999999999999994),
        (() => IncompleteBeta.Lower(0.5, 0.5, 0.25, 0.75), 0.33333333333333333),
        (() => IncompleteBeta.Lower(2.0, 300.0, 0.03125, 0.96875), 0.99924229045233671),
        (() => IncompleteBeta.Lower(800.0, 1200.0, 0.25, 0.75), 2.8747059963550352e-49),
        (() => IncompleteBeta.Lower(50.0, 0.5, 0.5, 0.5), 9.9016889845941392e-17),

        (() => StudentT.TwoSided(2.0, 1.0), 0.29516723530086655),
        (() => StudentT.TwoSided(30.0, 28145.0), 1.1436552808379934e-194),
        (() => StudentT.TwoSided(3.5, 9.0), 0.0067235157630589563),
        (() => StudentT.TwoSided(12.0, 1000000.0), 3.5716851247650898e-33),
        (() => StudentT.TwoSided(0.001, 5.0), 0.99924078677219765),
        (() => FisherF.UpperTail(13.2, 3.0, 28145.0), 1.3124571011612361e-8),
        (() => FisherF.UpperTail(2.5, 10.0, 4.0), 0.19553318085186509),
        (() => FisherF.UpperTail(700.0, 1.0, 28151.0), 2.1883910299653207e-152),
        (() => FisherF.UpperTail(1.5, 1000.0, 800.0), 1.1474159046460755e-9),
        (() => ChiSquared.UpperTail(720.0, 4.0), 1.6273977706840338e-154),
        (() => ChiSquared.UpperTail(3.84, 1.0), 0.050043521248705103),
        (() => ChiSquared.UpperTail(0.001, 1.0), 0.97477287936996039),
        (() => ChiSquared.UpperTail(1100.0, 1000.0), 0.014614408126295194),
        (() => StudentT.Quantile(0.975, 9.0), 2.262157162798205),
        (() => StudentT.Quantile(0.975, 28145.0), 1.9600482755870504),

        (() => InverseGaussianDistribution.Cdf(0.05, 1.0), 2.0573064767017917e-5),
        (() => InverseGaussianDistribution.Cdf(1.7, 30.0), 0.99882465860680086),
        (() => InverseGaussianDistribution.Cdf(0.001, 0.05), 1.61624811186664e-12),
        (() => InverseGaussianDistribution.Cdf(50.0, 0.05), 0.99838523041548277),
        (() => InverseGaussianDistribution.Cdf(1.5, 100000.0), 1.0),
        (() => NegativeBinomialDistribution.Cdf(3.0, 2.5, 1.27), 0.73683071934364828),
        (() => NegativeBinomialDistribution.LogProbability(3.0, 2.5, 1.27), -2.1623593493689375),
        (() => NegativeBinomialDistribution.Cdf(500.0, 1000.0, 0.5), 0.52077433667836301),
        (() => NegativeBinomialDistribution.LogProbability(500.0, 1000.0, 0.5), -7.73055768021152),
        (() => NegativeBinomialDistribution.Cdf(20.0, 100.0, 10000.0), 2.6206335096799639e-22),
        (() => NegativeBinomialDistribution.LogProbability(20.0, 100.0, 10000.0), -49.915540227716563),
        (() => PoissonDistribution.Cdf(3.0, 2.5), 0.75757613313306596),
        (() => PoissonDistribution.Cdf(1000.0, 1100.0), 0.0011752305681365553),
        (() => TweedieLogDensity(1.5, 1.0, 0.5, 1.5), -1.1189340187075725),
        (() => TweedieDistribution.Cdf(1.5, 1.0, 0.5, 1.5), 0.78758974440672338),
        (() => TweedieLogDensity(0.01, 2.0, 1.0, 1.1), -28.784047985058965),
        (() => TweedieDistribution.Cdf(0.01, 2.0, 1.0, 1.1), 0.12575664255988251),
        (() => TweedieLogDensity(30.0, 10.0, 0.25, 1.75), -10.189204975465243),
        (() => TweedieDistribution.Cdf(30.0, 10.0, 0.25, 1.75), 0.99993478008262311),
        (() => TweedieLogDensity(9.0, 10.0, 0.0625, 1.25), -1.37675302977536),
        (() => TweedieDistribution.Cdf(9.0, 10.0, 0.0625, 1.25), 0.17194140676916894),
    ];

    /// <summary>Relative to the value; a tail of size e⁻ᵏ may lose another k units in the last place.</summary>
    [Fact]
    public void Values_agree_with_mpmath() => Assert.Multiple([.. cases.Select(one => (Action)(() =>
    {
        double actual = one.Call.Compile()(), exponent = Math.Abs(Math.Log(Math.Abs(one.Expected)));
        double error = Math.Abs(actual - one.Expected) / Math.Abs(one.Expected);
        Assert.True(
            error <= 1e-14 + 3e-16 * exponent, $"{one.Call.Body}: {one.Expected:R} but {actual:R}, error {error:E1}");
    }))]);

    private static double TweedieLogDensity(double y, double mean, double dispersion, double power) =>
        Families.Tweedie(power).LogLikelihood(y, MeanPoint.Of(mean), dispersion, 1);
}
