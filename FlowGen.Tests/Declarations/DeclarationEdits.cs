using System.Text.RegularExpressions;

namespace FlowGen.Tests.Declarations;

/// <summary>Changes to the layers of a declaration.</summary>
internal static class DeclarationEdits
{
    /// <summary>Puts a layer somewhere behind what the data needs.</summary>
    public static RandomDeclaration Insert(RandomDeclaration declaration, System.Random random, string layer) =>
        InsertAt(declaration, random.Next(First(declaration), declaration.Layers.Count + 1), layer);

    /// <summary>Puts a layer that keeps the shape somewhere, but not before a logit, which takes what is before it.</summary>
    public static RandomDeclaration InsertSound(RandomDeclaration declaration, System.Random random, string layer)
    {
        int first = First(declaration);
        var places = Enumerable.Range(first, declaration.Layers.Count + 1 - first)
            .Where(position => position == declaration.Layers.Count || !declaration.Layers[position].StartsWith("Logit", StringComparison.Ordinal)).ToList();
        int position = places[random.Next(places.Count)];
        var shapes = declaration.Shapes.ToList();
        if (shapes.Count > 0)
        {
            shapes.Insert(position, declaration.ShapeAt(position));
        }

        return InsertAt(declaration, position, layer) with { Shapes = shapes };
    }

    /// <summary>Puts a layer somewhere where the shape is as told; null if it nowhere is.</summary>
    public static RandomDeclaration? InsertWhere(RandomDeclaration declaration, System.Random random, Func<FlowGen.Generator.Model.EventShape, bool> fits, string layer)
    {
        int first = First(declaration);
        var places = Enumerable.Range(first, declaration.Layers.Count + 1 - first).Where(position => fits(declaration.ShapeAt(position))).ToList();
        return places.Count == 0 ? null : InsertAt(declaration, places[random.Next(places.Count)], layer);
    }

    /// <summary>Puts another layer in the place of the first that matches; null if none does.</summary>
    public static RandomDeclaration? Replace(RandomDeclaration declaration, Regex what, string by)
    {
        int at = declaration.Layers.ToList().FindIndex(layer => what.IsMatch(layer));
        return at < 0 ? null : declaration with { Layers = [.. declaration.Layers.Take(at), by, .. declaration.Layers.Skip(at + 1)] };
    }

    private static int First(RandomDeclaration declaration) =>
        declaration.Layers.TakeWhile(static l => l.StartsWith("Dequantize", StringComparison.Ordinal) || l.StartsWith("Logit", StringComparison.Ordinal)).Count();

    private static RandomDeclaration InsertAt(RandomDeclaration declaration, int position, string layer)
    {
        var layers = declaration.Layers.ToList();
        layers.Insert(position, layer);
        return declaration with { Layers = layers };
    }
}
