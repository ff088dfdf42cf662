namespace ProbML.GaussianProcesses;

/// <summary>What a Gaussian process for K classes keeps to predict with: immutable and thread-safe.</summary>
internal abstract class ClassPredictor
{
    /// <summary>k, for the number of features.</summary>
    public abstract Kernel Kernel { get; }

    /// <summary>K.</summary>
    public abstract int ClassCount { get; }

    /// <summary>d.</summary>
    public abstract int Features { get; }

    /// <summary>What ties classes to functions.</summary>
    public abstract string Likelihood { get; }

    /// <summary>The probabilities of the classes averaged over f, and their squares, each [m, K].</summary>
    public abstract void Predict(InputColumns x, Span<double> probabilities, Span<double> squares);

    /// <summary>The same as ONNX operators, of rows as the process sees them, [n, d].</summary>
    public abstract (OnnxReal Probabilities, OnnxReal Squares) Emit(OnnxScope scope, OnnxReal x);

    public abstract void Write(BinaryWriter writer);

    /// <exception cref="FormatException">The bytes are damaged, or of a later version.</exception>
    public static ClassPredictor Read(BinaryReader reader) => reader.ReadString() switch
    {
        SoftmaxPredictor.Name => SoftmaxPredictor.ReadBody(reader),
        OrdinalPredictor.Name => OrdinalPredictor.ReadBody(reader),
        var other => throw new FormatException($"There are no classes by '{other}': the model is damaged, or needs a later ProbML."),
    };
}
