using ProbML.Reports.Facts;
using ProbML.Reports.Html;
using ProbML.Reports.Plotting;
using ProbML.Reports.Rows;
using ProbML.Vae;

namespace ProbML.Reports.Chapters;

/// <summary>An autoencoder's map of rows, and what it makes of them.</summary>
internal sealed class LatentChapter : IChapter
{
    private const int Images = 8, MostRebuilt = 2000;

    public IEnumerable<ReportSection> Write(ReportSubject subject)
    {
        if ((subject.Pipeline.Model as VaeModel ?? (subject.Pipeline.Model as VaeAnomalyModel)?.Autoencoder) is not { } vae)
            yield break;
        SampledRow[] rows = [.. (subject.Rows as PlainRows)?.Sample.Where(row => row.Features.Length == vae.FeatureCount) ?? []];
        if (rows.Length > 1)
            yield return Map(vae, rows, subject.Options);
        yield return Rebuilt(vae, rows, subject.Options);
    }

    private static ReportSection Map(VaeModel vae, SampledRow[] rows, ReportOptions options)
    {
        SampledRow[] shown = [.. rows.Take(Math.Max(2, options.MaximumPoints))];
        double[][] latent = [.. vae.LatentMean([.. shown.SelectMany(row => row.Features)], shown.Length).Select(z => (double)z).Chunk(vae.LatentSizes[0])];
        string text = "Each row at the mean of its latent vector: rows that the model takes for alike lie together.";
        if (latent[0].Length == 1)
            return new("Latent map", text, plots: [Histogram.Of("latent", "Latent means", "z", $"{Text.Count(shown.Length)} rows.", [.. latent.Select(z => z[0])], double.NaN)]);
        var (points, share) = PrincipalComponents.Of(latent);
        bool isPlane = latent[0].Length == 2;
        string what = isPlane ? "The two latent dimensions" : $"The first two principal components of {latent[0].Length} latent dimensions, {Text.Percent(share, "0.#")} of their variance";
        string kinds = shown.Any(row => row.Category is not null) ? $", coloured by {options.LabelColumnName}" : "";
        return new("Latent map", text, plots:
        [
            PicturePlots.Map(
                "latent", "Latent map", $"{what}; {Text.Count(shown.Length)} rows{kinds}.", isPlane ? "z 1" : "first component", isPlane ? "z 2" : "second component",
                [.. points.Zip(shown, (point, row) => (point.X, point.Y, row.Category))]),
        ]);
    }

    private static ReportSection Rebuilt(VaeModel vae, SampledRow[] rows, ReportOptions options)
    {
        int d = vae.FeatureCount, side = (int)Math.Round(Math.Sqrt(d));
        bool isImage = side * side == d && side >= 6;
        SampledRow[] used = [.. rows.Take(MostRebuilt)];
        double[][] rebuilt = used.Length == 0 ? [] : [.. vae.Generate(vae.LatentMean([.. used.SelectMany(row => row.Features)], used.Length), used.Length, random: null).Chunk(d)];
        var random = new Random(options.Seed);
        double[][] drawn = [.. vae.Generate(vae.SampleLatent(isImage ? Images : MostRebuilt, random), isImage ? Images : MostRebuilt, isImage ? null : random).Chunk(d)];
        var plots = new List<ReportPlot>();
        if (isImage)
        {
            plots.Add(PicturePlots.Images(
                "reconstructions", "Reconstructions", $"{(used.Length > 0 ? "Rows of the data, what the decoder makes of their latent means, and new" : "New")} images decoded from draws of the prior.",
                used.Length > 0 ? ["data", "rebuilt", "new"] : ["new"],
                used.Length > 0
                    ? [[.. used.Take(Images).Select(row => Array.ConvertAll(row.Features, v => double.IsNaN(v) ? 0 : v))], [.. rebuilt.Take(Images)], drawn]
                    : [drawn]));
        }
        var names = vae.Layout.FeatureNames;
        var shares = Enumerable.Range(0, d).Select(j => (Name: names[j], Share: Explained(used, rebuilt, j))).Where(one => double.IsFinite(one.Share)).ToArray();
        if (!isImage && shares.Length > 0)
        {
            var best = shares.OrderByDescending(one => one.Share).Take(options.MaximumDrawn).Select(one => (one.Name, one.Share, Sketch.Blue)).ToArray();
            plots.Add(RankedBars.Of(
                "reconstructions", "Variance rebuilt", "share of the variance", $"The share of each column's variance that the reconstruction explains, {best.Length} of {d} columns.", best));
        }
        if (!isImage)
            plots.AddRange(DensityChapter.Marginals(names, drawn, [.. used.Select(row => row.Features)], options));
        return new(
            "Reconstructions", "What the decoder makes of each row's latent mean, and rows it invents from draws of the prior.",
            isImage || shares.Length == 0 ? [] : [new("Columns", ["column", "share of variance rebuilt"], shares.Select(one => (IReadOnlyList<string>)[one.Name, Text.Number(one.Share)]))],
            plots);
    }

    /// <summary>1 − the mean squared error over the variance; NaN where the column does not vary.</summary>
    internal static double Explained(SampledRow[] rows, double[][] rebuilt, int j)
    {
        int[] known = [.. Enumerable.Range(0, rows.Length).Where(i => double.IsFinite(rows[i].Features[j]))];
        if (known.Length < 2)
            return double.NaN;
        double mean = known.Average(i => rows[i].Features[j]), variance = known.Average(i => Square(rows[i].Features[j] - mean));
        return variance > 0 ? 1 - known.Average(i => Square(rows[i].Features[j] - rebuilt[i][j])) / variance : double.NaN;
    }

    private static double Square(double x) => x * x;
}
