using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.Generator.Parsing;

/// <summary>
/// Reads the commonest functions off their syntax: one expression of the parameter, literals of float, + - * / and functions of <c>MathF</c>. All of it is of type float, whatever
/// else the project says, but for what <c>MathF</c> means, which is looked up; so the answer is that of binding the body, which takes four times as long, after every keystroke.
/// </summary>
internal sealed class PlainExpression
{
    // Beyond, binding says what is too much.
    private const int MostNodes = 100;

    private const string Functions = "MathF";

    // Of one argument and with no other overloads for it.
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "Exp", "Log", "Log2", "Log10", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Tanh", "Asinh", "Acosh", "Atanh", "Sqrt", "Cbrt",
    };

    private readonly Compilation compilation;

    private readonly ExpressionSyntax body;

    private readonly string parameter;

    private int nodes;

    private bool? isFramework;

    private bool? isFrameworkOfSystem;

    private PlainExpression(Compilation compilation, ExpressionSyntax body, string parameter)
    {
        this.compilation = compilation;
        this.body = body;
        this.parameter = parameter;
    }

    /// <summary>What a method of one float computes; null if its body has to be bound to know.</summary>
    /// <param name="compilation">The project.</param>
    /// <param name="method">A static method from float to float.</param>
    /// <param name="cancellation">Stops reading.</param>
    public static ScalarTree? Read(Compilation compilation, IMethodSymbol method, CancellationToken cancellation)
    {
        if (method.DeclaringSyntaxReferences.Length != 1
            || method.DeclaringSyntaxReferences[0].GetSyntax(cancellation) is not MethodDeclarationSyntax { Body: null, ExpressionBody.Expression: { } body } syntax
            || syntax.ContainsDiagnostics
            || syntax.Modifiers.Any(SyntaxKind.AsyncKeyword))
        {
            return null;
        }

        return new PlainExpression(compilation, body, method.Parameters[0].Name).Read(body);
    }

    private ScalarTree? Read(ExpressionSyntax expression)
    {
        if (++nodes > MostNodes)
        {
            return null;
        }

        switch (expression)
        {
            case ParenthesizedExpressionSyntax inner:
                return Read(inner.Expression);
            case IdentifierNameSyntax name:
                return name.Identifier.ValueText == parameter ? new ScalarVariable() : null;
            case LiteralExpressionSyntax { Token.Value: float number }:
                return float.IsNaN(number) || float.IsInfinity(number) ? null : new ScalarNumber(number);
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } minus:
                return Read(minus.Operand) switch
                {
                    null => null,
                    ScalarNumber number => new ScalarNumber(-number.Value),
                    var operand => new ScalarNegation(operand),
                };
            case BinaryExpressionSyntax binary:
                // Of constants the compiler makes one, in single precision.
                return Operator((SyntaxKind)binary.RawKind) is { } kind && Read(binary.Left) is { } left && Read(binary.Right) is { } right && (left, right) is not (ScalarNumber, ScalarNumber)
                    ? new ScalarOperation(kind, left, right)
                    : null;
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.SimpleMemberAccessExpression, Name: IdentifierNameSyntax function } member, ArgumentList.Arguments: [{ NameColon: null, RefKindKeyword.RawKind: 0 } argument] }:
                return Names.Contains(function.Identifier.ValueText) && IsFramework(member.Expression) && Read(argument.Expression) is { } value
                    ? new ScalarCall(function.Identifier.ValueText, new EquatableArray<ScalarTree>([value]))
                    : null;
            default:
                return null;
        }
    }

    private static ScalarOperator? Operator(SyntaxKind kind) => kind switch
    {
        SyntaxKind.AddExpression => ScalarOperator.Add,
        SyntaxKind.SubtractExpression => ScalarOperator.Subtract,
        SyntaxKind.MultiplyExpression => ScalarOperator.Multiply,
        SyntaxKind.DivideExpression => ScalarOperator.Divide,
        _ => null,
    };

    private bool IsFramework(ExpressionSyntax qualifier) => qualifier switch
    {
        IdentifierNameSyntax { Identifier.ValueText: Functions } => isFramework ??= Lookup(Functions) is [INamedTypeSymbol type] && IsMathF(type),
        MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.SimpleMemberAccessExpression, Expression: IdentifierNameSyntax { Identifier.ValueText: "System" }, Name: IdentifierNameSyntax { Identifier.ValueText: Functions } } =>
            isFrameworkOfSystem ??= Lookup("System") is [INamespaceSymbol { ContainingNamespace.IsGlobalNamespace: true } space] && space.GetMembers(Functions).ToList() is [INamedTypeSymbol type] && IsMathF(type),
        _ => false,
    };

    // As seen from inside the body: a member, a type or an alias of that name comes before.
    private List<ISymbol> Lookup(string name) => [.. compilation.GetSemanticModel(body.SyntaxTree).LookupSymbols(body.SpanStart, name: name)];

    private static bool IsMathF(INamedTypeSymbol type) =>
        type is { Name: Functions, Arity: 0, ContainingType: null, ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } && type.DeclaringSyntaxReferences.IsEmpty;
}
