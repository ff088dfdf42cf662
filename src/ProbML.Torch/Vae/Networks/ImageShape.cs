namespace ProbML.Vae;

/// <summary>How a row of features is an image: channel by channel, each row by row.</summary>
internal readonly record struct ImageShape(int Channels, int Height, int Width)
{
    public int Count => Channels * Height * Width;

    /// <summary>The shape after a 3×3 convolution of stride 2 and padding 1.</summary>
    public ImageShape Halved(int channels) => new(channels, (Height + 1) / 2, (Width + 1) / 2);
}
