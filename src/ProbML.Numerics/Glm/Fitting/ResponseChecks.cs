using System.Globalization;

namespace ProbML.Fitting;

/// <summary>What the responses must be for a fit to make sense, said in the words of the data.</summary>
internal static class ResponseChecks
{
    /// <exception cref="InvalidOperationException">There is nothing to fit; the message says why and what to do.</exception>
    public static void Check(ResponseMoments moments, Design design, IFamily family)
    {
        CheckPossible(moments, design, family);
        string y = design.ResponseName;
        double mean = moments.ResponseMean;
        if (family is BernoulliFamily && (mean <= 0 || mean >= 1))
            throw new InvalidOperationException(
                $"All {moments.PositiveRows} rows of '{y}' are of one class, {Text(mean, design)}: there is nothing to tell "
                + "apart. Check the label column, or that the sample holds both classes.");
        if (family is not (GaussianFamily or BernoulliFamily) && mean <= 0)
            throw new InvalidOperationException(
                $"All {moments.PositiveRows} responses in '{y}' are zero: a {family.Name} mean must be positive. "
                + "Check the label column.");
    }

    /// <summary>What must hold even where a prior stands in for what the responses do not say.</summary>
    /// <exception cref="InvalidOperationException">A response is impossible, or there are none.</exception>
    public static void CheckPossible(ResponseMoments moments, Design design, IFamily family)
    {
        string y = design.ResponseName;
        if (moments.ImpossibleRow > 0)
            throw new InvalidOperationException(
                $"{Capital(family.Name)} responses must be {family.Support}, but {design.DescribeRow(moments.ImpossibleRow)} of '{y}' is "
                + $"{Text(moments.ImpossibleResponse, design)}. Remove such rows or choose another family.");
        if (moments.PositiveRows == 0)
            throw new InvalidOperationException(
                "No valid training instances found, all instances have missing features, label or weight, or weight zero.");
    }

    /// <summary>Whether <see cref="Check"/> would find nothing to say.</summary>
    public static bool CanBeFitted(ResponseMoments moments, IFamily family) =>
        moments.ImpossibleRow == 0 && moments.PositiveRows > 0 && family switch
        {
            GaussianFamily => true,
            BernoulliFamily => moments.ResponseMean is > 0 and < 1,
            _ => moments.ResponseMean > 0,
        };

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static string Text(double response, Design design) =>
        design.DescribeResponse(response) ?? response.ToString("R", CultureInfo.InvariantCulture);
}
