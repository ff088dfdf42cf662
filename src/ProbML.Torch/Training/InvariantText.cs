using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ProbML;

/// <summary>Options as text that is the same in every culture and tells unequal options apart, their lists too.</summary>
/// <remarks>A record prints its numbers in the current culture, and of a list the name of its type.</remarks>
internal static class InvariantText
{
    /// <summary>A value, each element of a list, each property of a record.</summary>
    public static string Of(object? value) => value switch
    {
        null => "",
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IDictionary pairs => Listed("{", pairs.Keys.Cast<object>().Select(key => $"{Of(key)} = {Of(pairs[key])}").Order(StringComparer.Ordinal), "}"),
        IEnumerable list => Listed("[", list.Cast<object>().Select(Of), "]"),
        _ when IsPlainRecord(value.GetType()) => value.GetType().Name + " " + Listed(
            "{ ",
            value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .OrderBy(property => property.Name, StringComparer.Ordinal)
                .Select(property => $"{property.Name} = {Of(property.GetValue(value))}"),
            " }"),
        _ => Of(value.ToString),
    };

    /// <summary>A text made while numbers print as in no country.</summary>
    public static string Of(Func<string?> print)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return print() ?? "";
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Listed(string open, IEnumerable<string> parts, string close) => open + string.Join(", ", parts) + close;

    /// <summary>Whether it prints as the compiler made it print.</summary>
    private static bool IsPlainRecord(Type type) =>
        type.GetMethod(nameof(ToString), Type.EmptyTypes)!.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);
}
