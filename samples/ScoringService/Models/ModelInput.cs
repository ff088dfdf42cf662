using Microsoft.ML.Data;

namespace ProbML.Examples.Scoring;

/// <summary>What a model does with a column of its input.</summary>
internal enum InputRole
{
    /// <summary>Predictions depend on it.</summary>
    Required,

    /// <summary>The density of a known answer depends on it, and no more.</summary>
    Optional,

    /// <summary>It was there in training; in a row it is passed over.</summary>
    Unused,
}

/// <summary>A column that rows may have.</summary>
internal sealed record ModelInput(string Name, DataViewType Type, InputRole Role)
{
    /// <summary>What messages say its values must be.</summary>
    public string Wanted => Type is VectorDataViewType vector
        ? $"an array{(vector.Size > 0 ? $" of {vector.Size}" : "")}, each {CellFormat.Of(vector.ItemType)?.Wanted}"
        : CellFormat.Of(Type)?.Wanted ?? "absent";
}

/// <summary>A column of the predictions.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Slots">The names of a vector's slots, such as classes; empty where there are none.</param>
/// <param name="Needs">The optional inputs it takes, as places.</param>
internal sealed record ModelOutput(string Name, DataViewType Type, IReadOnlyList<string> Slots, IReadOnlyList<int> Needs);
