using FlowGen.Onnx.Writing;

namespace FlowGen.Onnx.Building;

/// <summary>Shapes, parts and sums as nodes. The first dimension, that of the samples, is left alone.</summary>
internal static class Shaping
{
    extension(GraphValue x)
    {
        /// <summary>Other dimensions behind the first.</summary>
        public GraphValue Reshape(params ReadOnlySpan<int> shape) => x.Graph.Node("Reshape", [x, x.Graph.Integers("shape", [0, .. shape])]);

        /// <summary>The dimensions of a sample.</summary>
        public GraphValue Reshape(EventShape shape) => shape.IsImage ? x.Reshape(shape.Channels, shape.Height, shape.Width) : x.Reshape(shape.Size);

        /// <summary>The dimensions in another order.</summary>
        public GraphValue Transpose(params ReadOnlySpan<int> order) => x.Graph.Node("Transpose", [x], OnnxMessages.ListAttribute("perm", order));

        /// <summary>Some of the coordinates of a vector, or of the channels of an image, in an order.</summary>
        public GraphValue Take(ReadOnlySpan<int> rows)
        {
            if (StepOf(rows) is { } step)
            {
                var graph = x.Graph;
                return graph.Node(
                    "Slice",
                    [x, graph.Integers("starts", rows[0]), graph.Integers("ends", rows[^1] + 1), graph.Integers("axes", 1), graph.Integers("steps", step)]);
            }

            return x.Graph.Node("Gather", [x, x.Graph.Integers("rows", rows)], OnnxMessages.Attribute("axis", 1L));
        }

        /// <summary>Coordinates or channels from the first to before the last.</summary>
        public GraphValue Between(int first, int end) => x.Take([.. Enumerable.Range(first, end - first)]);

        /// <summary>The sum over all dimensions but the first.</summary>
        public GraphValue SumOfSample(bool isImage) => x.Graph.Node(
            "ReduceSum", [x, x.Graph.Integers("axes", isImage ? [1, 2, 3] : [1])], OnnxMessages.Attribute("keepdims", 0L));

        /// <summary>x W^T + b of every sample.</summary>
        public GraphValue Gemm(GraphValue weight, GraphValue bias) => x.Graph.Node("Gemm", [x, weight, bias], OnnxMessages.Attribute("transB", 1L));

        /// <summary>A convolution, with zeros around the image, whose output has its size.</summary>
        public GraphValue Convolve(GraphValue weight, GraphValue? bias, int kernel, int groups = 1)
        {
            int reach = kernel / 2;
            return x.Graph.Node(
                "Conv",
                bias is null ? [x, weight] : [x, weight, bias],
                OnnxMessages.ListAttribute("kernel_shape", kernel, kernel),
                OnnxMessages.ListAttribute("pads", reach, reach, reach, reach),
                OnnxMessages.Attribute("group", groups));
        }
    }

    /// <summary>Coordinates or channels one behind the other.</summary>
    public static GraphValue Join(params ReadOnlySpan<GraphValue> parts) =>
        parts.Length == 1 ? parts[0] : parts[0].Graph.Node("Concat", parts, OnnxMessages.Attribute("axis", 1L));

    // The distance of rows that are evenly spaced, and ascend.
    private static int? StepOf(ReadOnlySpan<int> rows)
    {
        int step = rows.Length > 1 ? rows[1] - rows[0] : 1;
        for (int i = 1; i < rows.Length; i++)
        {
            if (rows[i] - rows[i - 1] != step)
            {
                return null;
            }
        }

        return step > 0 ? step : null;
    }
}
