namespace ProbML.GaussianProcesses;

/// <summary>The arguments of one kernel in text: flags, numbers and lists of numbers, each used once.</summary>
internal sealed class KernelArguments(KernelParser parser, int start, string kernel)
{
    private readonly Dictionary<string, double[]> given = [];
    private readonly HashSet<string> used = [];

    /// <summary>Reads up to the closing parenthesis.</summary>
    public void ReadList()
    {
        do
        {
            string name = parser.Word();
            if (name.Length == 0)
                throw parser.Wrong($"An argument of '{kernel}' was expected");
            if (!given.TryAdd(name, parser.Take('=') ? Values() : []))
                throw parser.Wrong($"'{name}' is given twice");
        }
        while (parser.Take(','));
        parser.Require(')');
    }

    public bool Flag(string name)
    {
        if (!given.TryGetValue(name, out double[]? values))
            return false;
        used.Add(name);
        return values.Length == 0 ? true : throw parser.Wrong($"'{name}' of '{kernel}' has no value", start);
    }

    public double Number(string name, double usual)
    {
        var values = Numbers(name, [usual]);
        return values.Count == 1 ? values[0] : throw parser.Wrong($"'{name}' of '{kernel}' is one number", start);
    }

    public int Integer(string name, int usual)
    {
        double value = Number(name, usual);
        return value == Math.Floor(value) && Math.Abs(value) < 1e9
            ? (int)value
            : throw parser.Wrong($"'{name}' of '{kernel}' is a whole number", start);
    }

    public KernelVector<double> Numbers(string name, double[] usual)
    {
        if (!given.TryGetValue(name, out double[]? values))
            return KernelVector.Create<double>(usual);
        used.Add(name);
        return values.Length > 0
            ? KernelVector.Create<double>(values)
            : throw parser.Wrong($"'{name}' of '{kernel}' needs a value", start);
    }

    public KernelVector<int>? Dims() => given.ContainsKey("dims")
        ? KernelVector.Create<int>([.. Numbers("dims", []).Select(value => (int)value)])
        : null;

    /// <summary>Says where a value out of its range stands.</summary>
    public T Try<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException e)
        {
            throw parser.Wrong($"The arguments of '{kernel}' do not do: {e.Message}", start);
        }
    }

    /// <summary>The kernel, if every argument that was given was used.</summary>
    public Kernel Done(Kernel made)
    {
        string? unknown = given.Keys.FirstOrDefault(name => !used.Contains(name));
        return unknown is null ? made : throw parser.Wrong($"'{kernel}' has no argument '{unknown}'", start);
    }

    private double[] Values()
    {
        if (!parser.Take('['))
            return [parser.Number()];
        var values = new List<double>();
        do
            values.Add(parser.Number());
        while (parser.Take(','));
        parser.Require(']');
        return [.. values];
    }
}
