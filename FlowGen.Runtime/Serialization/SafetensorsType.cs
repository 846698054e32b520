namespace FlowGen.Serialization;

/// <summary>The element types of a safetensors file that are read.</summary>
internal enum SafetensorsType
{
    Bool,
    U8,
    I8,
    U16,
    I16,
    F16,
    BF16,
    U32,
    I32,
    F32,
    U64,
    I64,
    F64,
}

/// <summary>The names and sizes of the element types.</summary>
internal static class SafetensorsTypes
{
    private static readonly string[] Names = ["BOOL", "U8", "I8", "U16", "I16", "F16", "BF16", "U32", "I32", "F32", "U64", "I64", "F64"];

    public static string All => string.Join(", ", Names);

    public static bool TryParse(string name, out SafetensorsType type)
    {
        int index = Array.IndexOf(Names, name);
        type = (SafetensorsType)Math.Max(index, 0);
        return index >= 0;
    }

    extension(SafetensorsType type)
    {
        /// <summary>The name in the header.</summary>
        public string Name => Names[(int)type];

        /// <summary>Bytes of one element.</summary>
        public int Size => type switch
        {
            <= SafetensorsType.I8 => 1,
            <= SafetensorsType.BF16 => 2,
            <= SafetensorsType.F32 => 4,
            _ => 8,
        };
    }
}
