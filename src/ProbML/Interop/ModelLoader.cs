using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ProbML;

[assembly: LoadableClass(
    typeof(ITransformer),
    typeof(ModelLoader),
    null,
    typeof(SignatureLoadModel),
    "",
    ModelLoader.LoaderSignature)]
[assembly: LoadableClass(
    typeof(IRowMapper),
    typeof(ModelLoader),
    null,
    typeof(SignatureLoadRowMapper),
    "",
    ModelLoader.LoaderSignature)]

namespace ProbML;

/// <summary>The one loader of all models: ML.NET calls it, and it calls the model's own <c>Read</c>.</summary>
internal static class ModelLoader
{
    public const string LoaderSignature = "ProbMLModel";

    private const uint FirstVersion = 0x00010001, VersionWithClasses = 0x00010002, Version = VersionWithClasses;

    /// <summary>Named by the assembly's simple name, so that later versions of the assembly load it.</summary>
    /// <remarks>Version 1.2 added the classes of a multiclass label; other models are as 1.1 reads them.</remarks>
    public static VersionInfo VersionInfo(PredictionTask task) => new(
        modelSignature: "PROBMODL",
        verWrittenCur: Version,
        verReadableCur: task == PredictionTask.MulticlassClassification ? VersionWithClasses : FirstVersion,
        verWeCanReadBack: FirstVersion,
        loaderAssemblyName: typeof(ModelLoader).Assembly.GetName().Name!,
        loaderSignature: LoaderSignature);

    /// <summary>A saved transformer; <see cref="SignatureLoadModel"/>.</summary>
    internal static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        if (ctx.Header.ModelVerReadable > Version)
            throw env.ExceptDecode(
                "The saved ProbML model was written by a later version of ProbML and needs it: "
                + "update the ProbML package.");
        ctx.CheckAtModel(VersionInfo(PredictionTask.MulticlassClassification));
        var type = new ModelType(ctx.LoadNonEmptyString(), ctx.LoadNonEmptyString());
        return (ITransformer)typeof(ModelLoader)
            .GetMethod(nameof(Load), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type.Find(env))
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [env.Register(type.Key), ctx], null)!;
    }

    /// <summary>A saved transformer bound to a schema; <see cref="SignatureLoadRowMapper"/>.</summary>
    internal static IRowMapper Create(IHostEnvironment env, ModelLoadContext ctx, DataViewSchema schema)
    {
        var transformer = (IBindable)Create(env, ctx);
        return transformer.Bind(schema);
    }

    private static ProbabilisticTransformer<TModel> Load<TModel>(IHost host, ModelLoadContext ctx)
        where TModel : class, IScoringModel<TModel>
    {
        var (envelope, model) = ModelEnvelope.Read<TModel>(host, ctx.Reader);
        return new(host, model, envelope);
    }

    /// <summary>A transformer of whatever model, seen as what binds to a schema.</summary>
    internal interface IBindable
    {
        IRowMapper Bind(DataViewSchema schema);
    }
}
