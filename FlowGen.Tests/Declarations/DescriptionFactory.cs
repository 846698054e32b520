using System.Globalization;
using System.Reflection;
using FlowGen.Generator.Emission;
using FlowGen.Generator.Model;

namespace FlowGen.Tests.Declarations;

/// <summary>
/// The description of a verified flow without compiling it: the constructor calls that the generator would print are read and made. Held against compiled descriptions by
/// <see cref="DeclarationOracleTests"/>.
/// </summary>
internal static class DescriptionFactory
{
    /// <summary>The description.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="functions">The functions that its layers name, in double precision.</param>
    public static FlowDescription Create(FlowModel flow, IReadOnlyList<RandomFunction> functions) => new(
        flow.Type.DisplayName,
        (FlowGen.EventShape)Value(flow.Shape.Code, typeof(FlowGen.EventShape)),
        (FlowGen.Prior)flow.Prior,
        flow.Facts,
        flow.Layers.Select(layer => Create(layer, functions)));

    private static LayerDescription Create(PlacedLayer layer, IReadOnlyList<RandomFunction> functions)
    {
        if (layer.Layer is FlowGen.Generator.Layers.ElementwiseLayer { Method: { } method, Proven: { } proof })
        {
            var function = functions.Single(function => function.Name == method.Name);
            return new FlowGen.Layers.ElementwiseLayer(
                layer.Shape.Channels,
                FlowGen.Layers.ScalarFunctionDescription.Of<NotCompiled>(method.Name, proof.Sign > 0, proof.Slope.Low, proof.Slope.High, proof.Smoothness, function.Value, x => Math.Log(Math.Abs(function.Slope(x)))),
                CertificateOf(layer));
        }

        if (layer.Layer is FlowGen.Generator.Layers.SumLayer sum)
        {
            var direction = sum.Direction ?? default;
            LayerDescription[] Module(IEnumerable<FlowGen.Generator.Layers.LayerModel> module) => [.. module.Select(inner => Create(layer with { Layer = inner }, functions))];
            return new FlowGen.Layers.SumLayer(
                layer.Shape.Size, (FlowGen.Triangle)direction.Triangle, (FlowGen.TriangularOrder)direction.Order,
                sum.FirstWeight, Module(sum.First), sum.SecondWeight, Module(sum.Second), CertificateOf(layer));
        }

        var arguments = Split(Place.Resolve(layer.Layer.DescriptionArguments(layer.Shape), layer, second: null, instance: "0"));
        var constructor = typeof(LayerDescription).Assembly.GetType($"FlowGen.Layers.{layer.Layer.DescriptionType}", throwOnError: true)!
            .GetConstructors(BindingFlags.Instance | BindingFlags.Public).Single(constructor => Takes(constructor.GetParameters(), arguments));
        var parameters = constructor.GetParameters();
        return (LayerDescription)constructor.Invoke(
            [.. arguments.Select((text, i) => Value(text, parameters[i].ParameterType)), CertificateOf(layer)]);
    }

    private static LayerCertificate CertificateOf(PlacedLayer layer)
    {
        var c = layer.Layer.Certificate;
        return new(c.Structure, c.Diagonal, c.LogDet, c.Inverse);
    }

    // Overloads differ in the enumerations and descriptions that they take.
    private static bool Takes(ParameterInfo[] parameters, List<string> arguments) =>
        parameters.Length == arguments.Count + 1
        && arguments.Zip(parameters).All(static pair => !pair.Second.ParameterType.IsEnum || pair.First.StartsWith(pair.Second.ParameterType.Name + ".", StringComparison.Ordinal))
        && arguments.Zip(parameters).All(static pair => pair.Second.ParameterType.IsEnum || pair.Second.ParameterType.IsPrimitive || pair.Second.ParameterType.IsArray || pair.Second.ParameterType == typeof(FlowGen.EventShape));

    private static object Value(string text, Type type)
    {
        if (text.StartsWith("EventShape.", StringComparison.Ordinal))
        {
            string name = text[11..text.IndexOf('(', StringComparison.Ordinal)];
            object[] lengths = [.. Split(text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..^1]).Select(static length => (object)int.Parse(length, CultureInfo.InvariantCulture))];
            return typeof(FlowGen.EventShape).GetMethod(name)!.Invoke(null, lengths)!;
        }

        if (text[0] == '[')
        {
            return Split(text[1..^1]).Select(static item => int.Parse(item, CultureInfo.InvariantCulture)).ToArray();
        }

        return type.IsEnum ? Enum.Parse(type, text[(text.IndexOf('.', StringComparison.Ordinal) + 1)..]) : Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
    }

    private static List<string> Split(string text)
    {
        var parts = new List<string>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] is '[' or '(' ? 1 : text[i] is ']' or ')' ? -1 : 0;
            if (text[i] == ',' && depth == 0)
            {
                parts.Add(text[from..i].Trim());
                from = i + 1;
            }
        }

        if (from < text.Length)
        {
            parts.Add(text[from..].Trim());
        }

        return parts;
    }
}
