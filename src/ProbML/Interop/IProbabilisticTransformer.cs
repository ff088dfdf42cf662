using Microsoft.ML;

namespace ProbML;

/// <summary>A fitted model of ProbML in a pipeline, whatever its type.</summary>
public interface IProbabilisticTransformer : ITransformer
{
    /// <summary>The fitted model.</summary>
    object Model { get; }

    /// <summary>What the model's columns mean to ML.NET.</summary>
    PredictionTask Task { get; }

    /// <summary>The columns it was fitted to.</summary>
    ColumnRoles Roles { get; }

    /// <summary>The names of the classes, in the order of Score's slots; empty where it is no multiclass model.</summary>
    IReadOnlyList<string> ClassNames { get; }
}
