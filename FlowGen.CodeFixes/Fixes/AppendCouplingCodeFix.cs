using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Appends a coupling that changes what the last one left alone.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AppendCouplingCodeFix))]
public sealed class AppendCouplingCodeFix() : FlowCodeFix(DiagnosticIds.Untransformed, DiagnosticIds.IncompleteMixing)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(AppendCouplingCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        // Behind a step that could have couplings of its own, the last one is not known.
        var stack = context.Type.Stack;
        int last = stack.ToList().FindLastIndex(static layer => layer.IsCoupling);
        if (last < 0 || stack[last] is not { Times: >= 1, Syntax: { ContainsDiagnostics: false } syntax } || stack.Skip(last).Any(static layer => layer.IsRepeat))
        {
            yield break;
        }

        // An explicit partition sets the phase that alternation goes on from.
        string coupling = syntax.WithoutTrivia().Without("Times").Without("Transforms").ToString();
        yield return new Repair($"Append [{coupling}], which changes the other half", EquivalenceKey, edits => edits.InsertAfter(syntax, coupling));
    }
}
