using FlowGen.Generator.Model;

namespace FlowGen.Generator.Emission;

/// <summary>The members that users call. Names of types are written out, since the user's class and its surroundings may hide any short one.</summary>
internal static class PublicMembers
{
    private const string Input = "global::System.ReadOnlySpan<float>";
    private const string Output = "global::System.Span<float>";
    private const string Program = "global::FlowGen.Generated.Program";

    /// <summary>Prints the members.</summary>
    public static void Write(IndentedTextWriter writer, TypeIdentity type)
    {
        string engine = type.EngineName;
        writer.Line($"private readonly global::FlowGen.FlowEngine {engine};");
        writer.Line();
        writer.Line("/// <summary>A new flow with starting weights drawn from the seed.</summary>");
        writer.Line("/// <param name=\"seed\">The same seed gives the same weights.</param>");
        writer.Line($"public {type.Name}(ulong seed = 0)");
        using (writer.Braces())
        {
            writer.Line($"{engine} = new global::FlowGen.FlowEngine(Description, new {Program}(), seed);");
        }

        Member(writer, $"public static global::FlowGen.FlowDescription Description => {Program}.Description;");
        Member(writer, $"public global::FlowGen.FlowParameters Parameters => {engine}.Parameters;");
        Member(writer, $"public bool IsInitialized => {engine}.IsInitialized;");
        Member(writer, $"public static {type.Self} Create(ulong seed) => new(seed);");
        Member(writer, $"public void Forward({Input} x, {Output} z, {Output} logDet) => {engine}.Forward(x, z, logDet);");
        Member(writer, $"public void Inverse({Input} z, {Output} x, {Output} logDet) => {engine}.Inverse(z, x, logDet);");
        Member(writer, $"public void LogProb({Input} x, {Output} logProb) => {engine}.LogProb(x, logProb);");
        Member(writer, $"public void Sample({Output} x, ulong seed, float temperature = 1) => {engine}.Sample(x, seed, temperature);");
        Member(writer, $"public double LossGradient({Input} x, {Output} gradient, global::FlowGen.GradientOptions? options = null) => {engine}.LossGradient(x, gradient, options);");
        Member(writer, $"public void Pullback({Input} x, {Input} gradZ, {Input} gradLogDet, {Output} gradX, {Output} gradient) => {engine}.Pullback(x, gradZ, gradLogDet, gradX, gradient);");
        Member(writer, $"public void Initialize({Input} x) => {engine}.Initialize(x);");
        writer.Line();
        writer.Line($"global::FlowGen.FlowEngine global::FlowGen.IFlow.Engine => {engine};");
    }

    private static void Member(IndentedTextWriter writer, string declaration)
    {
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line(declaration);
    }
}
