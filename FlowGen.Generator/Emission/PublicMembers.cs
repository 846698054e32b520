using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Emission;

/// <summary>The members that users call. Names of types are written out, since the user's class and its surroundings may hide any short one.</summary>
internal static class PublicMembers
{
    private const string Input = "global::System.ReadOnlySpan<float>";
    private const string Output = "global::System.Span<float>";
    private const string Contract = "global::FlowGen.IFlow";
    private const string Engine = "global::FlowGen.FlowEngine";
    private const string Program = "global::FlowGen.Generated.Program";

    /// <summary>Prints those of a flow, which its engine runs.</summary>
    public static void Write(IndentedTextWriter writer, TypeIdentity type)
    {
        string engine = type.EngineName;
        writer.Line($"private readonly {Engine} {engine};");
        writer.Line();
        WriteConstructor(writer, type, chain: "");
        using (writer.Braces())
        {
            writer.Line($"{engine} = new {Engine}(Description, new {Program}(), seed);");
        }

        foreach (var member in Of(type))
        {
            writer.Line();
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public {member.Modifier}{member.Type} {member.Signature} => {member.Body};");
        }

        writer.Line();
        writer.Line($"{Engine} {Contract}.Engine => {engine};");
    }

    /// <summary>Prints those of a class that is no flow, each of which throws. Where the class has another use for a name, code that knows the class as a flow still finds the member.</summary>
    public static void Write(IndentedTextWriter writer, FlowSurface surface)
    {
        var type = surface.Type;
        string failure = type.EngineName;
        string arguments = string.Join(", ", surface.Errors.Select(static id => Literals.Of(Describe(id))).Prepend(Literals.Of(type.DisplayName)));
        writer.Line($"private static global::FlowGen.FlowDeclarationException {failure} => new({arguments});");
        if (surface.Constructor is { } chain)
        {
            writer.Line();
            WriteConstructor(writer, type, chain);
            using (writer.Braces())
            {
                writer.Line($"throw {failure};");
            }
        }

        foreach (var member in Of(type))
        {
            writer.Line();
            writer.Line("/// <inheritdoc/>");
            writer.Line(surface.Taken.Contains(member.Name)
                ? $"{member.Modifier}{member.Type} {member.Owner}.{member.Signature} => throw {failure};"
                : $"public {member.Modifier}{member.Type} {member.Signature} => throw {failure};");
        }

        writer.Line();
        writer.Line($"{Engine} {Contract}.Engine => throw {failure};");
    }

    /// <summary>A rule with what it says.</summary>
    public static string Describe(string id) => $"{id}: {Descriptors.Get(id).Title}";

    private static void WriteConstructor(IndentedTextWriter writer, TypeIdentity type, string chain)
    {
        writer.Line("/// <summary>A new flow with starting weights drawn from the seed.</summary>");
        writer.Line("/// <param name=\"seed\">The same seed gives the same weights.</param>");
        writer.Line($"public {type.Name}(ulong seed = 0){chain}");
    }

    private static Member[] Of(TypeIdentity type)
    {
        string engine = type.EngineName;
        string self = $"{Contract}<{type.Self}>";
        return
        [
            new("static ", "global::FlowGen.FlowDescription", self, "Description", "", $"{Program}.Description"),
            new("", "global::FlowGen.FlowParameters", Contract, "Parameters", "", $"{engine}.Parameters"),
            new("", "bool", Contract, "IsInitialized", "", $"{engine}.IsInitialized"),
            new("static ", type.Self, self, "Create", "(ulong seed)", "new(seed)"),
            new("", "void", Contract, "Forward", $"({Input} x, {Output} z, {Output} logDet)", $"{engine}.Forward(x, z, logDet)"),
            new("", "void", Contract, "Inverse", $"({Input} z, {Output} x, {Output} logDet)", $"{engine}.Inverse(z, x, logDet)"),
            new("", "void", Contract, "LogProb", $"({Input} x, {Output} logProb)", $"{engine}.LogProb(x, logProb)"),
            new("", "void", Contract, "Sample", $"({Output} x, ulong seed, float temperature = 1)", $"{engine}.Sample(x, seed, temperature)"),
            new("", "double", Contract, "LossGradient", $"({Input} x, {Output} gradient, global::FlowGen.GradientOptions? options = null)", $"{engine}.LossGradient(x, gradient, options)"),
            new("", "void", Contract, "Pullback", $"({Input} x, {Input} gradZ, {Input} gradLogDet, {Output} gradX, {Output} gradient)", $"{engine}.Pullback(x, gradZ, gradLogDet, gradX, gradient)"),
            new("", "void", Contract, "Initialize", $"({Input} x)", $"{engine}.Initialize(x)"),
        ];
    }

    /// <param name="Modifier">Static, or nothing.</param>
    /// <param name="Type">What it returns.</param>
    /// <param name="Owner">The interface that asks for it.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Parameters">Its parameters with their parentheses; a property has none.</param>
    /// <param name="Body">What it does in a flow.</param>
    private sealed record Member(string Modifier, string Type, string Owner, string Name, string Parameters, string Body)
    {
        public string Signature => Name + Parameters;
    }
}
