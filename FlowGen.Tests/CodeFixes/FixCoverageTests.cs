using FlowGen.CodeFixes.Repairs;
using FlowGen.Tests.Generator;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace FlowGen.Tests.CodeFixes;

/// <summary>That every fix has tests, of one place and of all at once: read off the tests.</summary>
public sealed class FixCoverageTests
{
    private const int Fewest = 20;

    // The fix by what Verify is called with, and whether it is about all places.
    private static readonly Lazy<ILookup<string, bool>> Tests = new(static () => Directory.GetFiles(Path.Combine(Snapshot.FindRoot(), "FlowGen.Tests", "CodeFixes"), "*Tests.cs")
        .SelectMany(static file => CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>())
        .Select(static call => (Call: call, Name: (call.Expression as MemberAccessExpressionSyntax)?.Name as GenericNameSyntax))
        .Where(static pair => pair.Name is { Identifier.ValueText: "Verify" })
        .ToLookup(
            static pair => pair.Name!.TypeArgumentList.Arguments.Single().ToString(),
            static pair => pair.Call.ArgumentList.Arguments.Any(static argument => argument is { NameColon.Name.Identifier.ValueText: "all", Expression.RawKind: (int)SyntaxKind.TrueLiteralExpression })));

    public static TheoryData<string> Fixes => [.. FixHarness.Fixes.Select(static type => type.Name).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Fixes))]
    public void Every_fix_is_tested_and_fixes_all(string name)
    {
        Assert.NotEmpty(Tests.Value[name]);
        var fix = (FlowCodeFix)Activator.CreateInstance(FixHarness.Fixes.Single(type => type.Name == name))!;
        Assert.NotNull(fix.GetFixAllProvider());
    }

    [Fact]
    public void Enough_of_them_are_tested_at_all_places_at_once()
    {
        string[] all = [.. FixHarness.Fixes.Select(static type => type.Name).Where(static name => Tests.Value[name].Contains(true))];
        Assert.True(all.Length >= Fewest, $"{all.Length}: {string.Join(", ", all)}");
    }
}
