using System.Text;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Usage;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace FlowGen.Tests.Generator;

/// <summary>A file that uses the flows of other files that have errors in the ways that a user's code does: made, evaluated, trained, saved, verified, handed to generic code.</summary>
internal static class FlowUses
{
    // Without an instance, and with one.
    private static readonly (string Name, string Code)[] Makers =
    [
        ("Constructor", "_ = new Flow(seed: 1);"),
        ("Create", "Flow other = Flow.Create(2);"),
        ("Description", "string name = Flow.Description.Name;"),
        ("FromFile", "_ = Flow.FromFile(\"flow.safetensors\");"),
        ("Generic", "_ = Generic<Flow>.Make();"),
    ];

    private static readonly (string Name, string Code)[] Members =
    [
        ("Parameters", "int count = flow.Parameters.Count;"),
        ("IsInitialized", "bool isInitialized = flow.IsInitialized;"),
        ("Forward", "flow.Forward(new float[24], new float[24], new float[1]); float[] z = flow.Forward(new float[24]);"),
        ("Inverse", "flow.Inverse(new float[24], new float[24], new float[1]); float[] x = flow.Inverse(new float[24]);"),
        ("LogProb", "flow.LogProb(new float[24], new float[1]); float[] logProb = flow.LogProb(new float[24]);"),
        ("Sample", "flow.Sample(new float[24], seed: 7); flow.Sample(new float[24], 7, temperature: 0.5f); float[] x = flow.Sample(10, seed: 7);"),
        ("LossGradient", "double loss = flow.LossGradient(new float[24], new float[8]); loss = flow.LossGradient(new float[24], new float[8], new GradientOptions { Memory = MemoryMode.Recompute });"),
        ("Pullback", "flow.Pullback(new float[24], new float[24], new float[1], new float[24], new float[8]);"),
        ("Initialize", "flow.Initialize(new float[24]);"),
        ("Extensions", "_ = flow.SampleWithLogProb(3, seed: 1); _ = flow.Score(new float[24]); _ = flow.BitsPerDim(new float[24]); _ = flow.SampleBytes(3);"),
        ("Fit", "FitHistory history = flow.Fit(new float[24], new FitOptions { Epochs = 1 });"),
        ("Files", "flow.Save(\"flow.safetensors\"); flow.Load(\"flow.safetensors\");"),
        ("Verify", "flow.Verify(new float[24]).ThrowIfFailed(); FlowVerifier.Verify(flow, new float[24]).ThrowIfFailed();"),
        ("Contract", "IFlow<Flow> contract = flow; _ = contract.IsInitialized;"),
    ];

    /// <summary>What every class is used for, where nothing forbids it.</summary>
    public static IEnumerable<string> All => [.. Makers.Select(static use => use.Name), .. Members.Select(static use => use.Name)];

    /// <summary>Writes the file.</summary>
    /// <param name="compilation">The other files.</param>
    /// <param name="left">Receives what a class cannot be used for whatever the generator does, as <c>class: use</c>.</param>
    /// <returns>The file, and the number of classes that it uses.</returns>
    public static (SyntaxTree Tree, int Classes) Of(Compilation compilation, ICollection<string> left)
    {
        var text = new StringBuilder("#nullable enable\n#pragma warning disable CS0219\nnamespace FlowGen.Uses\n{\n");
        _ = text.Append("internal static class Generic<TFlow> where TFlow : class, IFlow<TFlow> { public static TFlow Make() => TFlow.Create((ulong)TFlow.Description.TrainableCount); }\n");
        int classes = 0;
        foreach (var type in Flows(compilation))
        {
            string name = type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
            _ = text.Append(FormattableString.Invariant($"internal class Uses{classes}\n{{\n"));

            // An error of a declaration, where the ones above are of bodies: the compiler shows no analyzer's after it.
            _ = text.Append(FormattableString.Invariant($"internal static System.Func<{name}>? Makes => Generic<{name}>.Make;\n"));
            foreach (var (use, code) in Makers.Where(use => IsPossible(type, use.Name, left)))
            {
                _ = text.Append(FormattableString.Invariant($"internal static void {use}0() {{ {code.Replace("Flow.", name + ".", StringComparison.Ordinal).Replace("Flow ", name + " ", StringComparison.Ordinal).Replace("new Flow(", $"new {name}(", StringComparison.Ordinal).Replace("<Flow>", $"<{name}>", StringComparison.Ordinal)} }}\n"));
            }

            foreach (var (use, code) in Members.Where(use => IsPossible(type, use.Name, left)))
            {
                _ = text.Append(FormattableString.Invariant($"internal static void {use}1({name} flow) {{ {code.Replace("<Flow>", $"<{name}>", StringComparison.Ordinal)} }}\n"));
            }

            _ = text.Append("}\n");
            classes++;
        }

        return (GeneratorHarness.Parse(text.Append("}\n").ToString(), "Uses.cs"), classes);
    }

    /// <summary>What the compiler says about the files and one that uses their flows, beside what it says about them alone.</summary>
    public static List<string> Cascade(CSharpCompilation compilation, ICollection<string> left, out int classes, out Compilation completed)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (tree, count) = Of(compilation, left);
        classes = count;
        var alone = Errors(compilation);
        var driver = GeneratorHarness.CreateDriver().RunGeneratorsAndUpdateCompilation(compilation.AddSyntaxTrees(tree), out completed, out _, cancellation);
        Assert.Null(driver.GetRunResult().Results.Single().Exception);
        return [.. Errors(completed).Except(alone)];

        // What the compiler would say in a build, warnings included: every warning is an error here.
        List<string> Errors(Compilation of) =>
            [.. of.GetDiagnostics(cancellation).Where(static problem => problem.Severity >= DiagnosticSeverity.Warning).Select(static problem => problem.ToString())];
    }

    private static IEnumerable<INamedTypeSymbol> Flows(Compilation compilation) => compilation
        .GetSymbolsWithName(static _ => true, SymbolFilter.Type, TestContext.Current.CancellationToken)
        .OfType<INamedTypeSymbol>()
        .Where(static type => type is { TypeKind: TypeKind.Class, IsStatic: false, IsFileLocal: false } && type.GetAttributes().Any(static data => KnownSymbols.IsFlow(data.AttributeClass)))
        .Where(static type => FlowFacts.Of(type, TestContext.Current.CancellationToken) is null)
        .Where(static type => IsReachable(type));

    // From another class, without type arguments.
    private static bool IsReachable(INamedTypeSymbol type)
    {
        for (var part = type; part is not null; part = part.ContainingType)
        {
            if (part.IsGenericType || part.IsFileLocal || part.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        return true;
    }

    // C# itself forbids some uses of a class that is wrong in other ways than by its layers.
    private static bool IsPossible(INamedTypeSymbol type, string use, ICollection<string> left)
    {
        bool isTaken = type.Name == use;
        bool needsValues = false;
        for (var owner = type; owner is not null; owner = owner.BaseType)
        {
            isTaken |= owner.GetMembers(use).Any(static member => GeneratedMembers.Collides(member));
            needsValues |= owner.GetMembers().Any(static member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true });
        }

        bool isMade = !type.IsAbstract
            && !needsValues
            && !type.InstanceConstructors.Any(static constructor => constructor.Parameters is [{ Type.SpecialType: SpecialType.System_UInt64, RefKind: RefKind.None }])
            && (type.BaseType!.TypeKind == TypeKind.Error || type.BaseType.InstanceConstructors.Any(constructor => MemberParser.IsAccessible(constructor, type)));
        bool isPossible = !isTaken && (use != "Constructor" || isMade);
        if (!isPossible)
        {
            left.Add($"{type.Name}: {use}");
        }

        return isPossible;
    }
}
