using System.Globalization;

namespace ProbML.GaussianProcesses;

/// <summary>Reads kernels: sums of products of names with arguments, such as "rbf(ard) + periodic(period=2) * linear".</summary>
internal sealed class KernelParser
{
    private static readonly string[] Names =
    [
        "rbf", "matern12", "matern32", "matern52", "rq", "periodic", "linear", "polynomial", "constant", "white",
        "changepoint", "spectral", "arccosine", "coregion",
    ];

    private readonly string text;
    private int at;

    private KernelParser(string text) => this.text = text;

    public static Kernel Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new KernelParser(text);
        var kernel = parser.Sum();
        return parser.Next == '\0' ? kernel : throw parser.Wrong($"'{parser.Next}' was not expected");
    }

    private char Next
    {
        get
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
            return at < text.Length ? text[at] : '\0';
        }
    }

    private Kernel Sum()
    {
        var kernel = Product();
        while (Take('+'))
            kernel += Product();
        return kernel;
    }

    private Kernel Product()
    {
        var kernel = Factor();
        while (Take('*'))
            kernel *= Factor();
        return kernel;
    }

    private Kernel Factor()
    {
        if (Take('('))
        {
            var inner = Sum();
            Require(')');
            return inner;
        }
        if (char.IsAsciiDigit(Next) || Next == '.')
            return new ConstantKernel { Variance = Number() };
        int start = at;
        string name = Word();
        if (!Names.Contains(name))
        {
            at = start;
            throw Wrong(name.Length == 0
                ? "A kernel was expected"
                : $"'{name}' is no kernel; there are {string.Join(", ", Names)}");
        }
        var arguments = new KernelArguments(this, start, name);
        if (Take('('))
        {
            if (name == "changepoint")
                return ChangePoint(arguments);
            if (!Take(')'))
                arguments.ReadList();
        }
        return Make(name, arguments);
    }

    private Kernel ChangePoint(KernelArguments arguments)
    {
        var before = Sum();
        Require(',');
        var after = Sum();
        if (Take(','))
            arguments.ReadList();
        else
            Require(')');
        return arguments.Done(new ChangePointKernel(before, after)
        {
            Location = arguments.Number("location", 0),
            Steepness = arguments.Number("steepness", 1),
            Dim = arguments.Integer("dim", 0),
        });
    }

    private Kernel Make(string name, KernelArguments arguments) => arguments.Done(arguments.Try<Kernel>(() => name switch
    {
        "rbf" => Stationary(new RbfKernel(), arguments),
        "matern12" => Stationary(new MaternKernel(MaternSmoothness.Half), arguments),
        "matern32" => Stationary(new MaternKernel(MaternSmoothness.ThreeHalves), arguments),
        "matern52" => Stationary(new MaternKernel(MaternSmoothness.FiveHalves), arguments),
        "rq" => Stationary(new RationalQuadraticKernel { Alpha = arguments.Number("alpha", 1) }, arguments),
        "periodic" => new PeriodicKernel
        {
            Variance = arguments.Number("variance", 1),
            Lengthscale = arguments.Number("lengthscale", 1),
            Period = arguments.Number("period", 1),
            Dims = arguments.Dims(),
        },
        "linear" => new LinearKernel
        {
            Ard = arguments.Flag("ard"), Variance = arguments.Numbers("variance", [1]), Dims = arguments.Dims(),
        },
        "polynomial" => new PolynomialKernel
        {
            Variance = arguments.Number("variance", 1),
            Offset = arguments.Number("offset", 1),
            Degree = arguments.Integer("degree", 2),
            Dims = arguments.Dims(),
        },
        "constant" => new ConstantKernel { Variance = arguments.Number("variance", 1) },
        "white" => new WhiteKernel { Variance = arguments.Number("variance", 1) },
        "spectral" => new SpectralMixtureKernel(
            arguments.Numbers("weights", [1]), arguments.Numbers("frequencies", [0.5]), arguments.Numbers("bandwidths", [0.5]))
        {
            Dims = arguments.Dims(),
        },
        "arccosine" => new ArcCosineKernel
        {
            Variance = arguments.Number("variance", 1),
            WeightVariance = arguments.Number("weight_variance", 1),
            BiasVariance = arguments.Number("bias_variance", 1),
            Order = arguments.Integer("order", 1),
            Dims = arguments.Dims(),
        },
        "coregion" => Coregionalised(arguments),
        _ => throw Wrong($"'{name}' takes other arguments"),
    }));

    private static CoregionalisationKernel Coregionalised(KernelArguments arguments)
    {
        CoregionalisationKernel usual = new(arguments.Integer("outputs", 2), arguments.Integer("rank", 1));
        return usual with
        {
            Loadings = arguments.Numbers("loadings", [.. usual.Loadings]),
            Variances = arguments.Numbers("variances", [.. usual.Variances]),
            Dim = arguments.Integer("dim", 0),
            First = arguments.Integer("first", 0),
        };
    }

    private static StationaryKernel Stationary(StationaryKernel kernel, KernelArguments arguments) => kernel with
    {
        Ard = arguments.Flag("ard"),
        Variance = arguments.Number("variance", 1),
        Lengthscale = arguments.Numbers("lengthscale", [1]),
        Dims = arguments.Dims(),
    };

    internal bool Take(char expected)
    {
        if (Next != expected)
            return false;
        at++;
        return true;
    }

    internal void Require(char expected)
    {
        if (!Take(expected))
            throw Wrong(Next == '\0' ? $"'{expected}' is missing at the end" : $"'{expected}' was expected, not '{Next}'");
    }

    internal string Word()
    {
        _ = Next;
        int start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
            at++;
        return text[start..at];
    }

    internal double Number()
    {
        _ = Next;
        int start = at;
        while (at < text.Length
            && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '.' || (text[at] is '-' or '+' && IsSign(start))))
        {
            at++;
        }
        if (double.TryParse(text.AsSpan(start, at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            return value;
        at = start;
        throw Wrong("A number was expected");
    }

    internal FormatException Wrong(string what, int? place = null) => new(
        $"{what}, at character {(place ?? at) + 1} of the kernel '{text}'.");

    /// <summary>A sign starts a number, or follows the E of its exponent.</summary>
    private bool IsSign(int start) => at == start || text[at - 1] is 'e' or 'E';
}
