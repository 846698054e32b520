using FlowGen.CodeFixes.Repairs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace FlowGen.Tests.CodeFixes;

public sealed class BrokenCodeFixTests
{
    // Wrong in many ways, so that every part of it leads to offers.
    private const string Source = """
        [Flow(1)]
        [AffineCoupling(0, 8, Scale = ScaleFunction.Exp, ScaleFloor = -1), Elementwise(Activation.Relu)]
        [Logit(0.5)] [BatchNorm(Momentum = 0), Dequantize(Bins = 1)]
        [Repeat<S>(0)]
        class A { public A(int a) { } }

        [ActNorm(Times = 0), Elementwise(Activation.Identity)]
        class S;

        [Flow(4), AffineCoupling(Transforms = Partition.OddIndices), AffineCoupling(8, Transforms = Partition.OddIndices)] partial class B;
        [Flow(3), Permute(1, 1)] partial record C;
        """;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Offers_on_code_without_a_token_change_something_and_do_not_throw(int phase)
    {
        var fixes = FixHarness.Fixes.Select(static type => (FlowCodeFix)Activator.CreateInstance(type)!).ToList();
        var tokens = CSharpSyntaxTree.ParseText(Source, cancellationToken: TestContext.Current.CancellationToken)
            .GetRoot(TestContext.Current.CancellationToken).DescendantTokens().Where(static token => token.Span.Length > 0).ToList();
        int offered = 0;
        for (int i = phase; i < tokens.Count; i += 3)
        {
            var solution = FixHarness.Open(Source.Remove(tokens[i].SpanStart, tokens[i].Span.Length));
            var texts = await FixHarness.Texts(solution);
            foreach (var diagnostic in await FixHarness.Diagnose(solution))
            {
                foreach (var fix in fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
                {
                    foreach (var offer in await FixHarness.Offers(fix, solution, diagnostic))
                    {
                        offered++;
                        Assert.NotEqual(texts, await FixHarness.Texts(await FixHarness.Apply(offer)));
                    }
                }
            }
        }

        Assert.True(offered > tokens.Count, $"{offered} offers");
    }
}
