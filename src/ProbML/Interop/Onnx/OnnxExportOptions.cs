namespace ProbML;

/// <summary>What an ONNX file of a pipeline takes and gives.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The columns the file takes; null: those that its outputs need, so no label.</summary>
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>The columns it gives; null: those that the last step adds, less <c>LogDensity</c>, which needs the label.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>The version of the operator set, 9 to 12.</summary>
    public int Opset { get; init; } = 12;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Opset, Math.Clamp(Opset, 9, 12), nameof(Opset));
        Check(Inputs, nameof(Inputs));
        Check(Outputs, nameof(Outputs));
        if (Outputs is { Count: 0 })
            throw new ArgumentException("No outputs are named. Name at least one, or leave them to the pipeline.", nameof(Outputs));
    }

    private static void Check(IReadOnlyList<string>? names, string option)
    {
        if (names is not null && names.CountBy(name => name).FirstOrDefault(name => name.Value > 1).Key is { } twice)
            throw new ArgumentException($"The column '{twice}' is named twice.", option);
    }
}
