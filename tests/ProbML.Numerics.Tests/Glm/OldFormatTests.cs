namespace ProbML.Tests;

/// <summary>Models as versions before the sandwich covariances saved them still load, and score as they did.</summary>
public sealed class OldFormatTests
{
    private const string Glm =
        "AgAAAAEAAAAHcG9pc3NvbgNsb2cBAAAAAAAAAAAAAAAAAAAAAABmZmZmZmbuPwAAAAAAAAAAAAAAAAEAAAACeDEBeQEBAAAAAQAAAAAAAAABAA"
            + "AAy9KfbimK0j8BAAAA2MEb+Ph9+b8AAgAAAN3AmH5F8rg/xnPx/Cit1T8EAAAAO4K82oxutD+rYPtpCu6Zv6tg+2kK7pm/hOVZcqCUsz8AAAAA"
            + "AAAAAAAAAAAAAAAABQAAAAwAAAAAAAAADAAAAAAAAAAAAAAAAAAAAAsAAAAAAAAAAgAAAAIAAAAAAAAAAAAoQAAAAAAAAPA/6hU4Nqv6H0BB/J"
            + "tI7BcjQBGngDj5ihdAYdPf3TUQLcDqFTg2q/oPQAAAAAAAAPj/AAAAAAAA+P8=";

    private const string Multinomial =
        "AQAAAAMAAAABYQFiAWMAAAAAAAEAAABmZmZmZmbuPwAAAAAAAAAAAQAAAAJ4MQF5AQEAAAABAAAAAAAAAAEAAADL0p9uKYrSPwEAAADYwRv4+H"
            + "35vwAEAAAAx7epnnV45D9+OAoSAe/qP7n0ByFv/+Y/lWzjZokY+D8QAAAAS5tc3UBH7D+VWyp/4IjcP+8oPiu/G+Q/EHgNpPJt3D+VWyp/4Ijc"
            + "P3fs2s2kyew/rykVCwOf2j89DU25rjflP+8oPiu/G+Q/rykVCwOf2j9XSQ8H6XvsP3TLBq1f/tI/EHgNpPJt3D89DU25rjflP3TLBq1f/tI/g/"
            + "93yG4u8D8AAAAAAAAAAAYAAAAMAAAAAAAAAAwAAAAAAAAAAAAAAAAAAAAEAAAAAAAAAAAAKEA6JoX4asImwBtlCI6B3CnAOiaF+GrCJkA=";

    private const string Ordinal =
        "AQAAAAMAAAABYQFiAWMFbG9naXQBAAAAZmZmZmZm7j8AAAAAAAAAAAEAAAACeDEBeQEBAAAAAQAAAAAAAAABAAAAy9KfbimK0j8BAAAA2MEb+P"
            + "h9+b8AAwAAAP6V2V9KBfA/wV3qJOBT9b9o6vopHTrbPwkAAADoDfDqJDjYP3aoCvYUVsG/KGwG3rTLnT92qAr2FFbBv9LrN27sFOI/xUYOgArn"
            + "xT8obAbetMudP8VGDoAK58U/CLdxHdST2j8AAAAAAAAAAAUAAAAMAAAAAAAAAAwAAAAAAAAAAAAAAAAAAAADAAAAAAAAAAAAKEA4ZNEtUtsmwB"
            + "tlCI6B3CnAOGTRLVLbJkA=";

    private const string Tobit =
        "AQAAAAAAAAAAAAAAAAAAAAAA8H8AAwAAAAAAAAAAAAAAAAAAAAEAAABmZmZmZmbuPwAAAAAAAAAAAQAAAAJ4MQF5AQEAAAABAAAAAAAAAAEAAA"
            + "DL0p9uKYrSPwEAAADYwRv4+H35vwADAAAA8d0Xx36K8D/xslCdVBXgPyrg0V4unby/CQAAALHKXlcwy7I/+DJbHyTVeb/ztg0MxXKIv/gyWx8k"
            + "1Xm/KRvpm8Y1sz+LEsRwPkOEP/O2DQzFcoi/ixLEcD5DhD/SgHIWBmGwPwAAAAAAAAAABwAAAAwAAAAAAAAADAAAAAAAAAAAAAAAAAAAAAMAAA"
            + "AAAAAAAAAoQDeshtBVaC3A4xaIDUhHMMA3rIbQVWgtQA==";

    [Fact]
    public void A_glm_of_format_2_loads() => AssertLoads<GlmModel>(Glm, [0.9059413f, float.NaN, 1.0082649f, 0.332651f, 0f, 4f]);

    [Fact]
    public void A_multinomial_model_of_format_1_loads() => AssertLoads<MultinomialModel>(Multinomial, [0.3309451f, 0.3852989f, 0.283756f, float.NaN, 0.16472213f, 0.17278999f, 0.1700374f, 0.10321547f, 0.13044679f, 0.071379475f, 0.6800866f, 0.72367823f, 0.6712573f]);

    [Fact]
    public void An_ordinal_model_of_format_1_loads() => AssertLoads<OrdinalModel>(Ordinal, [0.32019764f, 0.41194794f, 0.26785442f, float.NaN, 0.15923361f, 0.16527146f, 0.14883754f, 0.10095647f, 0.15536961f, 0.07634608f, 0.6639428f, 0.7273572f, 0.6182175f]);

    [Fact]
    public void A_Tobit_model_of_format_1_loads() => AssertLoads<TobitModel>(Tobit, [0.8444676f, float.NaN, 0.78450036f, 0.25341535f, 0f, 2.6077678f, 0.742621f, 0.2031442f]);

    /// <param name="text">What Write wrote, fitted to x = 0 … 11.</param>
    /// <param name="expected">The outputs at x = 3.5.</param>
    private static void AssertLoads<TModel>(string text, float[] expected)
        where TModel : class, IScoringModel<TModel>
    {
        var model = VectorReference.Loaded<TModel>(Convert.FromBase64String(text));
        float[] found = VectorReference.Score(model, [[3.5]])[0];
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-6f);
        var again = VectorReference.Loaded<TModel>(VectorReference.Saved(model));
        Assert.Equal(found, VectorReference.Score(again, [[3.5]])[0]);
        Assert.Equal(model.ToString(), again.ToString());
        Assert.DoesNotContain("Standard errors:", again.ToString(), StringComparison.Ordinal);
    }
}
