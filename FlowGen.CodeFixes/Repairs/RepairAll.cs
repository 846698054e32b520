using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes.Repairs;

/// <summary>Does all repairs of a kind one after the other. Several can change one list of attributes, which merging their results would not survive.</summary>
internal sealed class RepairAll : FixAllProvider
{
    private RepairAll()
    {
    }

    /// <summary>The provider, which has no state.</summary>
    public static RepairAll Instance { get; } = new();

    /// <inheritdoc/>
    public override Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext) => Task.FromResult<CodeAction?>(CodeAction.Create(
        "Fix all occurrences", cancellation => ApplyAsync(fixAllContext.WithCancellationToken(cancellation)), fixAllContext.CodeActionEquivalenceKey));

    private static async Task<Solution> ApplyAsync(FixAllContext context)
    {
        var edits = new SourceEdits(context.CancellationToken);
        foreach (var diagnostic in await DiagnosticsAsync(context).ConfigureAwait(false))
        {
            if (context.Solution.GetDocument(diagnostic.Location.SourceTree) is { } document && context.CodeFixProvider is FlowCodeFix fix)
            {
                var repairs = await fix.FindAsync(document, diagnostic, context.CancellationToken).ConfigureAwait(false);
                repairs.FirstOrDefault(repair => repair.Key == context.CodeActionEquivalenceKey)?.Apply(edits);
            }
        }

        return edits.ApplyTo(context.Solution);
    }

    private static async Task<IEnumerable<Diagnostic>> DiagnosticsAsync(FixAllContext context)
    {
        var diagnostics = new List<Diagnostic>();
        if (context.Scope == FixAllScope.Document)
        {
            if (context.Document is { } document)
            {
                diagnostics.AddRange(await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false));
            }
        }
        else
        {
            var projects = context.Scope == FixAllScope.Solution ? context.Solution.Projects : ImmutableArray.Create(context.Project);
            foreach (var project in projects)
            {
                diagnostics.AddRange(await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false));
            }
        }

        return diagnostics
            .Where(static diagnostic => diagnostic.Location.IsInSource)
            .OrderBy(static diagnostic => diagnostic.Location.SourceTree!.FilePath, StringComparer.Ordinal)
            .ThenBy(static diagnostic => diagnostic.Location.SourceSpan.Start);
    }
}
