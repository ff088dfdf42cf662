using System.Text;

namespace ProbML.GaussianProcesses;

/// <summary>A hyperparameter of a fitted Gaussian process.</summary>
/// <param name="Name">Its name, such as "lengthscale[2]" or "noise_variance".</param>
/// <param name="Value">Its value, of features and target as the process sees them.</param>
/// <param name="OwnUnit">
/// The same in the unit of the feature (lengthscales, periods) or of the response (noise variance, mean); null: it has none of its own.
/// </param>
/// <param name="Feature">The feature that it is about; null: several, or none.</param>
public sealed record GaussianProcessHyperparameter(string Name, double Value, double? OwnUnit = null, string? Feature = null);

/// <summary>Reads hyperparameters off a fit.</summary>
internal static class FittedHyperparameters
{
    public static IReadOnlyList<GaussianProcessHyperparameter> Of(GaussianProcessFit fit, string[] features)
    {
        var kernel = fit.Posterior.Kernel;
        var (scaling, all) = (fit.Scaling, new List<GaussianProcessHyperparameter>());
        var free = kernel.FreeParameters();
        var names = kernel.ParameterNames;
        var places = Features(kernel, features.Length);
        for (int k = 0; k < names.Count; k++)
        {
            bool isLocation = HyperparameterRules.Kind(names[k]) == "location";
            double value = HyperparameterRules.IsPositive(HyperparameterRules.Kind(names[k])) ? Math.Exp(free[k]) : free[k];
            double? own = places[k] < 0 ? null
                : isLocation ? scaling.Shift[places[k]] + scaling.Scale[places[k]] * value
                : scaling.Scale[places[k]] * value;
            all.Add(new(names[k], value, own, places[k] < 0 ? null : features[places[k]]));
        }
        double scale = scaling.TargetScale;
        foreach (var (name, value) in fit.Likelihood.NamedParameters)
            all.Add(new(name, value, fit.Likelihood is GaussianNoise ? value * scale * scale : null));
        double mean = fit.Posterior.MeanConstant;
        all.Add(new("mean_constant", mean, scaling.TargetShift + scale * mean));
        return all;
    }

    public static void Append(IReadOnlyList<GaussianProcessHyperparameter> all, StringBuilder text)
    {
        int width = all.Max(one => one.Name.Length);
        text.Append(' ', width).AppendLine("        Value  In own unit");
        foreach (var one in all)
        {
            string own = one.OwnUnit is { } value ? GlmTable.Number(value) : "";
            text.AppendLine($"{one.Name.PadRight(width)} {GlmTable.Number(one.Value),12} {own,12}  {one.Feature}".TrimEnd());
        }
    }

    /// <summary>The feature whose unit each parameter of a kernel has; −1: none.</summary>
    private static int[] Features(Kernel kernel, int features)
    {
        int[] places = new int[kernel.ParameterCount];
        places.AsSpan().Fill(-1);
        switch (kernel)
        {
            case StationaryKernel stationary:
                int count = stationary.Dims?.Count ?? features;
                if (stationary.Lengthscale.Count == count)
                {
                    for (int d = 0; d < count; d++)
                        places[1 + d] = stationary.Dims?[d] ?? d;
                }
                break;
            case PeriodicKernel periodic when (periodic.Dims?.Count ?? features) == 1:
                places[2] = periodic.Dims?[0] ?? 0;
                break;
            case ChangePointKernel change:
                places[0] = change.Dim;
                Fill(2, change.Before, change.After);
                break;
            case CompositeKernel composite:
                Fill(0, [.. composite.Parts]);
                break;
        }
        return places;

        void Fill(int from, params ReadOnlySpan<Kernel> parts)
        {
            foreach (var part in parts)
            {
                Features(part, features).CopyTo(places.AsSpan(from));
                from += part.ParameterCount;
            }
        }
    }
}
