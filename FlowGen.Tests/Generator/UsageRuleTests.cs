using FlowGen.Generator.Usage;
using Microsoft.CodeAnalysis;
using Xunit;

namespace FlowGen.Tests.Generator;

/// <summary>Rules for code that uses flows: what is reported, and what looks like it and is not.</summary>
public sealed class UsageRuleTests
{
    private const string Flows = """
        using System;
        using System.IO;
        using System.Linq;
        using System.Threading.Tasks;
        [Flow(3), ActNorm, AffineCoupling(4, Times = 3)] sealed partial class M;
        [Flow(3), AffineCoupling(4, Times = 4)] sealed partial class Plain;
        [Flow(3), AdditiveCoupling(4, Times = 4), InvertibleLinear, Rescale] sealed partial class Even;
        [Flow(3, Prior = Prior.StandardLogistic), AdditiveCoupling(4, Times = 4), Rescale] sealed partial class Logistic;
        [Flow(2), Standardize, AffineCoupling(4, Times = 3)] sealed partial class Two { public Two(string path) : this(1ul) { this.Load(path); } public void Ready() => Initialize(new float[20]); }
        [Flow(2), Dequantize, Logit, BatchNorm, AffineCoupling(4, Times = 3)] sealed partial class Levels;

        """;

    [Fact]
    public void Every_member_is_one_of_the_runtime()
    {
        var members = typeof(IFlow).Assembly.GetTypes()
            .Where(static type => type.IsPublic && (type == typeof(IFlow) || type.Name is "FlowExtensions" or "FlowFiles" or "FlowTraining" or "FlowVerifier"))
            .SelectMany(static type => type.GetMethods())
            .Where(static method => !method.IsSpecialName && method.DeclaringType != typeof(object))
            .Select(static method => method.Name)
            .Distinct();
        Assert.Equal(members.Order(StringComparer.Ordinal), FlowMember.Names.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("var flow = new M(1); _ = {|FLOW1040:flow.LogProb(x)|};")]
    [InlineData("var flow = new M(1); {|FLOW1040:flow.LogProb(x, new float[2])|};")]
    [InlineData("M flow = new(); _ = {|FLOW1040:flow.Sample(3)|};")]
    [InlineData("var flow = M.Create(1); {|FLOW1040:flow.Forward(x, x, default)|};")]
    [InlineData("var flow = M.Create(1); _ = {|FLOW1040:flow.Inverse(x)|};")]
    [InlineData("_ = {|FLOW1040:new M(2).Score(x)|};")]
    [InlineData("_ = {|FLOW1040:M.Create(2).Verify(x)|};")]
    [InlineData("var flow = new M(); IFlow any = new M(); any.Initialize(x); _ = {|FLOW1040:flow.LossGradient(x, g)|};")]
    [InlineData("M flow; if (x.Length > 3) flow = new M(1); else flow = new M(2); _ = {|FLOW1040:flow.LogProb(x)|};")]
    [InlineData("var flow = new M(1); if (File.Exists(\"a\")) { flow.Load(\"a\"); } _ = {|FLOW1040:flow.LogProb(x)|};")]
    [InlineData("var flow = new M(1); if (x.Length > 3) flow.Initialize(x); x[0] = 1; if (x.Length > 4) { x[1] = 2; } _ = {|FLOW1040:flow.LogProb(x)|};")]
    [InlineData("var flow = new M(1); flow.Initialize(x); flow = new M(2); _ = {|FLOW1040:flow.LogProb(x)|};")]
    [InlineData("var flow = new M(1); for (int i = 0; i < 3; i++) { _ = {|FLOW1040:flow.LogProb(x)|}; }")]
    [InlineData("Action act = () => { var flow = new M(1); _ = {|FLOW1040:flow.LogProb(x)|}; };")]
    [InlineData("void Local() { var flow = new M(1); _ = {|FLOW1040:flow.LogProb(x)|}; } Local();")]
    [InlineData("var flow = new M(1); _ = {|FLOW1040:flow.Sample(x.Length > 1 ? 1 : 2)|};")]
    [InlineData("var flow = new M(1); flow.Save(\"a\"); _ = {|FLOW1040:flow.LogProb(x)|};")]
    [InlineData("var flow = new Two(1); _ = {|FLOW1040:flow.LogProb(x)|};")]
    public Task A_flow_that_nothing_has_initialised_is_reported(string code) => Check(code, "nothing has done so");

    [Theory]
    [InlineData("var flow = new M(1); flow.Initialize(x); _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); flow.Fit(x); _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); flow.Load(\"a\"); _ = flow.LogProb(x);")]
    [InlineData("var flow = new Plain(1); _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); flow.Parameters.MarkInitialized(); _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); if (!flow.IsInitialized) flow.Initialize(x); _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); Prepare(flow); _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); IFlow other = flow; other.Initialize(x); _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); void Local() => flow.Initialize(x); Local(); _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); Action act = () => flow.Initialize(x); act(); _ = flow.LogProb(x);")]
    [InlineData("_ = parameter.LogProb(x); _ = field.LogProb(x); _ = Property.LogProb(x);")]
    [InlineData("var flow = parameter; _ = flow.LogProb(x);")]
    [InlineData("var flow = new Two(\"a\"); _ = flow.LogProb(x);")]
    [InlineData("var flow = new Two(1); flow.Ready(); _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); if (File.Exists(\"a\")) flow.Load(\"a\"); else flow.Fit(x); _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); if (x.Length > 3) flow.Load(\"a\"); if (x.Length <= 3) flow.Fit(x); _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); if (x.Length > 3) flow.Load(\"a\"); if (x.Length > 3) _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); bool ok = x.Length > 3; if (ok) { flow.Load(\"a\"); } if (!ok) return; _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); switch (x.Length) { case 3: flow.Load(\"a\"); break; case 6: flow.Fit(x); break; } _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); if (x.Length == 3) flow.Load(\"a\"); else if (x.Length == 6) flow.Fit(x); _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); foreach (float part in x) { flow.Initialize(x); } _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); for (int i = 0; i < x.Length; i++) { if (i == 0) flow.Initialize(x); _ = flow.LogProb(x); }")]
    [InlineData("var flow = new M(1); try { flow.Load(\"a\"); } catch (IOException) { } _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); try { flow.Load(\"a\"); } catch (IOException) { flow.Fit(x); } _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); try { x[0] = 1; } finally { flow.Initialize(x); } _ = flow.LogProb(x);")]
    [InlineData("M a = new(1), b = new(2); (x.Length > 3 ? a : b).Initialize(x); (x.Length > 3 ? b : a).Initialize(x); _ = a.LogProb(x);")]
    [InlineData("var flow = new M(1); Prepare(flow, x.Length > 3 ? 1 : 2); _ = flow.LogProb(x);")]
    [InlineData("Throws<FlowNotInitializedException>(() => { var flow = new M(1); _ = flow.LogProb(x); });")]
    [InlineData("try { var flow = new M(1); _ = flow.LogProb(x); } catch (FlowNotInitializedException) { }")]
    [InlineData("var flow = new M(1); if (x.Length < 9) throw new Exception(); flow.Initialize(x); _ = flow.LogProb(x);")]
    [InlineData("var flow = new M(1); Task.Run(() => flow.Fit(x)).Wait(); _ = flow.LogProb(x);")]
    [InlineData("M flow = new(1), other = flow; other.Initialize(x); _ = flow.LogProb(x);")]
    [InlineData("M? flow = x.Length > 3 ? new M(1) : null; flow?.Initialize(x); _ = flow?.LogProb(x);")]
    public Task A_flow_that_something_may_have_initialised_is_not_reported(string code) => Check(code);

    [Theory]
    [InlineData("flow.LogProb({|FLOW1041:new float[7]|}, new float[2]);", "x holds 7 numbers, not a multiple of 3, the size of a sample of 'Plain'")]
    [InlineData("flow.LogProb(new float[6], {|FLOW1041:new float[3]|});", "logProb holds 3 numbers, but x holds 2 samples of 3 numbers, and each has one")]
    [InlineData("flow.Forward(new float[6], {|FLOW1041:new float[9]|}, {|FLOW1041:new float[6]|});", "z holds 9 numbers, but x holds 6")]
    [InlineData("const int N = 5; float[] a = new float[N * 2]; _ = flow.LogProb({|FLOW1041:a|});", "10 numbers")]
    [InlineData("_ = flow.Score({|FLOW1041:[1f, 2f]|});", "2 numbers")]
    [InlineData("Span<float> a = stackalloc float[4]; flow.Sample({|FLOW1041:a|}, 1);", "4 numbers")]
    [InlineData("var a = new float[9]; _ = flow.LogProb({|FLOW1041:a.AsSpan(1)|}); _ = flow.LogProb({|FLOW1041:a.AsSpan(0, 4)|});", "8 numbers")]
    [InlineData("_ = flow.LossGradient(new float[6], {|FLOW1041:new float[10]|});", "trainable parameters")]
    [InlineData("flow.Fit({|FLOW1041:new float[10]|});", "10 numbers")]
    [InlineData("_ = flow.Verify({|FLOW1041:new[] { 1f, 2f, 3f, 4f }|});", "4 numbers")]
    [InlineData("flow.Pullback(new float[6], {|FLOW1041:new float[3]|}, {|FLOW1041:new float[1]|}, default, default);", "gradZ holds 3")]
    [InlineData("flow.SampleWithLogProb(new float[6], {|FLOW1041:new float[6]|}, 1);", "2 samples")]
    public Task A_length_that_does_not_fit_is_reported(string code, string message) => Check("var flow = new Plain(1); " + code, message);

    [Theory]
    [InlineData("flow.LogProb(new float[6], new float[2]);")]
    [InlineData("flow.LogProb(x, new float[7]);")]
    [InlineData("flow.Forward(new float[6], new float[6], default);")]
    [InlineData("flow.Forward(new float[6], new float[6], []);")]
    [InlineData("float[] a = new float[7]; a = x; _ = flow.LogProb(a);")]
    [InlineData("float[] a = new float[7]; Replace(ref a); _ = flow.LogProb(a);")]
    [InlineData("var a = new float[9]; _ = flow.LogProb(a.AsSpan(1, 3)); _ = flow.LogProb(a.AsSpan(x.Length));")]
    [InlineData("_ = flow.Score([1f, .. x]);")]
    [InlineData("flow.Pullback(new float[6], new float[6], new float[2], default, []);")]
    [InlineData("_ = flow.LossGradient(new float[6], new float[flow.Parameters.TrainableCount]);")]
    [InlineData("IFlow any = flow; _ = any.LogProb(new float[7]);")]
    public Task A_length_that_fits_or_is_not_known_is_not_reported(string code) => Check("var flow = new Plain(1); " + code);

    [Theory]
    [InlineData("var z = a.Forward(x); _ = b.Inverse({|FLOW1042:z|});")]
    [InlineData("_ = b.Inverse({|FLOW1042:a.Forward(x)|});")]
    [InlineData("float[] z = new float[x.Length]; a.Forward(x, z, default); b.Inverse({|FLOW1042:z|}, x, default);")]
    public Task A_latent_of_another_flow_is_reported(string code) => Check("var a = new Plain(1); var b = new Other(1); " + code, "Inverse of 'Other' is given a latent that 'Plain' made");

    [Theory]
    [InlineData("var z = a.Forward(x); _ = a.Inverse(z);")]
    [InlineData("var z = a.Forward(x); _ = new Plain(2).Inverse(z);")]
    [InlineData("var z = a.Forward(x); z = b.Forward(x); _ = b.Inverse(z);")]
    [InlineData("var z = a.Forward(x); Translate(z); _ = b.Inverse(z);")]
    [InlineData("var z = a.Forward(x); if (x.Length > 3) z = b.Forward(x); _ = b.Inverse(z);")]
    [InlineData("var y = a.Forward(x); _ = b.Forward(y);")]
    [InlineData("IFlow any = b; _ = any.Inverse(a.Forward(x));")]
    public Task A_latent_that_may_be_of_the_same_flow_is_not_reported(string code) => Check("var a = new Plain(1); var b = new Other(1); " + code);

    [Theory]
    [InlineData("var z = flow.Forward(x); _ = flow.Forward({|FLOW1045:z|});", "Forward takes data, but 'flow' made these as latents")]
    [InlineData("flow.Forward(x, x, default); _ = flow.LogProb({|FLOW1045:x|});", "LogProb takes data")]
    [InlineData("var s = flow.Sample(5); _ = flow.Inverse({|FLOW1045:s|});", "Inverse takes latents, but 'flow' made these as data")]
    [InlineData("_ = known.LogProb({|FLOW1045:known.Forward(x)|});", "'known' made these as latents")]
    [InlineData("_ = parameter.Forward({|FLOW1045:parameter.Forward(x)|});", "'parameter' made these as latents")]
    [InlineData("var z = flow.Forward(x); flow.Fit({|FLOW1045:z|});", "Fit takes data")]
    public Task Latents_in_the_place_of_data_are_reported(string code, string message) => Check("var flow = new Plain(1); x = new float[x.Length]; " + code.Replace("x,", "copy,").Replace(":x|", ":copy|").Replace("(x, ", "(copy, ").Insert(0, "var copy = new float[6]; "), message);

    [Theory]
    [InlineData("var z = flow.Forward(x); _ = flow.Inverse(z);")]
    [InlineData("var z = flow.Forward(x); _ = other.Forward(z);")]
    [InlineData("var z = flow.Forward(x); flow = new Plain(3); _ = flow.Forward(z);")]
    [InlineData("var s = flow.Sample(5); _ = flow.LogProb(s);")]
    [InlineData("var z = flow.Forward(x); z[0] = 1; _ = flow.LogProb(z);")]
    [InlineData("_ = Property.LogProb(Property.Forward(x));")]
    [InlineData("var z = parameter.Forward(x); parameter = new M(2); parameter.Initialize(x); _ = parameter.Forward(z);")]
    public Task Data_in_the_place_of_data_is_not_reported(string code) => Check("var flow = new Plain(1); var other = new Plain(2); " + code);

    [Theory]
    [InlineData("_ = flow.Sample(3, 1, {|FLOW1043:-1|});", "temperature is -1; it must be 0 or more")]
    [InlineData("flow.Sample(x, 1, {|FLOW1043:float.NaN|});", "temperature is NaN")]
    [InlineData("_ = flow.Sample(3, temperature: {|FLOW1043:float.PositiveInfinity|});", "temperature is")]
    [InlineData("_ = flow.Sample({|FLOW1043:-3|});", "count is -3")]
    [InlineData("_ = flow.Inverse(x, x, default, new InverseOptions { Step = {|FLOW1043:1.5|} });", "Step is 1.5; it must be above 0 and at most 1")]
    [InlineData("_ = flow.Inverse(x, x, default, new() { Step = 1, Tolerance = {|FLOW1043:0|} });", "Tolerance is 0; it must be above 0")]
    [InlineData("_ = flow.Inverse(x, x, default, new InverseOptions { MaximumIterations = {|FLOW1043:0|} });", "MaximumIterations is 0")]
    [InlineData("IFlow any = flow; const float T = -0.5f; any.Sample(x, 1, {|FLOW1043:T|});", "temperature is -0.5")]
    [InlineData("_ = levels.BitsPerDim(x, {|FLOW1043:0|});", "draws is 0; it must be 1 or more")]
    public Task A_number_out_of_range_is_reported(string code, string message) => Check("var flow = new Plain(1); var levels = new Levels(1); " + code, message);

    [Theory]
    [InlineData("_ = flow.Sample(3, 1, 0);")]
    [InlineData("_ = flow.Sample(0, 1, 2.5f);")]
    [InlineData("_ = flow.Sample(3, 1, -x[0]);")]
    public Task A_number_in_range_is_not_reported(string code) => Check("var flow = new Even(1); " + code);

    [Theory]
    [InlineData("_ = plain.Sample(3, 1, {|FLOW1049:0.5f|});", "Sample at temperature 0.5 does not draw from the density to the power 4, made to integrate to 1: the log-determinant of 'Plain' depends on the sample, by its AffineCoupling")]
    [InlineData("plain.Sample(x, temperature: {|FLOW1049:1.25f|}, seed: 1);", "to the power 0.64")]
    [InlineData("_ = logistic.Sample(3, 1, {|FLOW1049:0.7f|});", "the prior of 'Logistic' is logistic")]
    public Task A_temperature_that_is_no_power_is_advised_against(string code, string message) => Check("var plain = new Plain(1); var logistic = new Logistic(1); " + code, message);

    [Theory]
    [InlineData("_ = even.Sample(3, 1, 0.5f);")]
    [InlineData("_ = plain.Sample(3, 1, 1);")]
    [InlineData("_ = plain.Sample(3, 1, 0);")]
    [InlineData("_ = plain.Sample(3, 1, x[0]);")]
    [InlineData("IFlow any = plain; _ = any.Sample(3, 1, 0.5f);")]
    public Task A_temperature_that_is_one_or_none_is_not(string code) => Check("var plain = new Plain(1); var even = new Even(1); " + code);

    [Theory]
    [InlineData("{|FLOW1044:flow.LogProb(x)|};", "LogProb changes nothing")]
    [InlineData("{|FLOW1044:flow.Sample(3)|};", "Sample")]
    [InlineData("{|FLOW1044:flow.Verify(x)|};", "Verify")]
    [InlineData("IFlow any = flow; {|FLOW1044:any.Score(x)|};", "Score")]
    public Task A_result_that_is_not_used_is_reported(string code, string message) => Check("var flow = new Plain(1); " + code, message);

    [Theory]
    [InlineData("_ = flow.LogProb(x);")]
    [InlineData("flow.Verify(x).ThrowIfFailed();")]
    [InlineData("Action act = () => flow.LogProb(x); act();")]
    [InlineData("flow.Fit(x); flow.LossGradient(x, g); flow.Sample(x, 1);")]
    public Task A_result_that_is_used_is_not_reported(string code) => Check("var flow = new Plain(1); " + code);

    [Theory]
    [InlineData("flow.Initialize(x); {|FLOW1046:flow.Initialize(x)|};")]
    [InlineData("flow.Fit(x); {|FLOW1046:flow.Initialize(x)|};")]
    [InlineData("if (x.Length > 3) flow.Initialize(x); else flow.Fit(x); {|FLOW1046:flow.Initialize(x)|};")]
    public Task A_second_initialisation_is_reported(string code) => Check("var flow = new M(1); " + code, "'flow' is already initialised here");

    [Theory]
    [InlineData("if (x.Length > 3) flow.Initialize(x); flow.Initialize(x);")]
    [InlineData("flow.Initialize(x); flow = new M(2); flow.Initialize(x);")]
    [InlineData("flow.Load(\"a\"); flow.Initialize(x);")]
    [InlineData("flow.Initialize(x); flow.Load(\"a\"); flow.Initialize(x);")]
    public Task A_first_initialisation_is_not_reported(string code) => Check("var flow = new M(1); " + code);

    [Theory]
    [InlineData("_ = {|FLOW1047:new Plain(1).BitsPerDim(x)|};", "'Plain' does not begin with [Dequantize]")]
    [InlineData("_ = {|FLOW1047:new Plain(1).SampleBytes(3)|};", "SampleBytes is for whole numbers")]
    public Task Levels_of_a_flow_without_levels_are_reported(string code, string message) => Check(code, message);

    [Fact]
    public Task Levels_of_a_flow_with_levels_are_not_reported() =>
        Check("_ = new Levels(1).BitsPerDim(x); _ = new Levels(1).SampleBytes(3); IFlow any = new Plain(1); _ = any.BitsPerDim(x);");

    [Theory]
    [InlineData("flow.Initialize({|FLOW1048:new float[3]|});", "'M' is initialised with 1 sample, but ActNorm takes moments")]
    [InlineData("var levels = new Levels(1); levels.Fit(x, new FitOptions { {|FLOW1048:BatchSize = 1|} });", "'Levels' is trained in batches of 1, but BatchNorm")]
    public Task A_batch_of_one_is_reported(string code, string message) => Check("var flow = new M(1); " + code, message);

    [Theory]
    [InlineData("flow.Initialize(new float[6]);")]
    [InlineData("flow.Fit(x, new FitOptions { BatchSize = 1 });")]
    [InlineData("var levels = new Levels(1); levels.Fit(x, new FitOptions { BatchSize = 2 });")]
    public Task A_batch_of_two_is_not_reported(string code) => Check("var flow = new M(1); " + code);

    private static Task Check(string code, params string[] messages) => Markup.Verify(
        Flows + $$"""
            [Flow(3), AffineCoupling(4, Times = 4)] sealed partial class Other;
            class User
            {
                private M field = new M(1);
                private readonly Plain known = new(1);
                private Plain Property => new(2);
                public User(M field) => this.field = field;
                private static void Prepare(IFlow flow, int times = 1) => flow.Initialize(new float[times * 3 * 4]);
                private static void Translate(float[] z) => z[0] += 1;
                private static void Replace(ref float[] a) => a = [];
                private static void Throws<T>(Action action) => action();
                void Use(float[] x, float[] g, M parameter)
                {
                    {{code}}
                }
            }
            """,
        messages);

    [Theory]
    [InlineData("ActNorm, AffineCoupling(4, Times = 3)", "FLOW1040", "FLOW1041")]
    [InlineData("ActNorm, MintPair(Times = 2)", "FLOW1040", "FLOW1041")]
    [InlineData("MintPair, Rescale", "FLOW1041")]
    public async Task Flows_of_other_assemblies_are_known_by_their_attributes(string layers, params string[] rules)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var library = GeneratorHarness.Compile($"/// <summary>A flow.</summary>\n[Flow(2), {layers}] public sealed partial class M;").WithAssemblyName("Library");
        _ = GeneratorHarness.Run(library, out var completed);
        using var image = new MemoryStream();
        Assert.True(completed.Emit(image, cancellationToken: cancellation).Success);
        var user = GeneratorHarness.Compile("class User { void Use() { _ = new M(1).LogProb(new float[3]); } }").AddReferences(MetadataReference.CreateFromImage(image.ToArray()));
        Assert.Equal(rules, (await GeneratorHarness.AnalyzeCompleted(user)).Select(static diagnostic => diagnostic.Id).Order(StringComparer.Ordinal));
    }
}
