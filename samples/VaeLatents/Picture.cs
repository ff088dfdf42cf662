using MathNet.Numerics.LinearAlgebra;
using ScottPlot;

namespace VaeLatents;

/// <summary>A PNG of images in rows, and of latent vectors by their first two principal components.</summary>
internal static class Picture
{
    private static readonly string[] RowNames = ["images", "reconstructed", "sampled", "from one to another"];

    public static void Save(string path, float[][][] rows, float[][] latent, string[] labels)
    {
        var (images, map) = (new Plot(), new Plot());
        images.Title("Originals, reconstructions, new images, interpolation");
        images.Add.Heatmap(Mosaic(rows)).Colormap = new ScottPlot.Colormaps.Grayscale();
        images.Axes.Left.SetTicks([.. Enumerable.Range(0, rows.Length).Select(r => (rows.Length - r) * 29 - 15.0)], RowNames);
        images.Axes.Bottom.SetTicks([], []);
        images.HideGrid();
        var points = Project(latent);
        map.Title("Latent means: first two principal components");
        foreach (var kind in points.Zip(labels).GroupBy(one => one.Second).OrderBy(group => group.Key))
        {
            var markers = map.Add.ScatterPoints(
                kind.Select(one => one.First.X).ToArray(), kind.Select(one => one.First.Y).ToArray());
            (markers.LegendText, markers.MarkerSize) = (kind.Key, 4);
        }
        map.ShowLegend(Edge.Right);
        images.SavePng("images.tmp", 900, 420);
        map.SavePng("map.tmp", 900, 700);
        Stack(path, "images.tmp", "map.tmp");
    }

    /// <summary>Images side by side, with a white line between them.</summary>
    private static double[,] Mosaic(float[][][] rows)
    {
        var pixels = new double[rows.Length * 29, rows[0].Length * 29];
        for (int r = 0; r < rows.Length; r++)
        {
            for (int c = 0; c < rows[r].Length; c++)
            {
                for (int i = 0; i < 784; i++)
                    pixels[r * 29 + i / 28, c * 29 + i % 28] = rows[r][c][i];
            }
        }
        return pixels;
    }

    private static (double X, double Y)[] Project(float[][] latent)
    {
        int k = latent[0].Length;
        var centred = Matrix<double>.Build.Dense(latent.Length, k, (i, j) => latent[i][j]);
        for (int j = 0; j < k; j++)
            centred.SetColumn(j, centred.Column(j) - centred.Column(j).Average());
        var vectors = (centred.TransposeThisAndMultiply(centred) / latent.Length).Evd(Symmetricity.Symmetric).EigenVectors;
        var points = centred * vectors.SubMatrix(0, k, k - 2, 2);
        return [.. Enumerable.Range(0, latent.Length).Select(i => (points[i, 1], points[i, 0]))];
    }

    private static void Stack(string path, string upper, string lower)
    {
        using var first = SkiaSharp.SKBitmap.Decode(upper);
        using var second = SkiaSharp.SKBitmap.Decode(lower);
        using var both = new SkiaSharp.SKBitmap(first.Width, first.Height + second.Height);
        using (var canvas = new SkiaSharp.SKCanvas(both))
        {
            canvas.DrawBitmap(first, 0, 0);
            canvas.DrawBitmap(second, 0, first.Height);
        }
        using var file = File.Create(path);
        both.Encode(file, SkiaSharp.SKEncodedImageFormat.Png, 100);
        File.Delete(upper);
        File.Delete(lower);
    }
}
