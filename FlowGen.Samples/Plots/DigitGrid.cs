using SkiaSharp;

namespace FlowGen.Samples.Plots;

/// <summary>Many small grey images as one picture.</summary>
internal static class DigitGrid
{
    private const int Scale = 2;
    private const int Gap = 2;
    private const float TextSize = 13;

    /// <summary>Writes images row by row.</summary>
    /// <param name="path">The PNG.</param>
    /// <param name="pixels">The images <c>[N, height * width]</c>, 0 black to 255 white; what lies outside is clipped.</param>
    /// <param name="height">The height of one image.</param>
    /// <param name="width">The width of one image.</param>
    /// <param name="columns">How many images stand in a row.</param>
    /// <param name="labels">What stands at the left of each row; empty for nothing.</param>
    /// <exception cref="Data.SampleException">The file cannot be written.</exception>
    public static string Save(string path, float[] pixels, int height, int width, int columns, params IReadOnlyList<string> labels)
    {
        int count = pixels.Length / (height * width);
        int rows = (count + columns - 1) / columns;
        using var font = new SKFont(FigureFont.Typeface, TextSize);
        int margin = labels.Count == 0 ? 0 : (int)labels.Max(label => font.MeasureText(label)) + 14;
        using var bitmap = new SKBitmap(margin + (columns * ((width * Scale) + Gap)) + Gap, (rows * ((height * Scale) + Gap)) + Gap, SKColorType.Gray8, SKAlphaType.Opaque);
        bitmap.Erase(new SKColor(64, 64, 64));
        Write(bitmap, labels, font, height);
        Span<byte> target = bitmap.GetPixelSpan();
        for (int i = 0; i < count; i++)
        {
            int top = Gap + (i / columns * ((height * Scale) + Gap));
            int left = margin + Gap + (i % columns * ((width * Scale) + Gap));
            for (int y = 0; y < height * Scale; y++)
            {
                for (int x = 0; x < width * Scale; x++)
                {
                    float value = pixels[(i * height * width) + (y / Scale * width) + (x / Scale)];
                    target[((top + y) * bitmap.RowBytes) + left + x] = float.IsNaN(value) ? (byte)0 : (byte)Math.Clamp(value, 0, 255);
                }
            }
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        Figure.Write(path, () =>
        {
            using var file = File.Create(path);
            data.SaveTo(file);
        });
        return path;
    }

    private static void Write(SKBitmap bitmap, IReadOnlyList<string> labels, SKFont font, int height)
    {
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { Color = SKColors.White, IsAntialias = true };
        for (int row = 0; row < labels.Count; row++)
        {
            float middle = Gap + (row * ((height * Scale) + Gap)) + (height * Scale / 2f);
            canvas.DrawText(labels[row], 7, middle + (TextSize * 0.35f), font, paint);
        }
    }
}
