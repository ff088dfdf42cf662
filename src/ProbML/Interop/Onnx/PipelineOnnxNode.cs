using Microsoft.ML.Model.OnnxConverter;

namespace ProbML;

/// <summary>An operator that a step of a pipeline adds: its attributes follow one by one.</summary>
internal sealed class PipelineOnnxNode(OnnxOperation operation) : OnnxNode
{
    public override void AddAttribute(string argName, double value) => operation.Add(argName, (float)value);

    public override void AddAttribute(string argName, long value) => operation.Add(argName, value);

    public override void AddAttribute(string argName, bool value) => operation.Add(argName, value ? 1L : 0);

    public override void AddAttribute(string argName, Type value) =>
        operation.Add(argName, (long)PipelineOnnxTypes.Element(value));

    public override void AddAttribute(string argName, string value) => operation.Add(argName, value);

    public override void AddAttribute(string argName, ReadOnlyMemory<char> value) =>
        operation.Add(argName, value.ToString());

    public override void AddAttribute(string argName, IEnumerable<float> value) => operation.Add(argName, value);

    public override void AddAttribute(string argName, IEnumerable<double> value) =>
        operation.Add(argName, value.Select(number => (float)number));

    public override void AddAttribute(string argName, IEnumerable<long> value) => operation.Add(argName, value);

    public override void AddAttribute(string argName, IEnumerable<bool> value) =>
        operation.Add(argName, value.Select(flag => flag ? 1L : 0));

    public override void AddAttribute(string argName, IEnumerable<string> value) => operation.Add(argName, value);

    public override void AddAttribute(string argName, string[] value) =>
        operation.Add(argName, (IEnumerable<string>)value);

    public override void AddAttribute(string argName, IEnumerable<ReadOnlyMemory<char>> value) =>
        operation.Add(argName, value.Select(text => text.ToString()));
}
