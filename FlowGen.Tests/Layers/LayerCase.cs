using FlowGen.Kernels;
using FlowGen.Layers;

namespace FlowGen.Tests.Layers;

/// <summary>
/// A layer with its kernels, called as a generated program calls them. In front of the layer stands another one, so that no
/// offset is zero.
/// </summary>
internal sealed class LayerCase
{
    /// <summary>Where the layer's prepared weights start.</summary>
    public const int Weights = 48;

    public delegate void PreparationStep(ref Preparation p);

    public delegate void TileStep(ref Tile t);

    public delegate void GradientStep(ref GradientSums s);

    public LayerCase(LayerDescription layer, int prepared, int workRows, int sums = 0)
    {
        Layer = layer;
        Description = new FlowDescription(
            "Case", EventShape.Vector(layer.Size), Prior.StandardNormal, [], [new ActNormLayer(layer.Size, Certificate), layer]);
        PreparedFloats = Weights + prepared;
        WorkRows = workRows;
        GradientFloats = Description.TrainableCount + sums;
    }

    public static LayerCertificate Certificate { get; } = new("", "", "", "");

    public LayerDescription Layer { get; }

    public FlowDescription Description { get; }

    public int Size => Layer.Size;

    /// <summary>Where the layer's parameters start.</summary>
    public int Parameters => 2 * Size;

    /// <summary>Where the layer's buffers start.</summary>
    public int Buffers => 1;

    /// <summary>Where the sums behind the gradient start.</summary>
    public int Sums => Description.TrainableCount;

    public int PreparedFloats { get; }

    public int WorkRows { get; }

    public int GradientFloats { get; }

    public PreparationStep Prepare { get; init; } = static (ref Preparation p) => { };

    public required TileStep Forward { get; init; }

    public required TileStep Inverse { get; init; }

    public required TileStep Backward { get; init; }

    public GradientStep Finish { get; init; } = static (ref GradientSums s) => { };

    /// <summary>Draws one coordinate of the data.</summary>
    public Func<System.Random, float> Draw { get; init; } = static random => (float)(3 * (random.NextDouble() - 0.5));

    /// <summary>How far parameters are moved from where they start.</summary>
    public float Disturbance { get; init; } = 0.5f;

    /// <summary>Sets buffers that are not what the layer starts with.</summary>
    public Action<float[], System.Random> Disturb { get; init; } = static (_, _) => { };
}
