using System.Runtime.CompilerServices;
using FlowGen.Kernels;

namespace FlowGen.Tests.Verification;

/// <summary>The log-det of one layer is multiplied by a factor in the directions asked for.</summary>
internal sealed class LogDetFactor(IFlowProgram inner, int mutated, float factor, bool forward, bool inverse) : ProgramDecorator(inner)
{
    public override void Forward(ref Tile tile, int first, int last)
    {
        for (int layer = first; layer < last; layer++)
        {
            float[] before = Read(ref tile);
            Inner.Forward(ref tile, layer, layer + 1);
            if (forward && layer == mutated)
            {
                Scale(ref tile, before);
            }
        }
    }

    public override void Inverse(ref Tile tile, int first, int last)
    {
        for (int layer = last - 1; layer >= first; layer--)
        {
            float[] before = Read(ref tile);
            Inner.Inverse(ref tile, layer, layer + 1);
            if (inverse && layer == mutated)
            {
                Scale(ref tile, before);
            }
        }
    }

    private static float[] Read(ref Tile tile)
    {
        float[] sums = new float[2 * tile.Lanes];
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = Unsafe.Add(ref tile.LogDet, i);
        }

        return sums;
    }

    private void Scale(ref Tile tile, float[] before)
    {
        for (int i = 0; i < before.Length; i++)
        {
            ref float sum = ref Unsafe.Add(ref tile.LogDet, i);
            sum = before[i] + (factor * (sum - before[i]));
        }
    }
}

/// <summary>Something is done to the tile after a layer has run forward, inverse or backward.</summary>
internal sealed class AfterLayer(IFlowProgram inner, int mutated, TileChange? forward = null, TileChange? inverse = null, TileChange? backward = null)
    : ProgramDecorator(inner)
{
    public override void Forward(ref Tile tile, int first, int last)
    {
        for (int layer = first; layer < last; layer++)
        {
            Inner.Forward(ref tile, layer, layer + 1);
            if (layer == mutated)
            {
                forward?.Invoke(ref tile);
            }
        }
    }

    public override void Inverse(ref Tile tile, int first, int last)
    {
        for (int layer = last - 1; layer >= first; layer--)
        {
            Inner.Inverse(ref tile, layer, layer + 1);
            if (layer == mutated)
            {
                inverse?.Invoke(ref tile);
            }
        }
    }

    public override void Backward(ref Tile tile, int layer)
    {
        Inner.Backward(ref tile, layer);
        if (layer == mutated)
        {
            backward?.Invoke(ref tile);
        }
    }
}

/// <summary>A change of a tile.</summary>
internal delegate void TileChange(ref Tile tile);

/// <summary>The parts of the program are replaced.</summary>
internal sealed class Replaced(
    IFlowProgram inner, int mutated, TileChange? forward = null, TileChange? inverse = null, TileChange? backward = null) : ProgramDecorator(inner)
{
    public override void Forward(ref Tile tile, int first, int last)
    {
        for (int layer = first; layer < last; layer++)
        {
            if (layer == mutated && forward is not null)
            {
                forward(ref tile);
            }
            else
            {
                Inner.Forward(ref tile, layer, layer + 1);
            }
        }
    }

    public override void Inverse(ref Tile tile, int first, int last)
    {
        for (int layer = last - 1; layer >= first; layer--)
        {
            if (layer == mutated && inverse is not null)
            {
                inverse(ref tile);
            }
            else
            {
                Inner.Inverse(ref tile, layer, layer + 1);
            }
        }
    }

    public override void Backward(ref Tile tile, int layer)
    {
        if (layer == mutated && backward is not null)
        {
            backward(ref tile);
        }
        else
        {
            Inner.Backward(ref tile, layer);
        }
    }
}

/// <summary>The finished sums are changed.</summary>
internal sealed class FinishChanged(IFlowProgram inner, int parameter, float factor) : ProgramDecorator(inner)
{
    public override void FinishGradient(ref GradientSums sums)
    {
        Inner.FinishGradient(ref sums);
        sums.Gradient[parameter] *= factor;
    }
}

/// <summary>The parameters are prepared with two tensors' values exchanged.</summary>
internal sealed class PreparedFrom(IFlowProgram inner, int from, int to) : ProgramDecorator(inner)
{
    public override void Prepare(ref Preparation preparation)
    {
        float[] moved = preparation.Parameters.ToArray();
        (moved[from], moved[to]) = (moved[to], moved[from]);
        var exchanged = preparation;
        exchanged.Parameters = moved;
        Inner.Prepare(ref exchanged);
    }
}
