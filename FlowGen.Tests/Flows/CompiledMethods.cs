using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Reflection.Emit;

namespace FlowGen.Tests.Flows;

/// <summary>
/// What this process compiles from here on, and how well, as the runtime tells. (Its log to a file, <c>DOTNET_JitStdOutFile</c>, is closed at exit under the hands of threads that still compile, which ends one process in ten with a
/// signal.)
/// </summary>
internal sealed class CompiledMethods : EventListener
{
    /// <summary>Not optimised, as there is too much of it.</summary>
    public const int Minimal = 1;

    /// <summary>Optimised from the start.</summary>
    public const int Optimized = 2;

    /// <summary>Not optimised until it has been called often enough.</summary>
    public const int Quick = 3;

    private const EventKeywords Compiler = (EventKeywords)0x10;

    private const int FirstBitOfTier = 7;

    private readonly ConcurrentQueue<CompiledMethod> methods = new();

    /// <summary>All methods that were compiled until now.</summary>
    /// <exception cref="TimeoutException">The runtime did not report the last of them, which is made here, within a minute.</exception>
    public IReadOnlyCollection<CompiledMethod> All(CancellationToken cancellation)
    {
        // Events come later than what they tell of, but in order.
        string last = $"Last{Guid.NewGuid():N}";
        var method = new DynamicMethod(last, typeof(int), []);
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldc_I4_1);
        code.Emit(OpCodes.Ret);
        _ = method.CreateDelegate<Func<int>>()();
        for (int tries = 0; !methods.Any(known => known.Name.EndsWith(last, StringComparison.Ordinal)); tries++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (tries == 600)
            {
                throw new TimeoutException($"{methods.Count} methods were reported, but not {last}, which was compiled after them.");
            }

            Thread.Sleep(100);
        }

        return methods;
    }

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Verbose, Compiler);
        }
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData is { EventName: { } name, PayloadNames: { } names, Payload: { } values } && name.StartsWith("MethodLoadVerbose", StringComparison.Ordinal))
        {
            object? Value(string field) => values[names.IndexOf(field)];
            int tier = (int)(((uint)Value("MethodFlags")! >> FirstBitOfTier) & 7);
            methods.Enqueue(new CompiledMethod($"{Value("MethodNamespace")}:{Value("MethodName")}", tier));
        }
    }
}
