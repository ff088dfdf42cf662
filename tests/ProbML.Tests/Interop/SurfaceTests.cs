using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ProbML.Interop;

/// <summary>ML.NET's members that are not public and that ProbML uses: any growth shows in review, any break here first.</summary>
public sealed class SurfaceTests
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    [Fact]
    public void Internals_used_are_those_on_the_list()
    {
        string list = Path.Combine(AppContext.BaseDirectory, "Interop", "MlNetInternals.txt");
        var used = Used(typeof(ProbabilisticTrainer).Assembly.Location);
        Assert.True(
            used.SequenceEqual(File.ReadAllLines(list)),
            "ProbML uses other internals of ML.NET than tests/ProbML.Tests/Interop/MlNetInternals.txt lists. "
            + "If that is meant, let the list be:\n" + string.Join('\n', used));
    }

    private static List<string> Used(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        var used = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var handle in metadata.TypeReferences)
            if (Resolve(metadata, handle) is { IsVisible: false } type)
                used.Add(type.FullName!);
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (Resolve(metadata, member.Parent) is not { } type)
                continue;
            string name = metadata.GetString(member.Name);
            int parameters = ParameterCount(metadata, member);
            var found = type.GetMember(name, Everything).Where(one => (one as MethodBase)?.GetParameters().Length is var n
                && (n is null || n == parameters)).ToList();
            Assert.NotEmpty(found);
            if (!type.IsVisible || found.TrueForAll(IsHidden))
                used.Add($"{type.FullName}.{name}");
        }
        return [.. used];
    }

    private static bool IsHidden(MemberInfo member) => member switch
    {
        MethodBase method => method.IsAssembly || method.IsFamilyAndAssembly,
        FieldInfo field => field.IsAssembly || field.IsFamilyAndAssembly,
        _ => false,
    };

    private static int ParameterCount(MetadataReader metadata, MemberReference member)
    {
        var signature = metadata.GetBlobReader(member.Signature);
        var header = signature.ReadSignatureHeader();
        if (header.IsGeneric)
            signature.ReadCompressedInteger();
        return header.Kind == SignatureKind.Method ? signature.ReadCompressedInteger() : 0;
    }

    /// <summary>The type of ML.NET that a handle means, or null for another's.</summary>
    private static Type? Resolve(MetadataReader metadata, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.TypeSpecification)
        {
            const byte GenericInstance = 0x15;
            var signature = metadata.GetBlobReader(
                metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
            if (signature.ReadByte() != GenericInstance)
                return null;
            signature.ReadByte();
            return Resolve(metadata, signature.ReadTypeHandle());
        }
        if (handle.Kind != HandleKind.TypeReference)
            return null;
        var type = metadata.GetTypeReference((TypeReferenceHandle)handle);
        string name = metadata.GetString(type.Name);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference)
            return Resolve(metadata, type.ResolutionScope)?.GetNestedType(name, Everything);
        if (type.ResolutionScope.Kind != HandleKind.AssemblyReference)
            return null;
        string assembly = metadata.GetString(
            metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name);
        return assembly.StartsWith("Microsoft.ML", StringComparison.Ordinal)
            ? Assembly.Load(assembly).GetType($"{metadata.GetString(type.Namespace)}.{name}")
            : null;
    }
}
