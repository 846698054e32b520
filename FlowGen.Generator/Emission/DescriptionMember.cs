using FlowGen.Generator.Helpers;
using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Emission;

/// <summary>The flow as data.</summary>
internal static class DescriptionMember
{
    /// <summary>Prints the member.</summary>
    public static void Write(IndentedTextWriter writer, FlowModel flow)
    {
        writer.Line("public static FlowDescription Description { get; } = Describe();");
        writer.Line();
        writer.Line("private static FlowDescription Describe()");
        using (writer.Braces())
        {
            string count = Literals.Of(flow.Layers.Count);
            writer.Line($"var layers = new LayerDescription[{count}];");
            writer.Line($"for (int layer = 0; layer < {count}; layer++)");
            using (writer.Braces())
            {
                writer.Line("layers[layer] = layer switch");
                using (writer.Braces(";"))
                {
                    new LayerSwitch(flow.Layers).Arms(writer, [.. flow.Layers.Select(static layer => Construct(layer.Layer, layer.Shape))]);
                }
            }

            writer.Line();
            writer.Line("string[] facts =");
            writer.Line("[");
            using (writer.Indent())
            {
                writer.Lines(flow.Facts.Select(static fact => Literals.Of(fact) + ","));
            }

            writer.Line("];");
            writer.Line($"return new FlowDescription({Literals.Of(flow.Type.DisplayName)}, {flow.Shape.Code}, Prior.{flow.Prior}, facts, layers);");
        }
    }

    /// <summary>The description of a layer.</summary>
    public static string Construct(LayerModel layer, EventShape shape)
    {
        var c = layer.Certificate;
        return $"new {layer.DescriptionType}({layer.DescriptionArguments(shape)},\n" +
            $"new LayerCertificate({Literals.Of(c.Structure)}, {Literals.Of(c.Diagonal)}, {Literals.Of(c.LogDet)}, {Literals.Of(c.Inverse)}))";
    }
}
