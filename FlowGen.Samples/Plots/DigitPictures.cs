using System.Globalization;
using FlowGen.Samples.Data;

namespace FlowGen.Samples.Plots;

/// <summary>Pictures of what an image flow has learned of digits.</summary>
internal static class DigitPictures
{
    private const int Columns = 11;
    private const int Rows = 5;

    /// <summary>Samples at rising temperatures, two rows each, all from the same draws.</summary>
    public static string Temperatures(IFlow flow, string path, ulong seed)
    {
        var pixels = new List<float>();
        var labels = new List<string>();
        foreach (float temperature in new[] { 0.5f, 0.7f, 0.8f, 0.9f, 1f })
        {
            pixels.AddRange(flow.Sample(2 * Columns, seed, temperature));
            labels.Add(string.Create(CultureInfo.InvariantCulture, $"T = {temperature:0.0}"));
            labels.Add("");
        }

        return Save(path, [.. pixels], labels);
    }

    /// <summary>Ways from one image to another through latent space, a row each: images 2 r and 2 r + 1 of the data at its ends.</summary>
    public static string Interpolation(IFlow flow, float[] images, string path)
    {
        float[] ends = First(images, 2 * Rows);
        float[] latents = flow.Forward(ends);
        var way = new List<float>();
        int rows = ends.Length / (2 * MnistImages.Pixels);
        for (int row = 0; row < rows; row++)
        {
            var from = latents.AsSpan(2 * row * MnistImages.Pixels, MnistImages.Pixels);
            var to = latents.AsSpan(((2 * row) + 1) * MnistImages.Pixels, MnistImages.Pixels);
            for (int step = 0; step < Columns; step++)
            {
                way.AddRange(Between(from, to, step / (Columns - 1.0)));
            }
        }

        return Save(path, flow.Inverse(way.ToArray()), []);
    }

    /// <summary>What each level of the latent holds: images, and below them the same images with one level after the other drawn anew.</summary>
    public static string Levels(IFlow flow, float[] images, string path, ulong seed)
    {
        float[] data = First(images, Columns);
        float[] latents = flow.Forward(data);
        float[] drawn = flow.Forward(flow.Sample(data.Length / MnistImages.Pixels, seed, 0.8f));
        var pixels = new List<float>(data);
        var labels = new List<string> { "images" };
        foreach (var part in flow.Engine.Description.Latents)
        {
            float[] mixed = [.. latents];
            for (int i = 0; i < data.Length / MnistImages.Pixels; i++)
            {
                part.Of(drawn, i).CopyTo(part.Of(mixed, i));
            }

            pixels.AddRange(flow.Inverse(mixed));
            labels.Add(string.Create(CultureInfo.InvariantCulture, $"level {part.Level} anew"));
        }

        return DigitGrid.Save(path, [.. pixels], MnistImages.Side, MnistImages.Side, data.Length / MnistImages.Pixels, labels);
    }

    /// <summary>
    /// The point on the great circle from one latent to another, its length between theirs: normal latents of many dimensions lie near a sphere, which straight lines
    /// leave.
    /// </summary>
    /// <param name="from">The latent at <paramref name="share"/> 0.</param>
    /// <param name="to">The latent at <paramref name="share"/> 1.</param>
    /// <param name="share">How far to go.</param>
    internal static float[] Between(ReadOnlySpan<float> from, ReadOnlySpan<float> to, double share)
    {
        double product = 0;
        double fromSquares = 0;
        double toSquares = 0;
        for (int i = 0; i < from.Length; i++)
        {
            product += (double)from[i] * to[i];
            fromSquares += (double)from[i] * from[i];
            toSquares += (double)to[i] * to[i];
        }

        double angle = Math.Acos(Math.Clamp(product / Math.Sqrt(fromSquares * toSquares), -1, 1));
        double sine = Math.Sin(angle);

        // Where there is no circle through both, or none but one, the straight line is as good.
        double first = sine > 1e-6 ? Math.Sin((1 - share) * angle) / sine : 1 - share;
        double second = sine > 1e-6 ? Math.Sin(share * angle) / sine : share;
        var between = new float[from.Length];
        for (int i = 0; i < from.Length; i++)
        {
            between[i] = (float)((first * from[i]) + (second * to[i]));
        }

        return between;
    }

    private static float[] First(float[] images, int count) => PixelNoise.Add(images.AsSpan(0, Math.Min(count * MnistImages.Pixels, images.Length)), seed: 1);

    private static string Save(string path, float[] pixels, IReadOnlyList<string> labels) => DigitGrid.Save(path, pixels, MnistImages.Side, MnistImages.Side, Columns, labels);
}
