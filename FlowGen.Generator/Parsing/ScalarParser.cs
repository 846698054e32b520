using System.Collections.Immutable;
using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FlowGen.Generator.Parsing;

/// <summary>From the name of a method to what it computes: expression bodies, straight-line code with locals and conditions, calls of other such methods.</summary>
internal sealed partial class ScalarParser
{
    // Every use of a local counts, so that a short method cannot stand for a huge formula.
    private const int MostNodes = 500;

    private const int DeepestNesting = 200;

    private const int DeepestCall = 16;

    private const int LongestQuote = 60;

    private readonly Compilation compilation;

    private readonly CancellationToken cancellation;

    private readonly Stack<IMethodSymbol> calls = new();

    private int nodes;

    private int nesting;

    private ScalarParser(Compilation compilation, CancellationToken cancellation)
    {
        this.compilation = compilation;
        this.cancellation = cancellation;
    }

    /// <summary>Reads a method.</summary>
    /// <param name="type">The class whose attribute names it: it is looked for there, in what the class is nested in and in its bases.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="cancellation">Stops parsing.</param>
    public static ScalarFunction Parse(INamedTypeSymbol type, string name, CancellationToken cancellation)
    {
        var methods = Candidates(type, name);
        string identifier = $"{name}_{StableHash.Of((methods.FirstOrDefault()?.ContainingType ?? type).ToDisplayString())}";
        if (methods.Count == 0)
        {
            return Fail(DiagnosticIds.FunctionNotFound, type.Name, name);
        }

        if (methods.Find(static method => SignatureProblem(method) is null) is not { } function)
        {
            return Fail(DiagnosticIds.FunctionSignature, name, SignatureProblem(methods[0])!);
        }

        if (type.ContainingAssembly is not ISourceAssemblySymbol assembly)
        {
            return new ScalarFunction(name, identifier, null, null, EquatableArray<string>.Empty);
        }

        try
        {
            var method = function.PartialImplementationPart ?? function;
            var tree = PlainExpression.Read(assembly.Compilation, method, cancellation) ?? new ScalarParser(assembly.Compilation, cancellation).Inline(method, [new ScalarVariable()], null);
            return new ScalarFunction(name, identifier, tree, null, EquatableArray<string>.Empty);
        }
        catch (NotReadableException problem)
        {
            return problem.Message.Length == 0
                ? new ScalarFunction(name, identifier, null, null, EquatableArray<string>.Empty)
                : Fail(DiagnosticIds.FunctionNotUnderstood, name, problem.Message);
        }

        ScalarFunction Fail(string id, params string[] arguments) => new(name, identifier, null, id, new EquatableArray<string>(arguments));
    }

    /// <summary>What a method of one float computes, by binding its body; null if that cannot be read.</summary>
    internal static ScalarTree? Bind(Compilation compilation, IMethodSymbol method, CancellationToken cancellation)
    {
        try
        {
            return new ScalarParser(compilation, cancellation).Inline(method, [new ScalarVariable()], null);
        }
        catch (NotReadableException)
        {
            return null;
        }
    }

    private static List<IMethodSymbol> Candidates(INamedTypeSymbol type, string name)
    {
        for (var container = type; container is not null; container = container.ContainingType)
        {
            for (var owner = container; owner is not null; owner = owner.BaseType)
            {
                var methods = owner.GetMembers(name).OfType<IMethodSymbol>().ToList();
                if (methods.Count > 0)
                {
                    return methods;
                }
            }
        }

        return [];
    }

    private static string? SignatureProblem(IMethodSymbol method) =>
        !method.IsStatic ? "it is not static"
        : method.IsGenericMethod ? "it is generic"
        : method.ReturnType.SpecialType != SpecialType.System_Single ? $"it returns {method.ReturnType.ToDisplayString()}"
        : method.Parameters is not [{ RefKind: RefKind.None, Type.SpecialType: SpecialType.System_Single }] ? "it does not take one float"
        : null;

    private ScalarTree Inline(IMethodSymbol method, ScalarTree[] arguments, IOperation? from)
    {
        cancellation.ThrowIfCancellationRequested();
        if (calls.Count >= DeepestCall || calls.Contains(method, SymbolEqualityComparer.Default))
        {
            throw Refuse(from, "methods that call themselves, or others in a long chain, are not followed");
        }

        var syntax = method.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation)).FirstOrDefault(HasBody);
        if (syntax is null)
        {
            throw from is null ? new NotReadableException($"{method.Name} has no body here") : Refuse(from, "its source is not here");
        }

        var body = compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancellation) switch
        {
            IMethodBodyOperation { BlockBody: { } block } => block,
            IMethodBodyOperation { ExpressionBody: { } block } => block,
            ILocalFunctionOperation { Body: { } block } => block,
            _ => throw new NotReadableException(),
        };

        var values = ImmutableDictionary.Create<ISymbol, ScalarTree>(SymbolEqualityComparer.Default);
        foreach (var (parameter, argument) in method.Parameters.Zip(arguments, static (parameter, argument) => (parameter, argument)))
        {
            values = values.Add(parameter, argument);
        }

        calls.Push(method);
        var result = Run(new Cursor(body, null), values);
        _ = calls.Pop();
        return result;
    }

    private static bool HasBody(SyntaxNode node) => node switch
    {
        BaseMethodDeclarationSyntax method => method.Body is not null || method.ExpressionBody is not null,
        LocalFunctionStatementSyntax local => local.Body is not null || local.ExpressionBody is not null,
        _ => false,
    };

    // What the statements from here on return. What follows an 'if' is read once for each of its branches.
    private ScalarTree Run(Cursor? cursor, ImmutableDictionary<ISymbol, ScalarTree> values)
    {
        while (cursor is not null)
        {
            cancellation.ThrowIfCancellationRequested();
            var rest = cursor.Rest;
            switch (cursor.Statement)
            {
                case IReturnOperation { ReturnedValue: { } result }:
                    return Value(result, values);
                case IBlockOperation block:
                    cursor = block.Operations.Reverse().Aggregate(rest, static (tail, statement) => new Cursor(statement, tail));
                    continue;
                case IVariableDeclarationGroupOperation group:
                    foreach (var declarator in group.Declarations.SelectMany(static declaration => declaration.Declarators))
                    {
                        if (declarator.Symbol.RefKind != RefKind.None)
                        {
                            throw Refuse(group, "a name for another variable is not followed");
                        }

                        if ((declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer) is { } initializer)
                        {
                            values = values.SetItem(declarator.Symbol, Value(initializer.Value, values));
                        }
                    }

                    break;
                case IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { Target: ILocalReferenceOperation or IParameterReferenceOperation } assignment }:
                    values = values.SetItem(Target(assignment.Target), Value(assignment.Value, values));
                    break;
                case IExpressionStatementOperation { Operation: ICompoundAssignmentOperation { Target: ILocalReferenceOperation or IParameterReferenceOperation, OperatorMethod: null } assignment }:
                    if (!IsReal(assignment.Type))
                    {
                        // Whole numbers are divided without a rest, and turn over.
                        throw Refuse(assignment, $"it is of type {assignment.Type?.ToDisplayString() ?? "none"}, and only float and double are read");
                    }

                    values = values.SetItem(Target(assignment.Target), Operate(assignment, assignment.OperatorKind, Value(assignment.Target, values), Value(assignment.Value, values)));
                    break;
                case IConditionalOperation { IsRef: false } choice:
                    Enter();
                    var either = new ScalarChoice(
                        Condition(choice.Condition, values),
                        Run(new Cursor(choice.WhenTrue, rest), values),
                        Run(choice.WhenFalse is { } otherwise ? new Cursor(otherwise, rest) : rest, values));
                    nesting--;
                    return Count(either);
                case IEmptyOperation or ILocalFunctionOperation:
                    break;
                case IReturnOperation or { Kind: OperationKind.Invalid }:
                    throw new NotReadableException();
                case { Kind: OperationKind.Loop }:
                    throw Refuse(cursor.Statement, "loops are not followed");
                default:
                    throw Refuse(cursor.Statement, "only returns, assignments to locals and conditions are read");
            }

            cursor = rest;
        }

        // Not every path returns: the compiler says so.
        throw new NotReadableException();
    }

    private static ISymbol Target(IOperation target) => target is ILocalReferenceOperation local ? local.Local : ((IParameterReferenceOperation)target).Parameter;

    // What has no end must not end the compiler's stack.
    private void Enter()
    {
        if (++nesting > DeepestNesting)
        {
            throw new NotReadableException($"it is nested more than {Literals.Of(DeepestNesting)} operations deep");
        }
    }

    private TTree Count<TTree>(TTree tree)
    {
        if (++nodes > MostNodes)
        {
            throw new NotReadableException($"it comes to more than {Literals.Of(MostNodes)} operations");
        }

        return tree;
    }

    // While it does not compile there is nothing to say.
    private static NotReadableException Refuse(IOperation? operation, string reason)
    {
        if (operation is null || operation.Kind == OperationKind.Invalid || operation.Syntax.ContainsDiagnostics || operation.Type?.TypeKind == TypeKind.Error)
        {
            return new NotReadableException();
        }

        string text = string.Join(" ", operation.Syntax.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return new NotReadableException($"'{(text.Length > LongestQuote ? text.Substring(0, LongestQuote) + "..." : text)}': {reason}");
    }

    private sealed record Cursor(IOperation Statement, Cursor? Rest);

    /// <summary>A body that cannot be read, and why; without a message if the compiler says so itself.</summary>
    private sealed class NotReadableException(string message = "") : Exception(message);
}
