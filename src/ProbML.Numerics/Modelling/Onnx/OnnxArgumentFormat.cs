namespace ProbML;

/// <summary>AttributeProto: a name and one of the kinds of value.</summary>
internal static class OnnxArgumentFormat
{
    public static byte[] Write(string name, object value)
    {
        var attribute = new ProtoWriter().Text(1, name);
        switch (value)
        {
            case float number: attribute.Single(2, number).Number(20, 1); break;
            case long number: attribute.Number(3, number).Number(20, 2); break;
            case string text: attribute.Text(4, text).Number(20, 3); break;
            case IEnumerable<float> numbers:
                foreach (float number in numbers)
                    attribute.Single(7, number);
                attribute.Number(20, 6);
                break;
            case IEnumerable<long> numbers:
                foreach (long number in numbers)
                    attribute.Number(8, number);
                attribute.Number(20, 7);
                break;
            case IEnumerable<string> texts:
                foreach (string text in texts)
                    attribute.Text(9, text);
                attribute.Number(20, 8);
                break;
            default:
                throw new ArgumentException($"The attribute '{name}' is a {value.GetType()}, which ONNX has not.", nameof(value));
        }
        return attribute.ToArray();
    }
}
