namespace FlowGen.Generator.Helpers;

/// <summary>Makes equatable arrays.</summary>
internal static class EquatableArray
{
    /// <summary>The elements of a sequence.</summary>
    public static EquatableArray<T> ToEquatableArray<T>(this IEnumerable<T> items)
        where T : IEquatable<T> => new([.. items]);
}
