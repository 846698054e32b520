namespace FlowGen;

/// <summary>How many threads flows may use.</summary>
public static class FlowThreads
{
    private static int maximum = Environment.ProcessorCount;

    /// <summary>The most threads that one call uses, the caller's included. Results do not depend on it. The default is the number of processors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public static int Maximum
    {
        get => Volatile.Read(ref maximum);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Volatile.Write(ref maximum, value);
        }
    }
}
