using static ProbML.Cli.ModelChoice;

namespace ProbML.Cli;

/// <summary>The density ratio that a request describes.</summary>
internal static class RatioChoice
{
    /// <exception cref="UsageException">A name is unknown, or options contradict each other.</exception>
    public static ModelSpec Of(FitRequest request)
    {
        CheckColumns(request);
        Check(
            request.Reference is { } other && Path.GetFullPath(other) == Path.GetFullPath(request.Data),
            $"--data and --reference are both {request.Data}: name two samples.");
        Check(request.Positive is not null && request.Reference is not null, "--positive is for --label: of two files --data is the numerator.");
        var label = request.Reference is null ? LabelKind.TwoClasses : LabelKind.File;
        if (request.Ratio.Network is not null)
        {
            TorchFit.LoadLibrary($"{RatioWords.Name} --network");
            return new RatioNetworkSpec(request.Ratio, request.Seed ?? 1, label);
        }
        try
        {
            DensityRatioOptions usual = new();
            DensityRatioOptions options = new()
            {
                Shape = Normal(request.Ratio.Shape) switch
                {
                    "auto" => null,
                    "linear" => RatioShape.Linear,
                    "quadratic" => RatioShape.Quadratic,
                    _ => throw new UsageException($"--shape is linear, quadratic or auto, not '{request.Ratio.Shape}'."),
                },
                Components = request.Ratio.Components,
                L2 = request.Ratio.L2,
                Folds = request.Ratio.CrossFit ?? usual.Folds,
                MaximumRatio = request.Ratio.MaximumRatio,
                Seed = request.Seed,
            };
            options.Validate();
            return new RatioSpec(options, label);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.ReplaceLineEndings(" "));
        }
    }
}
