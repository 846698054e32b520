using System.Composition;
using System.Globalization;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Gives the kernel of a triangular layer a centre.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(OddKernelCodeFix))]
public sealed class OddKernelCodeFix() : FlowCodeFix(DiagnosticIds.KernelWithoutCentre)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(OddKernelCodeFix);

    private const int Smallest = 3;

    private const int Widest = 63;

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Layer is { } layer && layer.Value("Kernel") is int kernel && layer.Syntax.Find("Kernel") is not null)
        {
            // The next wider one sees all that the declared one would have.
            string odd = Math.Min(Math.Max(kernel, Smallest) | 1, Widest).ToString(CultureInfo.InvariantCulture);
            yield return new Repair($"Make the kernel {odd} wide", EquivalenceKey, edits => edits.Replace(layer.Syntax, now => now.With("Kernel", odd)));
        }
    }
}
