using System.Buffers.Binary;
using System.Globalization;
using FlowGen.Onnx.Writing;

namespace FlowGen.Onnx.Building;

/// <summary>Collects the nodes and constants of a graph, and names them: identifiers of C, as ONNX asks for, each once.</summary>
internal sealed class GraphBuilder
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly Dictionary<int, GraphValue> numbers = [];
    private readonly List<ProtobufMessage> constants = [];
    private readonly List<ProtobufMessage> inputs = [];
    private readonly List<ProtobufMessage> outputs = [];
    private List<ProtobufMessage> nodes = [];

    /// <summary>What the names of nodes begin with: the layer that they belong to.</summary>
    public string Scope { get; set; } = "";

    /// <summary>Declares an input.</summary>
    public GraphValue Input(string name, ElementType type, params ReadOnlySpan<Dimension> shape)
    {
        Claim(name);
        inputs.Add(OnnxMessages.Value(name, type, shape));
        return new GraphValue(this, name);
    }

    /// <summary>Declares a scalar input that may be left out.</summary>
    public GraphValue OptionalInput(string name, float otherwise)
    {
        var input = Input(name, ElementType.Single, []);
        constants.Add(OnnxMessages.Tensor(name, ElementType.Single, [], Bytes([otherwise])));
        return input;
    }

    /// <summary>Declares an output.</summary>
    public void Output(string name, GraphValue value, params ReadOnlySpan<Dimension> shape)
    {
        Claim(name);
        nodes.Add(OnnxMessages.Node($"output_{name}", "Identity", [value.Name], [name], []));
        outputs.Add(OnnxMessages.Value(name, ElementType.Single, shape));
    }

    /// <summary>Appends a node with one output.</summary>
    public GraphValue Node(string operation, ReadOnlySpan<GraphValue> operands, params ReadOnlySpan<ProtobufMessage> attributes) =>
        Nodes(operation, 1, operands, attributes)[0];

    /// <summary>Appends a node with several outputs.</summary>
    public GraphValue[] Nodes(string operation, int count, ReadOnlySpan<GraphValue> operands, params ReadOnlySpan<ProtobufMessage> attributes)
    {
        string name = Next(operation.ToLowerInvariant());
        string[] results = count == 1 ? [name] : [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}_output_{i}"))];
        List<string> arguments = [];
        foreach (var operand in operands)
        {
            arguments.Add(operand.Name);
        }

        nodes.Add(OnnxMessages.Node(name, operation, arguments, results, attributes.ToArray()));
        return Array.ConvertAll(results, result => new GraphValue(this, result));
    }

    /// <summary>Builds the body of a node: what it appends stands in the body, and may refer to what stands outside.</summary>
    /// <param name="scalars">Names and types of the body's inputs that have no dimensions.</param>
    /// <param name="inputs">Names and types of the inputs behind them, whose shapes are not said.</param>
    /// <param name="body">From the inputs to the outputs.</param>
    public ProtobufMessage Body(
        ReadOnlySpan<(string Name, ElementType Type)> scalars,
        ReadOnlySpan<(string Name, ElementType Type)> inputs,
        Func<GraphValue[], (GraphValue Value, ElementType Type)[]> body)
    {
        var outside = nodes;
        nodes = [];
        List<ProtobufMessage> taken = [];
        List<GraphValue> values = [];
        for (int i = 0; i < scalars.Length + inputs.Length; i++)
        {
            bool isScalar = i < scalars.Length;
            var (name, type) = isScalar ? scalars[i] : inputs[i - scalars.Length];
            string input = Next(name);
            taken.Add(isScalar ? OnnxMessages.Value(input, type) : OnnxMessages.Unshaped(input, type));
            values.Add(new GraphValue(this, input));
        }

        List<ProtobufMessage> given = [];
        foreach (var (value, type) in body([.. values]))
        {
            // An output must be made in the body, and be no other output.
            var output = Node("Identity", [value]);
            given.Add(OnnxMessages.Unshaped(output.Name, type));
        }

        var graph = OnnxMessages.Graph(Next("body"), nodes, [], taken, given);
        nodes = outside;
        return graph;
    }

    /// <summary>A number.</summary>
    public GraphValue Scalar(double value)
    {
        int bits = BitConverter.SingleToInt32Bits((float)value);
        if (!numbers.TryGetValue(bits, out var scalar))
        {
            scalar = Constant(Next("number"), ElementType.Single, [], Bytes([value]));
            numbers.Add(bits, scalar);
        }

        return scalar;
    }

    /// <summary>A tensor, rounded to single precision.</summary>
    public GraphValue Tensor(string name, ReadOnlySpan<double> values, params ReadOnlySpan<int> shape) =>
        Constant(Next(name), ElementType.Single, shape, Bytes(values));

    /// <summary>A list of integers.</summary>
    public GraphValue Integers(string name, params ReadOnlySpan<int> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(long)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        }

        return Constant(Next(name), ElementType.Int64, [values.Length], bytes);
    }

    /// <summary>A single integer, without dimensions.</summary>
    public GraphValue Integer(string name, long value)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Constant(Next(name), ElementType.Int64, [], bytes);
    }

    /// <summary>A tensor of truth values.</summary>
    public GraphValue Booleans(string name, ReadOnlySpan<bool> values, params ReadOnlySpan<int> shape)
    {
        byte[] bytes = new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            bytes[i] = values[i] ? (byte)1 : (byte)0;
        }

        return Constant(Next(name), ElementType.Boolean, shape, bytes);
    }

    /// <summary>The finished graph.</summary>
    public ProtobufMessage Finish(string name) => OnnxMessages.Graph(Identifier(name), nodes, constants, inputs, outputs);

    /// <summary>Letters, digits and underscores; what else there is becomes underscores.</summary>
    public static string Identifier(string text)
    {
        string identifier = string.Concat(text.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return identifier.Length == 0 || char.IsAsciiDigit(identifier[0]) ? "_" + identifier : identifier;
    }

    /// <summary>Numbers as single-precision bytes.</summary>
    internal static byte[] Bytes(ReadOnlySpan<double> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), (float)values[i]);
        }

        return bytes;
    }

    private GraphValue Constant(string name, ElementType type, ReadOnlySpan<int> shape, byte[] content)
    {
        constants.Add(OnnxMessages.Tensor(name, type, shape, content));
        return new GraphValue(this, name);
    }

    private void Claim(string name)
    {
        if (!names.Add(name))
        {
            throw new InvalidOperationException($"There are two values of the name {name}.");
        }
    }

    private string Next(string name)
    {
        string stem = Identifier(Scope + name);
        string candidate = stem;
        while (!names.Add(candidate))
        {
            int number = counts.GetValueOrDefault(stem) + 1;
            counts[stem] = number;
            candidate = string.Create(CultureInfo.InvariantCulture, $"{stem}_{number}");
        }

        return candidate;
    }
}
