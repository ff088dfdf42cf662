using System.Reflection;
using Microsoft.ML.Runtime;

namespace ProbML;

/// <summary>How a saved model names its type: by a stable key and the assembly's simple name, never by a CLR name.</summary>
internal sealed record ModelType(string Key, string Assembly)
{
    public override string ToString() => $"'{Key}' of assembly '{Assembly}'";

    /// <exception cref="ArgumentException">The type has no key, or shares it.</exception>
    public static ModelType Of<TModel>()
        where TModel : class, IScoringModel<TModel> => Names<TModel>.Type;

    /// <summary>The class that carries the key.</summary>
    /// <exception cref="FormatException">There is no such assembly or class; the message says what to do.</exception>
    public Type Find(IExceptionContext host)
    {
        var found = WithKey(Load(host), Key);
        return found.Count == 1
            ? found[0]
            : throw host.ExceptDecode(
                $"Assembly '{Assembly}' has {(found.Count == 0 ? "no" : "more than one")} model with the key '{Key}'. "
                + "The model may have been saved by a later version of it: update the package that contains it.");
    }

    private Assembly Load(IExceptionContext host)
    {
        var loaded = AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(one => one.GetName().Name == Assembly);
        if (loaded is not null)
            return loaded;
        try
        {
            return System.Reflection.Assembly.Load(new AssemblyName(Assembly));
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or ArgumentException)
        {
            throw host.ExceptDecode(
                $"The saved model {this} needs the assembly '{Assembly}', which cannot be loaded: {e.Message} "
                + "Reference the package or project that contains it.");
        }
    }

    private static List<Type> WithKey(Assembly assembly, string key) =>
        [.. Types(assembly).Where(type => type.GetCustomAttribute<ModelKeyAttribute>()?.Key == key && IsModel(type))];

    private static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return e.Types.OfType<Type>();       // some other type of it lacks what it needs
        }
    }

    private static bool IsModel(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        && type.GetInterfaces().Any(face =>
            face.IsGenericType
            && face.GetGenericTypeDefinition() == typeof(IScoringModel<>)
            && face.GenericTypeArguments[0] == type);

    private static class Names<TModel>
        where TModel : class, IScoringModel<TModel>
    {
        public static ModelType Type { get; } = Create(typeof(TModel));

        private static ModelType Create(Type type)
        {
            string? key = type.GetCustomAttribute<ModelKeyAttribute>()?.Key;
            if (string.IsNullOrEmpty(key))
                throw new ArgumentException($"{type} needs a [ModelKey(\"...\")], the name it is saved under.");
            if (WithKey(type.Assembly, key).Count != 1)
                throw new ArgumentException($"{type} shares its model key '{key}', or is generic. Keys must differ.");
            return new(key, type.Assembly.GetName().Name!);
        }
    }
}
