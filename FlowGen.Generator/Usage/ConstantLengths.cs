using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FlowGen.Generator.Usage;

/// <summary>How many numbers a buffer holds, where the code says it.</summary>
internal static class ConstantLengths
{
    // Locals that are defined by each other.
    private const int MaximumDepth = 8;

    /// <summary>The length of an array or a span, or null if it is not a constant.</summary>
    public static long? Of(IOperation? buffer) => buffer is null ? null : Of(FlowCall.Unwrap(buffer), MaximumDepth);

    private static long? Of(IOperation buffer, int depth)
    {
        if (depth == 0)
        {
            return null;
        }

        switch (buffer)
        {
            case IArrayCreationOperation { DimensionSizes: [var size] } array:
                return array.Initializer is { } initializer ? initializer.ElementValues.Length : Constant(size);

            case ICollectionExpressionOperation collection:
                return collection.Elements.Any(static element => element is ISpreadOperation) ? null : collection.Elements.Length;

            case ILocalReferenceOperation local when DefinitionOf(local) is { } definition:
                return Of(FlowCall.Unwrap(definition), depth - 1);

            case IInvocationOperation { TargetMethod: { Name: "AsSpan" or "AsMemory", ContainingType.Name: "MemoryExtensions" } } slice when slice.Arguments.Length > 0:
                return Slice(slice, Of(FlowCall.Unwrap(slice.Arguments[0].Value), depth - 1));

            case IDefaultValueOperation { Type.Name: "Span" or "ReadOnlySpan" }:
                return 0;
        }

        return buffer.Syntax is StackAllocArrayCreationExpressionSyntax { Initializer: null, Type: ArrayTypeSyntax { RankSpecifiers: [{ Sizes: [var count] }] } }
            && buffer.SemanticModel?.GetConstantValue(count) is { HasValue: true, Value: int value } ? value : null;
    }

    private static long? Slice(IInvocationOperation slice, long? length)
    {
        long? start = 0;
        foreach (var argument in slice.Arguments.Skip(1))
        {
            switch (argument.Parameter)
            {
                case { Name: "length", Type.SpecialType: SpecialType.System_Int32 }:
                    return Constant(argument.Value);
                case { Name: "start", Type.SpecialType: SpecialType.System_Int32 }:
                    start = Constant(argument.Value);
                    break;
                default:
                    return null;
            }
        }

        return length - start;
    }

    private static long? Constant(IOperation operation) => operation.ConstantValue is { HasValue: true, Value: int value } ? value : null;

    /// <summary>What a local is declared with, if nothing else is ever assigned to it.</summary>
    private static IOperation? DefinitionOf(ILocalReferenceOperation reference)
    {
        IOperation root = reference;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        IOperation? definition = null;
        foreach (var operation in root.Descendants())
        {
            if (operation is IVariableDeclaratorOperation declarator && SymbolEqualityComparer.Default.Equals(declarator.Symbol, reference.Local))
            {
                definition = declarator.GetVariableInitializer()?.Value;
            }
            else if (operation is ILocalReferenceOperation other && SymbolEqualityComparer.Default.Equals(other.Local, reference.Local) && MayWrite(other))
            {
                return null;
            }
        }

        return definition;
    }

    private static bool MayWrite(ILocalReferenceOperation reference) => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference || assignment is { IsImplicit: false } and ISimpleAssignmentOperation { IsRef: true },
        IArgumentOperation argument => argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out,
        ITupleOperation or IAddressOfOperation => true,
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.IsRef: true } } => true,
        _ => false,
    };
}
