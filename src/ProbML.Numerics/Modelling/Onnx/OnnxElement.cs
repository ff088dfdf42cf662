using System.Diagnostics.CodeAnalysis;

namespace ProbML;

/// <summary>The types of an ONNX tensor's elements, with the numbers that the standard gives them.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "They are types, and these are their names.")]
public enum OnnxElement
{
    /// <summary>32-bit floating point, "float".</summary>
    Single = 1,

    /// <summary>8-bit unsigned.</summary>
    Byte = 2,

    /// <summary>8-bit signed.</summary>
    SByte = 3,

    /// <summary>16-bit unsigned.</summary>
    UInt16 = 4,

    /// <summary>16-bit signed.</summary>
    Int16 = 5,

    /// <summary>32-bit signed.</summary>
    Int32 = 6,

    /// <summary>64-bit signed.</summary>
    Int64 = 7,

    /// <summary>Text.</summary>
    String = 8,

    /// <summary>True or false.</summary>
    Boolean = 9,

    /// <summary>64-bit floating point.</summary>
    Double = 11,

    /// <summary>32-bit unsigned.</summary>
    UInt32 = 12,

    /// <summary>64-bit unsigned.</summary>
    UInt64 = 13,
}
