using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Emission;

/// <summary>Objects that a program makes once and keeps: shapes whose preparation would take too long in every call.</summary>
internal sealed class SharedObjects
{
    private readonly List<(string Type, string Construction)> objects = [];

    /// <summary>The name of the field that holds an object.</summary>
    /// <param name="type">Its class.</param>
    /// <param name="construction">The arguments that it is made with.</param>
    public string Name(string type, string construction)
    {
        int index = objects.IndexOf((type, construction));
        if (index < 0)
        {
            index = objects.Count;
            objects.Add((type, construction));
        }

        return $"{type}{Literals.Of(index)}";
    }

    /// <summary>Prints the fields.</summary>
    public void Write(IndentedTextWriter writer)
    {
        foreach (var (type, construction) in objects)
        {
            writer.Line();
            writer.Line($"private static readonly {type} {Name(type, construction)} = new({construction});");
        }
    }
}
