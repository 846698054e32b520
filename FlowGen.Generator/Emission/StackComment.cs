using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Emission;

/// <summary>The comment on the class: what the flow is, and why it is one.</summary>
internal static class StackComment
{
    /// <summary>Prints the comment.</summary>
    public static void Write(IndentedTextWriter writer, FlowModel flow)
    {
        var layers = flow.Layers;
        writer.Line("/// <remarks>");
        writer.Line($"/// <para>A normalizing flow on {(flow.Shape.IsImage ? $"images {flow.Shape}" : $"vectors of {Literals.Of(flow.Shape.Size)}")}, prior {flow.Prior}, {Literals.Of(layers.Count)} {(layers.Count == 1 ? "layer" : "layers")}, {Literals.Of(flow.Totals.Parameters)} trainable parameters.</para>");
        writer.Line("/// <para>Layers, data to latent:</para>");
        writer.Line("/// <list type=\"bullet\">");
        foreach (var arm in new LayerSwitch(layers).Arms([.. layers.Select(static layer => Describe(layer, layer.Layer.Caption))]))
        {
            int step = arm.Second is { } second ? second - arm.First : 0;
            string last = Literals.Of(arm.First + ((arm.Count - 1) * step));
            string numbers = arm.Count == 1 ? Literals.Of(arm.First)
                : arm.Count == 2 ? $"{Literals.Of(arm.First)}, {last}"
                : step == 1 ? $"{Literals.Of(arm.First)} to {last}"
                : $"{Literals.Of(arm.First)}, {Literals.Of(arm.First + step)}, ... {last}";
            writer.Line($"/// <item>{numbers}: {Describe(layers[arm.First], arm.Count == 1 ? layers[arm.First].Layer.Declaration : layers[arm.First].Layer.Caption)}</item>");
        }

        writer.Line("/// </list>");
        foreach (string fact in flow.Facts)
        {
            writer.Line($"/// <para>{Escape(fact)}</para>");
        }

        writer.Line("/// </remarks>");
    }

    /// <summary>Prints the comment on a class that is no flow.</summary>
    public static void Write(IndentedTextWriter writer, EquatableArray<string> errors)
    {
        writer.Line("/// <remarks>");
        writer.Line(errors.Count == 0
            ? "/// <para>No flow: an attribute of it does not compile. Code that uses it does; nothing of it runs.</para>"
            : "/// <para>No flow: its declaration has errors. Code that uses it compiles; nothing of it runs.</para>");
        if (errors.Count > 0)
        {
            writer.Line("/// <list type=\"bullet\">");
            writer.Lines(errors.Select(static id => $"/// <item>{Escape(PublicMembers.Describe(id))}</item>"));
            writer.Line("/// </list>");
        }

        writer.Line("/// </remarks>");
    }

    private static string Describe(PlacedLayer layer, string caption)
    {
        var certificate = layer.Layer.Certificate;
        return Escape(
            $"{caption}: {layer.Layer.Formula}. " +
            $"Jacobian {certificate.Structure}, diagonal {certificate.Diagonal}; log-det {certificate.LogDet}; inverse {certificate.Inverse}.");
    }

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
