using FlowGen.Kernels;
using Xunit;

namespace FlowGen.Tests.Kernels;

public sealed class PlanesTests
{
    public static TheoryData<int, int, int, PixelSet> Images
    {
        get
        {
            var data = new TheoryData<int, int, int, PixelSet>();
            foreach ((int height, int width, int radius) in ((int, int, int)[])[(1, 1, 1), (1, 5, 2), (3, 2, 0), (7, 7, 1), (4, 16, 1), (5, 37, 2)])
            {
                foreach (PixelSet pixels in Enum.GetValues<PixelSet>())
                {
                    data.Add(height, width, radius, pixels);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void PixelsOfOneColour_AreReadAndTheirGradientsReturned(int height, int width, int radius, PixelSet pixels)
    {
        var shape = new PlaneShape(height, width, radius);
        int count = height * width;
        int lanes = TileGeometry.PadTile(count);
        TileFixture fixture = new(lanes, stateRows: 5, workRows: (shape.Floats(3) / lanes) + 1);
        float[] gradientBefore = fixture.GradState.Span.ToArray();
        Tile tile = fixture.Tile();
        Rows rows = Rows.State(1, 2, 2);
        Planes.Load(ref tile, shape, rows, 0, pixels);
        float[] planes = fixture.Work.Span.ToArray();
        fixture.GradWork.Span[..shape.Floats(2)].Fill(3);
        Planes.AddGradient(ref tile, shape, rows, 0, pixels);
        fixture.AssertGuards();

        float[] expectedPlanes = new float[shape.Floats(2)];
        float[] expectedGradient = gradientBefore;
        for (int channel = 0; channel < 2; channel++)
        {
            for (int pixel = 0; pixel < count; pixel++)
            {
                (int row, int column) = Math.DivRem(pixel, width);
                bool read = pixels == PixelSet.All || (row + column) % 2 == (pixels == PixelSet.Odd ? 1 : 0);
                int place = ((1 + (2 * channel)) * lanes) + pixel;
                expectedPlanes[shape.Lead + (channel * shape.Size) + (row * shape.Stride) + column] = read ? fixture.State[place] : 0;
                expectedGradient[place] += read ? 3 : 0;
            }
        }

        Assert.Equal(expectedPlanes, planes[..expectedPlanes.Length]);
        Assert.Equal(expectedGradient, fixture.GradState.Span.ToArray());
    }

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(1, 5, 1)]
    [InlineData(16, 16, 1)]
    [InlineData(28, 28, 2)]
    [InlineData(40, 3, 3)]
    public void EveryTap_StaysWithinThePlanes(int height, int width, int radius)
    {
        var shape = new PlaneShape(height, width, radius);
        int reach = radius * (shape.Stride + 1);
        Assert.True(shape.Lead >= reach);
        Assert.True(shape.Lead + (2 * shape.Size) + shape.Lanes + reach <= shape.Floats(3));
        Assert.True(shape.Extent + reach <= shape.Size, "the border of a plane reaches into the next");
        Assert.All((int[])[shape.Lead, shape.Size, shape.Slack, shape.Lanes, shape.Floats(3)], static floats => Assert.Equal(0, floats % 16));
    }
}
