using System.Globalization;
using FlowGen.Tests.Flows;
using Shape = FlowGen.Generator.Model.EventShape;

namespace FlowGen.Tests.Declarations;

/// <summary>A declared flow: sound, or with one fault of a known kind.</summary>
/// <param name="Name">The class.</param>
/// <param name="Head">The argument of <c>[Flow]</c>.</param>
/// <param name="Shape">The shape of a sample.</param>
/// <param name="Data">What the flow takes.</param>
/// <param name="Layers">The attributes, in order.</param>
/// <param name="Fault">What is broken; null if nothing is.</param>
internal sealed record RandomDeclaration(string Name, string Head, Shape Shape, FlowData Data, IReadOnlyList<string> Layers, Fault? Fault = null)
{
    /// <summary>The number of coordinates.</summary>
    public int Size => Shape.Size;

    /// <summary>The shapes before each of <see cref="Layers"/>, where they change; empty where they do not.</summary>
    public IReadOnlyList<Shape> Shapes { get; init; } = [];

    /// <summary>The attributes of a step that the flow repeats, if it has one.</summary>
    public IReadOnlyList<string> Step { get; init; } = [];

    /// <summary>The attributes of the steps that its sums add.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Modules { get; init; } = [];

    /// <summary>Functions of its own that its layers name.</summary>
    public IReadOnlyList<RandomFunction> Functions { get; init; } = [];

    /// <summary>The words in front of the class.</summary>
    public string Modifiers { get; init; } = "internal sealed partial";

    /// <summary>The name of its step.</summary>
    public string StepName => Name + "Step";

    /// <summary>The same under another name, with a step of its own.</summary>
    public RandomDeclaration Renamed(string name) => this with
    {
        Name = name,
        Layers = [.. Layers.Select(layer => layer.Replace($"<{StepName}>", $"<{name}Step>", StringComparison.Ordinal).Replace($"{Name}Module", $"{name}Module", StringComparison.Ordinal))],
        Modules = [.. Modules.Select(module => (string[])[.. module.Select(layer => layer.Replace($"{Name}Module", $"{name}Module", StringComparison.Ordinal))])],
    };

    /// <summary>The name of a step that a sum adds.</summary>
    public string ModuleName(int index) => string.Create(CultureInfo.InvariantCulture, $"{Name}Module{index}");

    /// <summary>The shape of the input of what stands at a position of <see cref="Layers"/>.</summary>
    public Shape ShapeAt(int position) => Shapes.Count == 0 ? Shape : Shapes[Math.Min(position, Shapes.Count - 1)];

    /// <summary>The declaration as C#.</summary>
    public string Source
    {
        get
        {
            string step = Step.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"[FlowStep]\n[{string.Join(", ", Step)}]\ninternal sealed class {StepName};\n");
            string layers = Layers.Count == 0 ? "" : $"[{string.Join(", ", Layers)}]\n";
            string functions = string.Concat(Functions.Select(static function => function.Code));
            string members = Functions.Count == 0 ? ";" : $"\n{{\n{functions}}}";
            string modules = string.Concat(Modules.Select((module, i) => $"[FlowStep]\n[{string.Join(", ", module)}]\ninternal sealed class {ModuleName(i)} {{ internal static float Fall(float x) => -2f * x;{(module.Any(static layer => layer.Contains("nameof", StringComparison.Ordinal)) ? "\n" + functions : " ")}}}\n"));
            return $"{step}{modules}[Flow({Head})]\n{layers}{Modifiers} class {Name}{members}\n";
        }
    }
}
