using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes.Repairs;

/// <summary>Base of the fixes: from a diagnostic to repairs, which the editor offers one by one or all together.</summary>
/// <param name="ids">The rules that are fixed.</param>
public abstract class FlowCodeFix(params string[] ids) : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = [.. ids];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => RepairAll.Instance;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            foreach (var repair in await FindAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false))
            {
                var solution = context.Document.Project.Solution;
                context.RegisterCodeFix(
                    CodeAction.Create(repair.Title, cancellation => Task.FromResult(Apply(repair, solution, cancellation)), repair.Key),
                    diagnostic);
            }
        }
    }

    /// <summary>The repairs of a diagnostic; none if the code has moved on or does not compile.</summary>
    internal async Task<IReadOnlyList<Repair>> FindAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation) =>
        await RepairContext.CreateAsync(document, diagnostic, cancellation).ConfigureAwait(false) is { } context ? [.. Find(context)] : [];

    /// <summary>The repairs of a diagnostic.</summary>
    private protected abstract IEnumerable<Repair> Find(RepairContext context);

    private static Solution Apply(Repair repair, Solution solution, CancellationToken cancellation)
    {
        var edits = new SourceEdits(cancellation);
        repair.Apply(edits);
        return edits.ApplyTo(solution);
    }
}
