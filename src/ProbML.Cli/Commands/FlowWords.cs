using System.CommandLine;
using System.CommandLine.Parsing;
using static ProbML.Cli.OptionWords;

namespace ProbML.Cli;

/// <summary>The words of <c>fit</c> that only <c>--model flow</c> has.</summary>
internal sealed class FlowWords
{
    /// <summary>What the model is called.</summary>
    public const string Name = "flow";

    private readonly Option<string> kind = Text(
        "--kind",
        "The layers of a flow: nsf (unless given: spline couplings), realnvp (affine couplings), maf (masked autoregressive), "
            + "nsf-ar (autoregressive splines), iaf (inverse autoregressive), continuous (a differential equation).");
    private readonly Option<double?> layers = VaeWords.Whole("--layers", "How many (5 unless given; of realnvp 8, of continuous 1).");
    private readonly Option<string> noise = Text(
        "--base", "A flow's base distribution: normal (unless given), learned-normal, student-t (heavy tails) or mixture (clusters).");

    private readonly Option<string[]> circular = List(
        "--circular", "A flow's columns that are angles, with their period, as 'hour=24', or the values that samples take, as 'longitude=-180:180'.");

    /// <summary>The words.</summary>
    public IReadOnlyList<Option> Own => [kind, layers, noise, circular];

    public IReadOnlyList<string> Circular(ParseResult result) => Split(result, circular);

    public string Kind(ParseResult result) => result.GetValue(kind) ?? "nsf";

    public int? Layers(ParseResult result) => (int?)result.GetValue(layers);

    public string Noise(ParseResult result) => result.GetValue(noise) ?? "normal";
}
