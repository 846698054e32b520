using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Emission;

/// <summary>The members that users call, and the description of the flow.</summary>
internal static class PublicMembers
{
    private const string Input = "global::System.ReadOnlySpan<float>";
    private const string Output = "global::System.Span<float>";

    /// <summary>Prints the members.</summary>
    public static void Write(IndentedTextWriter writer, FlowModel flow)
    {
        string suffix = flow.Type.PrivateSuffix;
        string engine = "engine" + suffix;
        writer.Line($"private readonly global::FlowGen.FlowEngine {engine};");
        writer.Line();
        writer.Line("/// <summary>A new flow with starting weights drawn from the seed.</summary>");
        writer.Line("/// <param name=\"seed\">The same seed gives the same weights.</param>");
        writer.Line($"public {flow.Type.Name}(ulong seed = 0)");
        using (writer.Braces())
        {
            writer.Line($"{engine} = new global::FlowGen.FlowEngine(Description, this, seed);");
        }

        Member(writer, $"public static global::FlowGen.FlowDescription Description => Declared{suffix}.Description;");
        Member(writer, $"public global::FlowGen.FlowParameters Parameters => {engine}.Parameters;");
        Member(writer, $"public bool IsInitialized => {engine}.IsInitialized;");
        Member(writer, $"public static {flow.Type.Self} Create(ulong seed) => new(seed);");
        Member(writer, $"public void Forward({Input} x, {Output} z, {Output} logDet) => {engine}.Forward(x, z, logDet);");
        Member(writer, $"public void Inverse({Input} z, {Output} x, {Output} logDet) => {engine}.Inverse(z, x, logDet);");
        Member(writer, $"public void LogProb({Input} x, {Output} logProb) => {engine}.LogProb(x, logProb);");
        Member(writer, $"public void Sample({Output} x, ulong seed, float temperature = 1) => {engine}.Sample(x, seed, temperature);");
        Member(writer, $"public double LossGradient({Input} x, {Output} gradient, global::FlowGen.GradientOptions? options = null) => {engine}.LossGradient(x, gradient, options);");
        Member(writer, $"public void Pullback({Input} x, {Input} gradZ, {Input} gradLogDet, {Output} gradX, {Output} gradient) => {engine}.Pullback(x, gradZ, gradLogDet, gradX, gradient);");
        Member(writer, $"public void Initialize({Input} x) => {engine}.Initialize(x);");
        writer.Line();
        writer.Line($"global::FlowGen.FlowEngine global::FlowGen.IFlow.Engine => {engine};");
        WriteDescription(writer, flow, suffix);
    }

    private static void Member(IndentedTextWriter writer, string declaration)
    {
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line(declaration);
    }

    private static void WriteDescription(IndentedTextWriter writer, FlowModel flow, string suffix)
    {
        writer.Line();
        writer.Line("// The flow as data, made when it is first asked for.");
        writer.Line($"private static class Declared{suffix}");
        using (writer.Braces())
        {
            writer.Line("internal static readonly global::FlowGen.FlowDescription Description = Describe();");
            writer.Line();
            writer.Line("private static global::FlowGen.FlowDescription Describe()");
            using (writer.Braces())
            {
                int count = flow.Layers.Count;
                writer.Line($"var layers = new global::FlowGen.LayerDescription[{Literals.Of(count)}];");
                writer.Line($"for (int layer = 0; layer < {Literals.Of(count)}; layer++)");
                using (writer.Braces())
                {
                    writer.Line("layers[layer] = layer switch");
                    using (writer.Braces(";"))
                    {
                        new LayerSwitch(flow.Layers).Arms(writer, [.. flow.Layers.Select(Construct)]);
                    }
                }

                writer.Line();
                writer.Line($"return new global::FlowGen.FlowDescription({Literals.Of(flow.Type.DisplayName)}, {flow.Shape.Code}, global::FlowGen.Prior.{flow.Prior},");
                using (writer.Indent())
                {
                    writer.Line("[");
                    using (writer.Indent())
                    {
                        writer.Lines(flow.Facts.Select(static fact => Literals.Of(fact) + ","));
                    }

                    writer.Line("],");
                    writer.Line("layers);");
                }
            }
        }
    }

    private static string Construct(PlacedLayer layer)
    {
        var c = layer.Layer.Certificate;
        return $"new global::FlowGen.Layers.{layer.Layer.Name}Layer({layer.Layer.DescriptionArguments(layer.Shape)}, " +
            $"new global::FlowGen.LayerCertificate({Literals.Of(c.Structure)}, {Literals.Of(c.Diagonal)}, {Literals.Of(c.LogDet)}, {Literals.Of(c.Inverse)}))";
    }
}
