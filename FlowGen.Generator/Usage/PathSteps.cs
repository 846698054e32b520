using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FlowGen.Generator.Usage;

/// <summary>What the operations of a block do to what is known of the locals, in the order in which they run.</summary>
internal sealed class PathSteps
{
    private readonly HashSet<ISymbol> tracked;
    private readonly Func<INamedTypeSymbol, FlowFacts?> factsOf;

    // What the compiler keeps aside while it evaluates an expression; what it keeps on one of several paths is not known afterwards.
    private readonly Dictionary<CaptureId, IOperation> captures;

    /// <summary>Prepares the steps of a method.</summary>
    /// <param name="tracked">The locals that nobody else can reach (not captured by a lambda or a local function, and no references), and the parameters that keep their value.</param>
    /// <param name="factsOf">What is known of a flow.</param>
    /// <param name="graph">The method's paths.</param>
    public PathSteps(HashSet<ISymbol> tracked, Func<INamedTypeSymbol, FlowFacts?> factsOf, ControlFlowGraph graph)
    {
        this.tracked = tracked;
        this.factsOf = factsOf;
        captures = graph.Blocks
            .SelectMany(static block => block.Operations)
            .SelectMany(static operation => operation.DescendantsAndSelf())
            .OfType<IFlowCaptureOperation>()
            .GroupBy(static capture => capture.Id)
            .Where(static group => group.Count() == 1)
            .ToDictionary(static group => group.Key, static group => FlowCall.Unwrap(group.Single().Value));
    }

    /// <summary>The same steps, told to nobody.</summary>
    public PathSteps(PathSteps other)
    {
        tracked = other.tracked;
        factsOf = other.factsOf;
        captures = other.captures;
    }

    /// <summary>A call of an uninitialised flow: the call, the local that holds it (null if none does), and what it may be.</summary>
    public Action<FlowCall, ILocalSymbol?, Readiness>? Evaluated { get; set; }

    /// <summary>Told of what is wrong with what a call is given.</summary>
    public ReportUsage? Report { get; set; }

    /// <summary>Runs the operations of a block.</summary>
    public void Run(BasicBlock block, PathState state)
    {
        foreach (var operation in block.Operations)
        {
            Visit(operation, state);
        }

        if (block.BranchValue is { } value)
        {
            Visit(value, state);
        }
    }

    /// <summary>The locals that operations mention.</summary>
    public static IEnumerable<ILocalSymbol> Mentioned(BasicBlock block) => block.Operations
        .Concat(block.BranchValue is { } value ? [value] : [])
        .SelectMany(static operation => operation.DescendantsAndSelf())
        .OfType<ILocalReferenceOperation>()
        .Select(static reference => reference.Local);

    private void Visit(IOperation operation, PathState state)
    {
        foreach (var child in operation.ChildOperations)
        {
            Visit(child, state);
        }

        switch (operation)
        {
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } assignment when tracked.Contains(local):
                Assign(local, assignment.Value, state);
                break;
            case ILocalReferenceOperation or IFlowCaptureReferenceOperation when (Resolve(operation) as ILocalReferenceOperation)?.Local is { } local && tracked.Contains(local):
                Mention(local, operation, state);
                break;
            case IInvocationOperation when FlowCall.Of(operation) is { } call:
                Call(call, state);
                break;
        }
    }

    private void Assign(ILocalSymbol local, IOperation value, PathState state)
    {
        value = Resolve(value);
        state.Forget(local);
        state[local] = FlowCall.Created(value) is { } created && factsOf(created) is { DataDependent: not null } ? Readiness.Fresh : Readiness.Unknown;
        state.SetOrigin(local, OriginOf(value, state));
    }

    private void Mention(ILocalSymbol local, IOperation reference, PathState state)
    {
        var use = reference;
        while (use.Parent is IConversionOperation)
        {
            use = use.Parent;
        }

        switch (use.Parent)
        {
            case ISimpleAssignmentOperation assignment when assignment.Target == use:
            case IFlowCaptureOperation capture when captures.ContainsKey(capture.Id):
            case IInvocationOperation call when call.Instance == use && FlowCall.Of(call) is not null:
            case IPropertyReferenceOperation { Property.Name: "Length" }:
            case IArrayElementReferenceOperation { Parent: not IAssignmentOperation and not IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } and not IIncrementOrDecrementOperation and not IAddressOfOperation }:
            case IArgumentOperation { Parent: IInvocationOperation given } when FlowCall.Of(given) is not null:
                // Seen where the whole is.
                return;
            default:
                state.Forget(local);
                state[local] = Readiness.Unknown;
                state.SetOrigin(local, null);
                return;
        }
    }

    private void Call(FlowCall call, PathState state)
    {
        var receiver = Resolve(call.Receiver);
        call = call with { Receiver = receiver };
        var local = (receiver as ILocalReferenceOperation)?.Local;
        local = local is not null && tracked.Contains(local) ? local : null;
        CheckBuffers(call, receiver, state);
        SetBuffers(call, receiver, state);

        var readiness = local is not null ? state[local]
            : FlowCall.Created(receiver) is { } created && factsOf(created) is { DataDependent: not null } ? Readiness.Fresh
            : Readiness.Unknown;
        switch (call.Member.Role)
        {
            case FlowRole.Evaluates when (readiness & Readiness.Fresh) != 0:
                Evaluated?.Invoke(call, local, readiness);
                break;
            case FlowRole.Initializes or FlowRole.Trains when local is not null:
                if (call.Member.Role == FlowRole.Initializes && readiness == Readiness.Initialized)
                {
                    Report?.Invoke(DiagnosticIds.InitializedAgain, call.Operation, [local.Name]);
                }

                state[local] = Readiness.Initialized;
                break;
            case FlowRole.Loads when local is not null:
                state[local] = Readiness.Unknown;
                break;
        }
    }

    private void CheckBuffers(FlowCall call, IOperation receiver, PathState state)
    {
        foreach (var argument in call.Operation.Arguments)
        {
            if (argument.Parameter is not { Type.Name: "ReadOnlySpan" or "ReadOnlyMemory", Name: var name } || OriginOf(Resolve(argument.Value), state) is not { } origin)
            {
                continue;
            }

            if (name == "z" && origin.IsLatent && call.Flow is { } flow && !SymbolEqualityComparer.Default.Equals(flow, origin.Flow))
            {
                Report?.Invoke(DiagnosticIds.ForeignLatent, argument.Value, [call.Name, flow.Name, origin.Flow.Name]);
            }
            else if ((name == "z" ? !origin.IsLatent : name is "x" or "data" or "samples" && origin.IsLatent)
                && origin.Instance is { } instance && SymbolEqualityComparer.Default.Equals(instance, InstanceOf(receiver)))
            {
                Report?.Invoke(DiagnosticIds.WrongSpace, argument.Value, [call.Name, origin.IsLatent ? "data" : "latents", instance.Name, origin.IsLatent ? "latents" : "data"]);
            }
        }
    }

    // What a call writes: latents to z, data to x, and something else to every other buffer.
    private void SetBuffers(FlowCall call, IOperation receiver, PathState state)
    {
        foreach (var argument in call.Operation.Arguments)
        {
            if (argument.Parameter is { Type.Name: "Span", Name: var name } && BufferOf(Resolve(argument.Value)) is { } buffer && tracked.Contains(buffer))
            {
                state.SetOrigin(buffer, name is "x" or "z" && call.Flow is { } flow ? new Origin(name == "z", flow, InstanceOf(receiver)) : null);
            }
        }
    }

    private Origin? OriginOf(IOperation value, PathState state)
    {
        if (BufferOf(value) is { } buffer)
        {
            return tracked.Contains(buffer) ? state.OriginOf(buffer) : null;
        }

        return FlowCall.Of(value) is { Flow: { } flow, Name: "Forward" or "Inverse" or "Sample" } call && !call.Operation.TargetMethod.ReturnsVoid
            ? new Origin(call.Name == "Forward", flow, InstanceOf(Resolve(call.Receiver)))
            : null;
    }

    private static ILocalSymbol? BufferOf(IOperation value) => (FlowCall.Unwrap(value) as ILocalReferenceOperation)?.Local;

    private ISymbol? InstanceOf(IOperation receiver) => receiver switch
    {
        ILocalReferenceOperation local when tracked.Contains(local.Local) => local.Local,
        IParameterReferenceOperation parameter when tracked.Contains(parameter.Parameter) => parameter.Parameter,
        IFieldReferenceOperation { Field.IsReadOnly: true, Instance: null or IInstanceReferenceOperation } field => field.Field,
        _ => null,
    };

    private IOperation Resolve(IOperation operation)
    {
        operation = FlowCall.Unwrap(operation);
        return operation is IFlowCaptureReferenceOperation reference && captures.TryGetValue(reference.Id, out var value) ? value : operation;
    }
}
