using System.Text;
using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Emission;

/// <summary>The names of the generated files. They do not tell upper from lower case and do not take every character, so a hash keeps the others apart.</summary>
internal static class FileNames
{
    /// <summary>Those of some types' names that differ from another in case alone.</summary>
    public static EquatableArray<string> Ambiguous(IEnumerable<string> names) =>
        names.GroupBy(static name => name, StringComparer.OrdinalIgnoreCase).Where(static group => group.Count() > 1).SelectMany(static group => group).ToEquatableArray();

    /// <summary>The name of a type's file.</summary>
    /// <param name="type">The type's metadata name with those of what it is in.</param>
    /// <param name="isAmbiguous">Whether that of another type differs in case alone.</param>
    public static string Of(string type, bool isAmbiguous)
    {
        var name = new StringBuilder(type);
        for (int i = 0; i < name.Length; i++)
        {
            if (!(char.IsLetterOrDigit(name[i]) || name[i] is '.' or '+' or '`' or '_'))
            {
                name[i] = '_';
                isAmbiguous = true;
            }
        }

        return isAmbiguous ? $"{name}-{StableHash.Of(type)}.g.cs" : $"{name}.g.cs";
    }
}
