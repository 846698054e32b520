namespace FlowGen;

/// <summary>The order of the coordinates of an image in which the Jacobian of a triangular layer is triangular. On a vector both are the same.</summary>
public enum TriangularOrder
{
    /// <summary>Channel by channel, in each row by row: index = (channel * height + row) * width + column. That of the authors' configurations.</summary>
    ChannelMajor,

    /// <summary>Pixel by pixel, in each channel by channel: index = (row * width + column) * channels + channel.</summary>
    PixelMajor,
}
