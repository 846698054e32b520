using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes;

/// <summary>Gives an option that is no value of its enumeration its default.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseDefaultOptionCodeFix))]
public sealed class UseDefaultOptionCodeFix() : FlowCodeFix(DiagnosticIds.UndefinedOption)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(UseDefaultOptionCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        var attribute = context.Layer?.Syntax ?? context.Type.Flow;
        if (attribute is not { ContainsDiagnostics: false, ArgumentList: { } list })
        {
            yield break;
        }

        var wrong = list.Arguments.Where(argument => argument.NameEquals is not null && IsUndefined(context, argument)).Select(static argument => argument.NameEquals!.Name.Identifier.ValueText).ToList();
        if (wrong.Count > 0)
        {
            yield return new Repair(
                $"Use the default of {string.Join(" and ", wrong)}", EquivalenceKey,
                edits => edits.Replace(attribute, now => now.Without(argument => argument.NameEquals is { } name && wrong.Contains(name.Name.Identifier.ValueText))));
        }
    }

    private static bool IsUndefined(RepairContext context, AttributeArgumentSyntax argument) =>
        context.Model.GetTypeInfo(argument.Expression, context.Cancellation).Type is INamedTypeSymbol { TypeKind: TypeKind.Enum } type
        && context.Model.GetConstantValue(argument.Expression, context.Cancellation) is { HasValue: true, Value: var value }
        && !type.GetMembers().OfType<IFieldSymbol>().Any(field => field.HasConstantValue && Equals(field.ConstantValue, value));
}
