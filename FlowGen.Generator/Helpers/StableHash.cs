namespace FlowGen.Generator.Helpers;

/// <summary>FNV-1a: the same on every runtime, which string.GetHashCode is not.</summary>
internal static class StableHash
{
    /// <summary>The hash of a text, as eight digits.</summary>
    public static string Of(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return hash.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
    }
}
