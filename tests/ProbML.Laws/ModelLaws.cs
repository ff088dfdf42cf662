using System.Reflection;
using Microsoft.ML;

namespace ProbML.Laws;

/// <summary>What ML.NET's users may expect of every component, whatever its mathematics. One component, one line.</summary>
/// <remarks>A law is a public static method of a class here whose name ends in Laws, taking a <see cref="Component"/>.</remarks>
public static class ModelLaws
{
    private static readonly Dictionary<string, MethodInfo> Methods = typeof(ModelLaws).Assembly.GetTypes()
        .Where(type => type.IsAbstract && type.Name.EndsWith("Laws", StringComparison.Ordinal))
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Where(method => method.GetParameters() is [{ ParameterType: var only }] && only == typeof(Component))
        .ToDictionary(method => $"{method.DeclaringType!.Name}.{method.Name}");

    public static IEnumerable<string> All => Methods.Keys.Order(StringComparer.Ordinal);

    /// <summary>Every law with every component: the rows of a theory.</summary>
    public static IEnumerable<(string Component, string Law)> Cases(IEnumerable<Component> components) =>
        components.SelectMany(component => All.Select(law => (component.Name, law)));

    public static void Check(string law, Component component) =>
        Methods[law].Invoke(null, BindingFlags.DoNotWrapExceptions, null, [component], null);

    /// <summary>Fits a component with its usual columns, or others.</summary>
    internal static ITransformer Fit(
        this Component component, MLContext context, IDataView data, ColumnRoles? roles = null, TrainingMonitor? monitor = null) =>
        component.Create(context, new(roles ?? component.Roles, monitor)).Fit(data);

    internal static IEstimator<ITransformer> Trainer(this Component component, MLContext context, ColumnRoles? roles = null) =>
        component.Create(context, new(roles ?? component.Roles));
}
