using System.Globalization;

namespace FlowGen;

/// <summary>
/// One level of a multi-scale latent: what one layer sent off, or what reached the end of the stack. The latent of a flow is one flat vector
/// <c>[D]</c>; its parts follow one another in the order in which they leave the stack (Real NVP, equations 13 to 16).
/// </summary>
public sealed class LatentPart
{
    private readonly int latentSize;

    internal LatentPart(int level, LayerDescription? layer, EventShape shape, int start, int latentSize)
    {
        Level = level;
        Layer = layer;
        Shape = shape;
        Start = start;
        this.latentSize = latentSize;
    }

    /// <summary>The position among the parts, from 0: the finest level first.</summary>
    public int Level { get; }

    /// <summary>The layer that sent it off; null for what reached the end of the stack.</summary>
    public LayerDescription? Layer { get; }

    /// <summary>The shape of the part: row-major <c>[C, H, W]</c>, or <c>[D]</c>.</summary>
    public EventShape Shape { get; }

    /// <summary>Where the part begins in the latent of one sample.</summary>
    public int Start { get; }

    /// <summary>The place of the part in the latent of one sample.</summary>
    public Range Range => Start..(Start + Shape.Size);

    /// <summary>The part of one sample's latent.</summary>
    /// <param name="z">Latents <c>[N, D]</c>.</param>
    /// <param name="sample">Which of them.</param>
    /// <returns>The numbers of <see cref="Shape"/>, where they stand in <paramref name="z"/>.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of D.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public ReadOnlySpan<float> Of(ReadOnlySpan<float> z, int sample) => z.Slice(Place(z.Length, sample), Shape.Size);

    /// <summary>The part of one sample's latent, to write.</summary>
    /// <inheritdoc cref="Of(ReadOnlySpan{float}, int)"/>
    public Span<float> Of(Span<float> z, int sample) => z.Slice(Place(z.Length, sample), Shape.Size);

    /// <summary>The part of one sample's latent, to write.</summary>
    /// <inheritdoc cref="Of(ReadOnlySpan{float}, int)"/>
    public Span<float> Of(float[] z, int sample) => Of(z.AsSpan(), sample);

    /// <summary>Level, shape, place and origin, as in <c>level 0: (2, 14, 14) at 0..392, from layer 26 (Split)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"level {Level}: {Shape} at {Range}, {(Layer is null ? "from the end of the stack" : $"from layer {Layer.Index} ({Layer.Kind})")}");

    /// <summary>The parts of a stack.</summary>
    internal static List<LatentPart> Find(IReadOnlyList<LayerDescription> layers, EventShape sample, EventShape end)
    {
        var parts = new List<LatentPart>();
        foreach (var layer in layers)
        {
            var input = layer.Input;
            var output = layer.Output(input);
            if (output.Size < input.Size)
            {
                var shape = input.IsImage ? EventShape.Image(input.Channels - output.Channels, input.Height, input.Width) : EventShape.Vector(input.Size - output.Size);
                parts.Add(new LatentPart(parts.Count, layer, shape, layer.Emitted, sample.Size));
            }
        }

        parts.Add(new LatentPart(parts.Count, null, end, sample.Size - end.Size, sample.Size));
        return parts;
    }

    private int Place(int length, int sample)
    {
        (int count, int rest) = Math.DivRem(length, latentSize);
        if (rest != 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Latents have {latentSize} numbers each; z holds {length}, which is not a multiple of that."), "z");
        }

        return sample >= 0 && sample < count
            ? (sample * latentSize) + Start
            : throw new ArgumentOutOfRangeException(nameof(sample), sample, string.Create(CultureInfo.InvariantCulture, $"z holds {count} latents."));
    }
}
