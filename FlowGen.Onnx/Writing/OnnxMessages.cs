namespace FlowGen.Onnx.Writing;

/// <summary>The messages of ONNX that graphs are made of, by the numbers that their fields have there (onnx.proto, IR version 8).</summary>
internal static class OnnxMessages
{
    /// <summary>The version of the format, that of operator set 17.</summary>
    private const int IrVersion = 8;

    private enum AttributeType
    {
        Float = 1,
        Int = 2,
        Tensor = 4,
        Graph = 5,
        Ints = 7,
    }

    /// <summary>A ModelProto.</summary>
    public static ProtobufMessage Model(ProtobufMessage graph, string producer, string version, string text, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var operators = new ProtobufMessage();
        operators.Add(1, "");
        operators.Add(2, FlowOnnx.OperatorSet);
        var model = new ProtobufMessage();
        model.Add(1, IrVersion);
        model.Add(2, producer);
        model.Add(3, version);
        model.Add(6, text);
        model.Add(7, graph);
        model.Add(8, operators);
        foreach (var (key, value) in metadata)
        {
            var entry = new ProtobufMessage();
            entry.Add(1, key);
            entry.Add(2, value);
            model.Add(14, entry);
        }

        return model;
    }

    /// <summary>A GraphProto.</summary>
    public static ProtobufMessage Graph(
        string name, IEnumerable<ProtobufMessage> nodes, IEnumerable<ProtobufMessage> constants, IEnumerable<ProtobufMessage> inputs, IEnumerable<ProtobufMessage> outputs)
    {
        var graph = new ProtobufMessage();
        Add(graph, 1, nodes);
        graph.Add(2, name);
        Add(graph, 5, constants);
        Add(graph, 11, inputs);
        Add(graph, 12, outputs);
        return graph;
    }

    /// <summary>A NodeProto.</summary>
    public static ProtobufMessage Node(string name, string operation, IEnumerable<string> inputs, IEnumerable<string> outputs, IEnumerable<ProtobufMessage> attributes)
    {
        var node = new ProtobufMessage();
        foreach (string input in inputs)
        {
            node.Add(1, input);
        }

        foreach (string output in outputs)
        {
            node.Add(2, output);
        }

        node.Add(3, name);
        node.Add(4, operation);
        Add(node, 5, attributes);
        return node;
    }

    /// <summary>An AttributeProto that is an integer.</summary>
    public static ProtobufMessage Attribute(string name, long value)
    {
        var attribute = Attribute(name, AttributeType.Int);
        attribute.Add(3, value);
        return attribute;
    }

    /// <summary>An AttributeProto that is a number.</summary>
    public static ProtobufMessage Attribute(string name, float value)
    {
        var attribute = Attribute(name, AttributeType.Float);
        attribute.Add(2, value);
        return attribute;
    }

    /// <summary>An AttributeProto that is a list of integers.</summary>
    public static ProtobufMessage ListAttribute(string name, params ReadOnlySpan<int> values)
    {
        var attribute = Attribute(name, AttributeType.Ints);
        foreach (int value in values)
        {
            attribute.Add(8, value);
        }

        return attribute;
    }

    /// <summary>An AttributeProto that is a tensor.</summary>
    public static ProtobufMessage TensorAttribute(string name, ProtobufMessage tensor)
    {
        var attribute = Attribute(name, AttributeType.Tensor);
        attribute.Add(5, tensor);
        return attribute;
    }

    /// <summary>An AttributeProto that is a graph.</summary>
    public static ProtobufMessage GraphAttribute(string name, ProtobufMessage graph)
    {
        var attribute = Attribute(name, AttributeType.Graph);
        attribute.Add(6, graph);
        return attribute;
    }

    /// <summary>A TensorProto.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="shape">The lengths of its dimensions; none for a scalar.</param>
    /// <param name="content">The elements, row-major, the lowest byte of each first.</param>
    public static ProtobufMessage Tensor(string name, ElementType type, ReadOnlySpan<int> shape, ReadOnlyMemory<byte> content)
    {
        var tensor = new ProtobufMessage();
        foreach (int length in shape)
        {
            tensor.Add(1, length);
        }

        tensor.Add(2, (long)type);
        tensor.Add(8, name);
        tensor.Add(9, content);
        return tensor;
    }

    /// <summary>A ValueInfoProto: the name, type and shape of an input or output.</summary>
    public static ProtobufMessage Value(string name, ElementType type, params ReadOnlySpan<Dimension> shape)
    {
        var dimensions = new ProtobufMessage();
        foreach (var dimension in shape)
        {
            var one = new ProtobufMessage();
            if (dimension.Name is null)
            {
                one.Add(1, dimension.Length);
            }
            else
            {
                one.Add(2, dimension.Name);
            }

            dimensions.Add(1, one);
        }

        var tensor = new ProtobufMessage();
        tensor.Add(1, (long)type);
        tensor.Add(2, dimensions);
        var form = new ProtobufMessage();
        form.Add(1, tensor);
        var value = new ProtobufMessage();
        value.Add(1, name);
        value.Add(2, form);
        return value;
    }

    /// <summary>A ValueInfoProto without a shape.</summary>
    public static ProtobufMessage Unshaped(string name, ElementType type)
    {
        var tensor = new ProtobufMessage();
        tensor.Add(1, (long)type);
        var form = new ProtobufMessage();
        form.Add(1, tensor);
        var value = new ProtobufMessage();
        value.Add(1, name);
        value.Add(2, form);
        return value;
    }

    private static ProtobufMessage Attribute(string name, AttributeType type)
    {
        var attribute = new ProtobufMessage();
        attribute.Add(1, name);
        attribute.Add(20, (long)type);
        return attribute;
    }

    private static void Add(ProtobufMessage message, int field, IEnumerable<ProtobufMessage> values)
    {
        foreach (var value in values)
        {
            message.Add(field, value);
        }
    }
}
