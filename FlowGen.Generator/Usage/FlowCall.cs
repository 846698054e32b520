using FlowGen.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FlowGen.Generator.Usage;

/// <summary>A call of a member that every flow has, generated or of the runtime.</summary>
/// <param name="Operation">The call.</param>
/// <param name="Receiver">The flow, without conversions.</param>
/// <param name="Member">The member.</param>
internal sealed record FlowCall(IInvocationOperation Operation, IOperation Receiver, FlowMember Member)
{
    /// <summary>The member's name.</summary>
    public string Name => Operation.TargetMethod.Name;

    /// <summary>The flow's class, if the code says which.</summary>
    public INamedTypeSymbol? Flow => FlowClass(Receiver.Type);

    /// <summary>The call of a flow's member that an operation is, or null.</summary>
    public static FlowCall? Of(IOperation operation)
    {
        if (operation is not IInvocationOperation call || FlowMember.Find(call.TargetMethod.Name) is not { } member)
        {
            return null;
        }

        var method = call.TargetMethod;
        if (IsOfRuntime(method.ContainingType))
        {
            // A member of IFlow, a classic extension or one of an extension block.
            var receiver = call.Instance ?? call.Arguments.FirstOrDefault(static argument => argument.Parameter is { Ordinal: 0 })?.Value;
            return receiver is null ? null : new FlowCall(call, Unwrap(receiver), member);
        }

        return call.Instance is { } instance && FlowClass(method.ContainingType) is { } flow && IsGenerated(method, flow)
            ? new FlowCall(call, Unwrap(instance), member)
            : null;
    }

    /// <summary>Whether an expression makes a flow that nothing has initialised: the generated constructor, or <c>Create</c>.</summary>
    public static INamedTypeSymbol? Created(IOperation operation) => operation switch
    {
        IObjectCreationOperation { Constructor: { Parameters: [{ Type.SpecialType: SpecialType.System_UInt64 }] } constructor } => FlowClass(constructor.ContainingType),
        IInvocationOperation { TargetMethod: { IsStatic: true, Name: "Create", Parameters: [{ Type.SpecialType: SpecialType.System_UInt64 }] } create } => FlowClass(create.ContainingType),
        _ => null,
    };

    /// <summary>The class if it is a flow.</summary>
    public static INamedTypeSymbol? FlowClass(ITypeSymbol? type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Class } named && named.GetAttributes().Any(static data => KnownSymbols.IsFlow(data.AttributeClass)) ? named : null;

    /// <summary>An expression without the conversions around it.</summary>
    public static IOperation Unwrap(IOperation operation)
    {
        while (operation is IConversionOperation conversion)
        {
            operation = conversion.Operand;
        }

        return operation;
    }

    /// <summary>The argument of a parameter, without conversions; null if it is left out.</summary>
    public IOperation? Argument(string parameter)
    {
        foreach (var argument in Operation.Arguments)
        {
            if (argument.Parameter?.Name == parameter && argument.ArgumentKind == ArgumentKind.Explicit)
            {
                return Unwrap(argument.Value);
            }
        }

        return null;
    }

    private static bool IsOfRuntime(INamedTypeSymbol? type)
    {
        // An extension block is a type inside the class that users see.
        while (type?.ContainingType is { } outer)
        {
            type = outer;
        }

        return type is { ContainingNamespace: { Name: "FlowGen", ContainingNamespace.IsGlobalNamespace: true }, Name: "IFlow" or "FlowExtensions" or "FlowFiles" or "FlowTraining" or "FlowVerifier" };
    }

    // An overload of the user's is another member.
    private static bool IsGenerated(IMethodSymbol method, INamedTypeSymbol flow)
    {
        foreach (var contract in flow.AllInterfaces)
        {
            if (!contract.IsGenericType && IsOfRuntime(contract))
            {
                return contract.GetMembers(method.Name).Any(member => SymbolEqualityComparer.Default.Equals(flow.FindImplementationForInterfaceMember(member), method));
            }
        }

        return false;
    }
}
