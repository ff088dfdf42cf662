using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace ProbML;

/// <summary>A graph loaded by ONNX Runtime, ready to run: thread-safe, one for all who score with it.</summary>
/// <remarks>
/// Keeps the file's bytes, for saving and export. One thread works on a run unless more are asked for: ML.NET scores with
/// several cursors, each on a thread of its own. The AppContext value <c>ProbML.Onnx.Threads</c> changes the default.
/// Dispose of it only when no run is under way.
/// </remarks>
public sealed class OnnxSession : IDisposable
{
    /// <summary>The name of the AppContext value that says how many threads a run may use.</summary>
    public const string ThreadsSwitch = "ProbML.Onnx.Threads";

    private const int FormatVersion = 1;

    private readonly InferenceSession session;
    private readonly RunOptions options = new();
    private readonly Dictionary<string, OnnxPort> inputs;
    private readonly Dictionary<string, OnnxPort> outputs;
    private volatile bool isDisposed;

    /// <summary>Loads a graph.</summary>
    /// <param name="model">The bytes of an ONNX file; not to be changed after.</param>
    /// <param name="threads">How many threads a run may use; null: as the AppContext value says, or one.</param>
    /// <exception cref="FormatException">ONNX Runtime cannot load it; the message says why.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are less than one threads.</exception>
    public OnnxSession(ReadOnlyMemory<byte> model, int? threads = null)
    {
        if (threads is int given)
            ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(threads));
        Model = model;
        Threads = threads ?? DefaultThreads;
        session = Load(model, Threads);
        inputs = session.InputMetadata.ToDictionary(pair => pair.Key, pair => Port(pair.Key, pair.Value));
        outputs = session.OutputMetadata.ToDictionary(pair => pair.Key, pair => Port(pair.Key, pair.Value));
        Inputs = [.. session.InputNames.Select(name => inputs[name])];
        Outputs = [.. session.OutputNames.Select(name => outputs[name])];
    }

    /// <summary>The bytes of the file.</summary>
    public ReadOnlyMemory<byte> Model { get; }

    /// <summary>How many threads a run may use.</summary>
    public int Threads { get; }

    /// <summary>What must be given.</summary>
    public IReadOnlyList<OnnxPort> Inputs { get; }

    /// <summary>What it computes.</summary>
    public IReadOnlyList<OnnxPort> Outputs { get; }

    private static int DefaultThreads => AppContext.GetData(ThreadsSwitch) switch
    {
        int number and >= 1 => number,
        string text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1
            => number,
        _ => 1,
    };

    /// <summary>Runs the graph on a block of rows. Any number of threads may do so at once.</summary>
    /// <param name="rows">The number of rows, n.</param>
    /// <param name="from">Every input, by name.</param>
    /// <param name="to">The outputs that are wanted, by name.</param>
    /// <exception cref="ArgumentException">There is no such input or output, or its memory is not of the rows' size.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime could not run it; the message says why.</exception>
    public void Run(int rows, ReadOnlySpan<OnnxBinding> from, ReadOnlySpan<OnnxBinding> to)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        var given = new List<OrtValue>(from.Length);
        var wanted = new List<OrtValue>(to.Length);
        try
        {
            string[] givenNames = Open(rows, from, inputs, given), wantedNames = Open(rows, to, outputs, wanted);
            session.Run(options, givenNames, given, wantedNames, wanted);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidOperationException($"ONNX Runtime could not score {rows} rows: {e.Message}", e);
        }
        finally
        {
            foreach (var value in given.Concat(wanted))
                value.Dispose();
        }
    }

    /// <summary>Writes the file's bytes with a version and their length, as <see cref="Read"/> reads them.</summary>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FormatVersion);
        writer.Write(Model.Length);
        writer.Write(Model.Span);
    }

    /// <summary>Reads what <see cref="Write"/> wrote, and loads it.</summary>
    /// <exception cref="FormatException">The bytes are damaged, of a later version, or ONNX Runtime cannot load them.</exception>
    public static OnnxSession Read(BinaryReader reader, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ReadVersion(FormatVersion, "ONNX graph");
        int length = reader.ReadInt32();
        if (length < 0 || reader.BaseStream.CanSeek && length > reader.BaseStream.Length - reader.BaseStream.Position)
            throw new FormatException("The ONNX graph has been cut short: its bytes cannot be as many as it says.");
        byte[] bytes = reader.ReadBytes(length);
        return bytes.Length == length
            ? new(bytes, threads)
            : throw new FormatException("The ONNX graph has been cut short.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        session.Dispose();
        options.Dispose();
    }

    private static InferenceSession Load(ReadOnlyMemory<byte> model, int threads)
    {
        using var settings = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            bool isWhole = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(model, out var segment)
                && segment.Offset == 0 && segment.Count == segment.Array!.Length;
            return new InferenceSession(isWhole ? segment.Array! : model.ToArray(), settings);
        }
        catch (OnnxRuntimeException e)
        {
            throw new FormatException(
                $"The ONNX graph ({model.Length} bytes) cannot be loaded by ONNX Runtime: {e.Message} "
                + "Copy the file again from where it was saved, or export or fit the model again.", e);
        }
    }

    private static OnnxPort Port(string name, NodeMetadata node) =>
        new(name, (OnnxElement)(int)node.ElementDataType, [.. node.Dimensions.Select(size => (long)size)]);

    private static string[] Open(
        int rows, ReadOnlySpan<OnnxBinding> bindings, Dictionary<string, OnnxPort> ports, List<OrtValue> opened)
    {
        var names = new string[bindings.Length];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = bindings[i].Name;
            if (!ports.TryGetValue(names[i], out var port))
                throw new ArgumentException(
                    $"The graph has no '{names[i]}'; it has {string.Join(", ", ports.Keys)}.", nameof(bindings));
            opened.Add(bindings[i].Open(rows, port.Shape));
        }
        return names;
    }
}
